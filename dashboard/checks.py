"""System checks of the database: what works, and slower than it could."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 -- Django's own name
from django.db import connections

# Whether the column is there, which the migration makes together with the index; and whether the index is.
_QUERY = """
    SELECT
        EXISTS (SELECT 1 FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = 'dashboard_change' AND column_name = 'text'),
        EXISTS (SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'dashboard_change_text')
"""


@register(Tags.database)
def check_search(
    app_configs: Sequence[Any] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ANN401 -- Django's signature
) -> list[CheckMessage]:
    """Whether PostgreSQL has the index that the history is searched by (`dashboard.models.searching`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute(_QUERY)
            has_texts, has_index = cursor.fetchone()
        if has_texts and not has_index:
            found.append(
                Warning(
                    "Searching the history reads all of it, since the extension pg_trgm could not be made.",
                    hint=(
                        "Let an administrator of the database run: CREATE EXTENSION pg_trgm; CREATE INDEX "
                        "dashboard_change_text ON dashboard_change USING gin (text gin_trgm_ops) "
                        "WITH (fastupdate = off);"
                    ),
                    id="e164web.W001",
                )
            )
    return found
