"""A database that a released version made is upgraded without loss. tests/kept/ holds one of each."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from pytest_django import DjangoDbBlocker

from dashboard import vault
from dashboard.models import Change, Credential, Exchange, User
from dashboard.protocol import RecordState, secret_of
from dashboard.registry.models import NameServer, Number, Publication, Record, Zone
from dashboard.services.numbers import show_number
from tests.fixtures_people import PASSWORD, REGISTRY_PASSWORD
from tests.web.views.pages import form_to, notices_of, text_of

KEPT = Path(__file__).parent / "kept"
KEY = base64.urlsafe_b64encode(b"key of the kept 0.1.0 database!!").decode()
# Table by table, how many rows the kept database has. Sessions and Django's own tables are none of ours.
ROWS = {User: 1, Credential: 1, Change: 8, Zone: 1, NameServer: 1, Number: 3}


@pytest.fixture(params=["0.1.0"])
def kept(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The database of a version, migrated by this one, in place of the tests' own."""
    path = tmp_path / "kept.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.executescript((KEPT / f"{request.param}.sql").read_text(encoding="utf-8"))
    settings.E164WEB = replace(settings.E164WEB, credential_keys=[KEY], data_dir=tmp_path)
    own, connection.connection = connection.connection, None
    with monkeypatch.context() as patched, django_db_blocker.unblock():
        patched.setitem(connection.settings_dict, "NAME", str(path))
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connection.close()
            connection.connection = own


pytestmark = [
    pytest.mark.usefixtures("kept"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the kept databases are of SQLite"),
]


def state(record_id: int | None, preference: int, hostdata: str, service: str = "SIP") -> RecordState:
    return RecordState(id=record_id, preference=preference, service=service, hostdata=hostdata)


ALICE = state(1, 10, "alice@example.org")
IAX = state(2, 20, "pbx.example.org/5550123", "IAX2")
MAIL = state(3, 30, "alice@example.org", "MAILTO")
BOB = state(5, 10, "bob@example.net", "XMPP")


def test_every_row_is_there() -> None:
    assert {model: model._default_manager.count() for model in ROWS} == ROWS
    assert Exchange.objects.exists()
    assert Publication.objects.exists()


def test_the_history_is_whole_where_it_was_and_says_where_not() -> None:
    made = list(Change.objects.order_by("pk"))
    carol, dave = state(6, 40, "carol@example.org"), state(6, 40, "dave@example.org")

    assert [(change.command, change.outcome, change.is_whole) for change in made] == [
        ("new", "applied", True),
        ("update", "applied", False),
        ("update", "applied", False),
        ("delete", "applied", False),
        ("deleteall", "applied", True),
        ("update", "applied", False),
        ("new", "refused", True),
        ("new", "sent", True),
    ]
    assert [(change.before, change.after) for change in made] == [
        ([ALICE, IAX, MAIL], [ALICE, IAX, MAIL, carol]),
        ([carol], [dave]),
        ([dave], [replace(dave, preference=25)]),
        ([MAIL], []),
        ([state(4, 10, "reception@example.net")], []),
        ([ALICE], [ALICE]),
        ([BOB], [BOB, state(None, 20, "anything", "x-none")]),
        ([BOB], [BOB, state(None, 30, "erin@example.net")]),
    ]


def test_sealed_secrets_open() -> None:
    assert vault.unseal(Credential.objects.get()) == secret_of(REGISTRY_PASSWORD)
    assert NameServer.objects.get().key.secret == base64.b64encode(b"k" * 32).decode()


def test_a_person_signs_in_sees_the_history_settles_what_is_open_and_edits_a_record() -> None:
    browser = Browser()
    assert browser.login(username="alice", password=PASSWORD)
    shown = text_of(browser.get("/history/"))
    for words in ("carol@example.org", "dave@example.org", "erin@example.net", "x-none"):
        assert words in shown

    (waiting,) = Change.objects.filter(settled_at=None)
    settle = form_to(browser.get("/history/?open=1"), f"/history/{waiting.pk}/settle/")
    assert settle.submit(browser).status_code == 302
    waiting.refresh_from_db()
    assert waiting.outcome == "applied"
    assert waiting.record_id == Record.objects.get(hostdata="erin@example.net").pk

    address = f"/credentials/{Credential.objects.get().pk}/numbers/{Number.objects.get(digits='16045550123').pk}/"
    form = form_to(browser.get(address), f"{address}records/1/")
    assert form.submit(browser, hostdata="carol@example.net").status_code == 302
    assert "The record was changed." in notices_of(browser.get(address))
    assert Record.objects.get(pk=1).hostdata == "carol@example.net"
    credential = Credential.objects.get()
    found = show_number(User.objects.get(), credential, Number.objects.get(digits="16045550123").pk)
    assert len(Change.objects.latest("pk").after) == len(found.records) == 3
