"""Copying a database out and in, while others use it: SQLite by its own backup, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

INDEX = "dashboard_changetext"  # SQLite's index of texts and its own tables, which have no rows of ours
PRIMARY = 0xFF  # in an error code of SQLite: what is beyond says more about it
PLAIN = ("--no-owner", "--no-privileges")
OPTIONS = (
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
)  # of a connection, which libpq takes from the environment too


@contextmanager
def database(name: str) -> Iterator[None]:
    """Let this thread use another database of this name: a file, or one of the same server."""
    used, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    connection.close()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = used


def counts() -> dict[str, int]:
    """How many rows each table has."""
    tables = [table for table in connection.introspection.table_names() if not table.startswith(INDEX)]
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our tables
            found[table] = int(cursor.fetchone()[0])
    return found


def is_used() -> bool:
    """Whether there is a person in the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM dashboard_user LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        connection.close()
        return False


def dump(path: Path) -> dict[str, int]:
    """Copy the database as it is at one moment to a file, and count its rows. Raises CommandError and OSError."""
    return _dump_sqlite(path) if connection.vendor == "sqlite" else _dump_postgresql(path)


def _dump_sqlite(path: Path) -> dict[str, int]:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    with database(str(path)):
        found = counts()
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # and no second file beside it
    return found


def _dump_postgresql(path: Path) -> dict[str, int]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        found = counts()
        run("pg_dump", "--format=custom", *PLAIN, f"--snapshot={snapshot}", f"--file={path}")
    return found


def load_sqlite(dumped: Path, target: Path) -> None:
    """Make `dumped` the database at `target`, in one step; both are on one disk, and nobody uses either.

    One that is there is kept beside it, with ".before-restore" at its end. Raises CommandError, OSError and
    sqlite3.Error.
    """
    if target.exists():
        with closing(sqlite3.connect(target)) as there:
            _end_log(there, target)  # which must not be taken for that of the other
        kept = target.with_name(f"{target.name}.before-restore")
        kept.unlink(missing_ok=True)
        os.link(target, kept)
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    dumped.replace(target)


def _end_log(there: sqlite3.Connection, target: Path) -> None:
    """Put all of a database into its one file, which nobody else may use. Raises CommandError and sqlite3.Error."""
    try:
        there.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY:
            raise
        raise CommandError(f"Another program uses the database at {target}: stop it, and run this again.") from error


def load_postgresql(dumped: Path) -> None:
    """Replace all that is in the database that is used now, in one transaction. Raises CommandError."""
    script = dumped.with_name("script.sql")
    run("pg_restore", *PLAIN, f"--file={script}", str(dumped))
    # The dump makes what it needs there, but not the schema itself.
    empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    run(
        "psql",
        "--quiet",
        "--no-psqlrc",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "-c",
        empty,
        "-f",
        str(script),
    )


def run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL for the database that is used now. Raises CommandError."""
    found = shutil.which(program)
    if found is None:
        raise CommandError(
            f"{program} is not installed. Install PostgreSQL's programs, of the server's version or newer (Debian: "
            "apt install postgresql-client)."
        )
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, and no words of others
        [found, *arguments], env=os.environ | _reached(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise CommandError(f"{program} failed: {said[0]}")


def _reached() -> dict[str, str]:
    """How the server is reached, for libpq: no password stands in a command line, which others can read."""
    used: dict[str, Any] = connection.settings_dict
    said = {"PGHOST": used["HOST"], "PGPORT": str(used["PORT"] or ""), "PGUSER": used["USER"]}
    said |= {"PGPASSWORD": used["PASSWORD"], "PGDATABASE": used["NAME"]}
    said |= {f"PG{name.upper()}": str(used["OPTIONS"].get(name, "")) for name in OPTIONS}
    return {name: value for name, value in said.items() if value}
