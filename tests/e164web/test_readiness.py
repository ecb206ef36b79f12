"""`/readyz`: whether a proxy should send requests here; and which processes are known to live."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client as Browser
from django.utils import timezone

from dashboard.models import Presence
from dashboard.models.presence import LATE
from e164web import presence, readiness, servers

pytestmark = pytest.mark.django_db
ALL = {"ready": True, "database": "ok", "migrations": "ok", "cache": "ok", "worker": "seen", "publisher": "seen"}
UNKNOWN = {"worker": "unknown", "publisher": "unknown"}


@pytest.fixture(autouse=True)
def _nothing_is_known() -> Iterator[None]:
    readiness._insist_on_migrations.cache_clear()
    yield
    readiness._insist_on_migrations.cache_clear()


def row(name: str = "1-a", kind: str = "work", *, age: timedelta = timedelta(), **values: Any) -> Presence:
    now = timezone.now()
    made = {"machine": "one", "version": "0", "secret": "s", "keys": "k", "started_at": now, "seen_at": now - age}
    return Presence.objects.create(name=name, kind=kind, **(made | values))


def test_it_answers_anybody_and_makes_no_session() -> None:
    row()
    row("2-b", "publish")
    answer = Browser().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, ALL)
    assert not answer.cookies
    assert Browser().post("/readyz").status_code == 405


@pytest.mark.parametrize(("kind", "name"), [("work", "worker"), ("publish", "publisher")])
def test_a_program_that_is_not_seen_is_told_and_keeps_nobody_away(kind: str, name: str) -> None:
    for number, each in enumerate(Presence.Kind.values):
        row(f"{number}-a", each, age=LATE + timedelta(seconds=1) if each == kind else timedelta())
    answer = Browser().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, ALL | {name: "not seen lately"})


def test_where_a_migration_is_missing_nothing_is_sent_here_until_it_is_applied() -> None:
    ((app, last),) = MigrationExecutor(connection).loader.graph.leaf_nodes("dashboard")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, last])
    answer = Browser().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == ALL | UNKNOWN | {"ready": False, "migrations": "missing"}


def test_a_process_is_on_the_list_while_it_lives(tmp_path: Path, settings: Any) -> None:
    with servers.announce(tmp_path, settings.E164WEB.credential_keys) as announcement:
        name = Path(announcement.name).name
        row(name, keys="of another")
        row("2-b", keys=servers.digest(settings.E164WEB.credential_keys[0]))
        assert [one.name for one in presence.without_key(settings.E164WEB.credential_keys[0])] == [name]
        presence.leave(announcement)
    assert [one.name for one in Presence.lively()] == ["2-b"]


def test_a_machine_with_other_keys_than_the_database_is_refused() -> None:
    presence.insist_on_common_keys()
    row()
    if connection.vendor == "sqlite":
        presence.insist_on_common_keys()  # there is one machine, and one folder
        return
    with pytest.raises(presence.StrangeKeys, match="Copy credential"):
        presence.insist_on_common_keys()
