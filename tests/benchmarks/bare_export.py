"""The bare query of the history with its JSON: `python -m tests.benchmarks.bare_export` prints its seconds."""

import json
import os
import sys
import time

import django

COLUMNS = (
    *("id", "created_at", "person", "credential_label", "registry_name", "command", "number", "record_id"),
    *("outcome", "settled_at", "words", "reason", "batch", "undoes_id", "before", "after"),
)
STORED = 2  # columns with JSON
AT_ONCE = 1_000  # rows


def export() -> None:
    """Write every change as a line of JSON, in one query that is read row by row."""
    from django.db import connection, transaction

    query = f"SELECT {', '.join(COLUMNS[:-STORED])}, before, after FROM dashboard_change ORDER BY id"  # noqa: S608
    with transaction.atomic(), open(os.devnull, "w") as out, connection.chunked_cursor() as cursor:  # noqa: PTH123
        cursor.execute(query)
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                records = (json.loads(one) if isinstance(one, str) else one for one in row[-STORED:])
                values = [*row[:-STORED], *records]
                out.write(json.dumps(dict(zip(COLUMNS, values, strict=True)), default=str) + "\n")


def main() -> None:
    """Of the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    began = time.perf_counter()
    export()
    sys.stdout.write(str(time.perf_counter() - began))


if __name__ == "__main__":
    main()
