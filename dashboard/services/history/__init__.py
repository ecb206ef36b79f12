"""The history: what is known about every write."""

from dashboard.services.history.exporting import COLUMNS, STORED, rows
from dashboard.services.history.finding import ChangePage, Related, Wanted, find, page_of, related
from dashboard.services.history.lately import NumberHistory, history_of
from dashboard.services.history.seeing import notice
from dashboard.services.history.settling import (
    BUSY,
    applied,
    number_lock,
    read_back,
    settle,
    settle_alone,
    settled,
)

__all__ = [
    "BUSY",
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
    "number_lock",
    "page_of",
    "read_back",
    "related",
    "rows",
    "settle",
    "settle_alone",
    "settled",
]
