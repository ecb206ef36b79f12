"""The history: what is known about every write."""

from dashboard.services.history.exporting import COLUMNS, STORED, rows
from dashboard.services.history.finding import ChangePage, Related, Wanted, find, page_of, related
from dashboard.services.history.lately import NumberHistory, history_of
from dashboard.services.history.seeing import notice
from dashboard.services.history.settling import applied, read_back, settle, settled

__all__ = [
    "COLUMNS",
    "STORED",
    "ChangePage",
    "NumberHistory",
    "Related",
    "Wanted",
    "applied",
    "find",
    "history_of",
    "notice",
    "page_of",
    "read_back",
    "related",
    "rows",
    "settle",
    "settled",
]
