"""The mirror: what registries said last, refreshed in the background, and the pages that are read from it."""

from dashboard.services.mirror.here import refresh_here
from dashboard.services.mirror.overview import Bar, Overview, overview
from dashboard.services.mirror.reading import MirroredRecords, list_numbers, mirrored_number
from dashboard.services.mirror.wanting import (
    Freshness,
    freshness,
    is_any_lost,
    note_use,
    take_up,
    want,
    want_at_home,
    want_what_is_old,
)

__all__ = [
    "Bar",
    "Freshness",
    "MirroredRecords",
    "Overview",
    "freshness",
    "is_any_lost",
    "list_numbers",
    "mirrored_number",
    "note_use",
    "overview",
    "refresh_here",
    "take_up",
    "want",
    "want_at_home",
    "want_what_is_old",
]
