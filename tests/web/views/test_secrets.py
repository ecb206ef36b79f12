"""Passwords and secrets: never in the database in clear, never in a log, never on a page."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from dashboard.models import Credential, Registry
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import PASSWORD, REGISTRY_PASSWORD
from tests.web.views.far import Far, typed

MISTYPED = "a password that was mistyped"


def _md5(password: str) -> str:
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def _every_cell() -> str:
    with connection.cursor() as cursor:
        rows: list[Any] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our own tables
            rows += cursor.fetchall()
    return repr(rows).lower()


def _forms_of(registry: FaultyRegistry) -> list[str]:
    passwords = (registry.password, REGISTRY_PASSWORD, MISTYPED, PASSWORD)
    return [form.lower() for password in passwords for form in (password, _md5(password))]


@pytest.fixture
def busy(alice: Browser, far: Far, credential: Credential, account: object) -> FaultyRegistry:
    """A registry after a day's work: credentials added, mistyped, checked and used, with faults that echo."""
    registry = far.registry
    elsewhere = Registry.objects.create(name="Second", url=f"{registry.url}?2", ca_bundle=registry.ca_path)
    alice.post(
        "/credentials/add/",
        {"registry": elsewhere.pk, "username": registry.username, "password": registry.password, "label": "Second"},
    )
    alice.post(f"/credentials/{far.credential.pk}/", {"password": MISTYPED})
    alice.post(f"/credentials/{credential.pk}/", {"password": REGISTRY_PASSWORD})
    alice.post(f"/credentials/{far.credential.pk}/", {"password": registry.password})
    alice.post(f"/credentials/{far.credential.pk}/check/")
    for kind in (
        "echo",
        "echo-disguised",
        "echo-html",
        "echo-status-line",
        "echo-header",
        "echo-location",
        "echo-row",
    ):
        form = far.form(alice)
        registry.fault("show", kind)
        registry.fault("update", kind)
        alice.get(far.address)
        form.submit(alice, **typed())
        registry.heal()
        far.form(alice).submit(alice, **typed(preference="51"))
        registry.fault("update", kind, times=1)
        far.form(alice).submit(alice, **typed(preference="52"))
        registry.heal()
    return registry


def test_no_table_holds_a_password_or_its_md5(busy: FaultyRegistry) -> None:
    cells = _every_cell()

    assert "second" in cells
    assert not [form for form in _forms_of(busy) if form in cells]


def test_no_log_holds_a_password_or_its_md5(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    registry = request.getfixturevalue("busy")
    # Django logs the parameters of its queries when somebody asks for that; the sealed secret is all they hold.
    said = "\n".join(record.getMessage() for record in caplog.records).lower()

    assert "update at https" in said
    assert not [form for form in _forms_of(registry) if form in said]


def test_no_page_holds_a_password_or_its_md5(alice: Browser, busy: FaultyRegistry, far: Far) -> None:
    mine = f"/credentials/{far.credential.pk}/"
    addresses = ("/credentials/", mine, f"{mine}numbers/", "/registries/", "/history/")
    html = "".join(alice.get(address).content.decode() for address in addresses).lower()

    assert not [form for form in _forms_of(busy) if form in html]


def test_the_sealed_secret_is_on_no_page_either(alice: Browser, credential: Credential) -> None:
    for address in ("/credentials/", f"/credentials/{credential.pk}/", f"/credentials/{credential.pk}/delete/"):
        assert credential.sealed not in alice.get(address).content.decode()


def test_the_registry_gets_the_md5_and_never_the_password(alice: Browser, far: Far) -> None:
    alice.get(far.address)

    (received,) = far.registry.log
    assert received.variables["secret"] == _md5(far.registry.password)
    assert "password" not in received.variables
    assert far.registry.password.encode() not in received.body
