"""The same product on PostgreSQL: what touches the database is tested once more on a throwaway server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = "tests/interop/test_publishing_processes.py"
ON_POSTGRESQL = [
    "tests/models",
    "tests/services",
    "tests/registry",
    "tests/test_vault.py",
    "tests/test_access.py",
    "tests/test_migrations.py",
    "tests/commands/test_publish.py",
    "tests/commands/test_backup.py",
    "tests/e164web/test_readiness.py",
    f"{PROCESSES}::test_two_publishers_never_send_at_the_same_time_and_the_other_takes_over",
    f"{PROCESSES}::test_a_server_that_comes_back_gets_what_it_missed_by_itself",
]
MINUTES = 30 * 60  # seconds; it takes a fifth of that on a machine that has nothing else to do


@pytest.fixture(scope="module")
def postgresql_url() -> Iterator[str]:
    """A server of our own."""
    if postgresql.program("initdb") is None or postgresql.program("pg_ctl") is None:
        pytest.skip("no PostgreSQL: install it (Debian: apt install postgresql)")
    with postgresql.running() as url:
        yield url


def test_what_touches_the_database_works_on_postgresql_too(postgresql_url: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *ON_POSTGRESQL]
    environment = {**os.environ, "E164WEB_TEST_DATABASE_URL": postgresql_url}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=MINUTES, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout[-4000:]
