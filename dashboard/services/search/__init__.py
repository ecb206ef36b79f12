"""All that the mirror has, searched at once, in one language for pages, the API and the shell (docs/search.md)."""

from dashboard.services.search.finding import NumberPage, Search, count_of, find, page_of
from dashboard.services.search.language import DNS_STATES, SYSTEMS, Query, QueryError, parse
from dashboard.services.search.saving import (
    NameTaken,
    remove_search,
    rename_search,
    save_search,
    saved_search,
    saved_searches,
)

__all__ = [
    "DNS_STATES",
    "SYSTEMS",
    "NameTaken",
    "NumberPage",
    "Query",
    "QueryError",
    "Search",
    "count_of",
    "find",
    "page_of",
    "parse",
    "remove_search",
    "rename_search",
    "save_search",
    "saved_search",
    "saved_searches",
]
