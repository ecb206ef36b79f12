"""The history: what is known about every write."""

from dashboard.services.history.exporting import COLUMNS, STORED, rows
from dashboard.services.history.finding import ChangePage, Related, Wanted, find, page_of, related
from dashboard.services.history.lately import NumberHistory, history_of
from dashboard.services.history.mirroring import note_dns
from dashboard.services.history.seeing import Look, notice, notice_all
from dashboard.services.history.settling import (
    BUSY,
    applied,
    number_lock,
    read_back,
    settle,
    settle_alone,
    settled,
    writing_alone,
)

__all__ = [
    "BUSY",
    "COLUMNS",
    "STORED",
    "ChangePage",
    "Look",
    "NumberHistory",
    "Related",
    "Wanted",
    "applied",
    "find",
    "history_of",
    "note_dns",
    "notice",
    "notice_all",
    "number_lock",
    "page_of",
    "read_back",
    "related",
    "rows",
    "settle",
    "settle_alone",
    "settled",
    "writing_alone",
]
