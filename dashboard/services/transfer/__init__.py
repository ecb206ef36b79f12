"""In and out: texts with records become the preview of a job, and what a search finds becomes a file."""

from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.fetching import fetch
from dashboard.services.transfer.files import KINDS, NO_KIND, export
from dashboard.services.transfer.keeping import find, keep, latest, problems_of, sample_of, too_large
from dashboard.services.transfer.lines import field_name
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.preparing import prepare_import
from dashboard.services.transfer.starting import asks_for_columns, choose, start_preview

__all__ = [
    "KINDS",
    "NO_KIND",
    "Options",
    "Unreadable",
    "asks_for_columns",
    "choose",
    "export",
    "fetch",
    "field_name",
    "find",
    "keep",
    "latest",
    "prepare_import",
    "problems_of",
    "sample_of",
    "start_preview",
    "too_large",
]
