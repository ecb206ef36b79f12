"""A credential's numbers: listed, searched, read live with their records, and written as people write them."""

from dashboard.services.fingerprints import fingerprint, is_of
from dashboard.services.numbers.notes import NoteConflict, note_of, write_note
from dashboard.services.numbers.reading import (
    DEFAULT_SORT,
    PAGE_SIZE,
    RECORDS_SHOWN,
    Listing,
    NumberList,
    NumberRecords,
    NumberRow,
    list_numbers,
    look,
    read_number,
    records_of,
    see_number,
    show_number,
)

__all__ = [
    "DEFAULT_SORT",
    "PAGE_SIZE",
    "RECORDS_SHOWN",
    "Listing",
    "NoteConflict",
    "NumberList",
    "NumberRecords",
    "NumberRow",
    "fingerprint",
    "is_of",
    "list_numbers",
    "look",
    "note_of",
    "read_number",
    "records_of",
    "see_number",
    "show_number",
    "write_note",
]
