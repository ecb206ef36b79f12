"""The history: what is known about every write."""

from dashboard.services.history.lately import NumberHistory, history_of
from dashboard.services.history.seeing import notice
from dashboard.services.history.settling import applied, read_back, settle, settled

__all__ = ["NumberHistory", "applied", "history_of", "notice", "read_back", "settle", "settled"]
