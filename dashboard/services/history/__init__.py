"""The history: what is known about every write."""

from dashboard.services.history.settling import applied, open_changes, read_back, settle, settled

__all__ = ["applied", "open_changes", "read_back", "settle", "settled"]
