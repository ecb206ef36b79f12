"""Somebody removes a credential in one window while another window is asking its registry."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser

from dashboard.models import Change, Credential, MirroredNumber
from dashboard.nameservers import Address
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import SetDns
from tests.web.views.pages import form_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """It is nobody's fault, so it is worth a line in the log and no more."""
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.exc_info] == []


def _remove_during(registry: FaultyRegistry, command: str) -> None:
    answer = registry.store.answer

    def remove_and_answer(form: dict[str, str]) -> Any:
        if form["command"] == command:
            Credential.objects.all().delete()
            connections.close_all()
        return answer(form)

    registry.store.answer = remove_and_answer  # type: ignore[method-assign]


@pytest.fixture
def address(remote: Credential, number_id: int) -> str:
    """The page of the first number at the registry."""
    return f"/credentials/{remote.pk}/numbers/{number_id}/"


def test_the_page_of_a_number_is_still_shown(alice: Browser, registry: FaultyRegistry, address: str) -> None:
    _remove_during(registry, "show")

    assert alice.get(address).status_code == 200
    assert not MirroredNumber.objects.exists()
    assert alice.get(address).status_code == 404


def test_a_check_ends_without_a_fault(
    alice: Browser, remote: Credential, registry: FaultyRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    _remove_during(registry, "myip")

    assert alice.post(f"/credentials/{remote.pk}/check/").status_code == 302
    assert not Credential.objects.exists()
    # A check says several things, of which each is lost.
    (line,) = {record.getMessage() for record in caplog.records}
    assert line == "What was said to a registry is not kept: the credential was removed meanwhile"


def test_a_new_password_has_nowhere_to_go(alice: Browser, remote: Credential, registry: FaultyRegistry) -> None:
    address = f"/credentials/{remote.pk}/"
    _remove_during(registry, "list")

    assert alice.post(address, {"password": registry.password}).status_code == 404
    assert not Credential.objects.exists()
    assert alice.get("/credentials/").context["messages"]._loaded_messages == []


def test_a_password_that_is_wrong_besides_is_not_found_either(
    alice: Browser, remote: Credential, registry: FaultyRegistry
) -> None:
    _remove_during(registry, "ping")

    assert alice.post(f"/credentials/{remote.pk}/", {"password": "mistyped"}).status_code == 404


def test_a_write_is_not_sent(alice: Browser, registry: FaultyRegistry, address: str, record_ids: list[int]) -> None:
    form = form_to(alice.get(address), f"{address}records/{record_ids[0]}/")
    _remove_during(registry, "show")

    assert form.submit(alice, hostdata="late@example.org").status_code == 404
    assert registry.count("update") == 0
    assert not Change.objects.exists()


def test_a_write_that_was_sent_is_in_the_history(
    alice: Browser, registry: FaultyRegistry, address: str, record_ids: list[int]
) -> None:
    form = form_to(alice.get(address), f"{address}records/{record_ids[0]}/")
    _remove_during(registry, "update")

    assert form.submit(alice, hostdata="late@example.org").status_code == 302
    change = Change.objects.get()
    assert (change.outcome, change.credential, change.credential_label) == ("applied", None, "Remote")


def test_what_the_dns_says_is_still_shown(
    alice: Browser, remote: Credential, registry: FaultyRegistry, number_id: int, set_dns: SetDns
) -> None:
    set_dns(Address("127.0.0.1", 9))
    _remove_during(registry, "show")

    assert alice.get(f"/credentials/{remote.pk}/dns/", {"number": number_id}).status_code == 200
