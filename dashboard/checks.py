"""System checks of the database: what works, and slower than it could."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 -- Django's own name
from django.db import connections

from dashboard.models.indexing import TextIndex

# Of the tables that are searched: those that have a column of texts, and no index of it, which a migration makes.
_QUERY = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ANY(%s) AND column_name = 'text' AND NOT EXISTS (
        SELECT 1 FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename = table_name AND indexdef LIKE '%%gin_trgm_ops%%'
    )
"""
_SEARCHED = {"dashboard_change": "history", "dashboard_mirrorednumber": "mirror"}


@register(Tags.database)
def check_search(
    app_configs: Sequence[Any] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ANN401 -- Django's signature
) -> list[CheckMessage]:
    """Whether PostgreSQL has the indexes that texts are searched by (`dashboard.models.searching`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute(_QUERY, [list(_SEARCHED)])
            lacking = sorted(name for (name,) in cursor.fetchall())
        found += map(_reads_all, lacking)
    return found


def _reads_all(table: str) -> Warning:
    index = TextIndex(table=table, name=f"{table.removesuffix('number')}_text")
    return Warning(
        f"Searching the {_SEARCHED[table]} reads all of it, since the extension pg_trgm could not be made.",
        hint=f"Let an administrator of the database run: CREATE EXTENSION pg_trgm; {index.postgresql};",
        id="e164web.W001",
    )
