"""The audit trail: what happened that is no change of records, by whom and from where."""

from dashboard.services.audit.exporting import COLUMNS, rows
from dashboard.services.audit.finding import Wanted, find
from dashboard.services.audit.noting import note
from dashboard.services.audit.origin import asked_from
from dashboard.services.audit.verifying import Broken, Trail, accept_end, verify
from dashboard.services.audit.words import EVENTS, called

__all__ = [
    "COLUMNS",
    "EVENTS",
    "Broken",
    "Trail",
    "Wanted",
    "accept_end",
    "asked_from",
    "called",
    "find",
    "note",
    "rows",
    "verify",
]
