"""Checking a credential: `ping`, `myip` and `listservices`."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Registry
from tests.faulty_registry import FaultyRegistry
from tests.web.views.pages import asks_to_sign_in, form_to, notices_of, text_of


@pytest.fixture
def address(remote: Credential) -> str:
    """Where the check of the remote credential is asked for."""
    return f"/credentials/{remote.pk}/check/"


def test_asks_ping_myip_and_listservices_and_remembers_the_answers(
    alice: Browser, remote: Credential, registry: FaultyRegistry, address: str
) -> None:
    home = f"/credentials/{remote.pk}/"
    answer = form_to(alice.get(home), address).submit(alice)

    assert answer["Location"] == home
    assert [received.command for received in registry.log] == ["ping", "myip", "listservices"]
    page = alice.get(home)
    assert notices_of(page) == ["The registry answers, and the credential works."]
    assert "Our address, as the registry sees it 127.0.0.1" in text_of(page)
    assert Credential.objects.get().services == ["SIP", "IAX2", "H323", "MAILTO", "XMPP", "TEL", "WEB"]


@pytest.mark.parametrize("command", ["ping", "myip", "listservices"])
def test_says_which_command_failed_and_why(
    alice: Browser, remote: Credential, registry: FaultyRegistry, address: str, command: str
) -> None:
    registry.fault(command, "bad", error="Ask <support>.")
    page = alice.get(alice.post(address)["Location"])

    assert f"“{command}” failed: The registry refused: Ask <support>." in notices_of(page)[0]
    assert "saved" not in notices_of(page)[0]
    assert not Credential.objects.get().works
    assert Credential.objects.get().services == remote.services


def test_asks_nothing_further_once_a_command_failed(alice: Browser, registry: FaultyRegistry, address: str) -> None:
    registry.fault("ping", "bad")
    alice.post(address)

    assert [received.command for received in registry.log] == ["ping"]


def test_ends_within_one_deadline_whatever_each_command_takes(
    alice: Browser, registry: FaultyRegistry, address: str, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.5)
    registry.fault("myip", "hang")
    answer = alice.post(address)

    assert answer.status_code == 302
    assert registry.count("listservices") == 0


def test_does_not_ask_a_registry_that_was_disabled(
    alice: Browser, remote: Credential, registry: FaultyRegistry, address: str
) -> None:
    Registry.objects.filter(pk=remote.registry_id).update(is_enabled=False)
    page = alice.get(alice.post(address)["Location"])

    assert "“Elsewhere” is disabled by an administrator." in notices_of(page)[0]
    assert registry.requests == 0


def test_is_nowhere_for_a_stranger(mallory: Browser, registry: FaultyRegistry, address: str) -> None:
    assert mallory.post(address).status_code == 404
    assert registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.post(address), address)


def test_knows_no_other_credentials(alice: Browser) -> None:
    assert alice.post("/credentials/12345/check/").status_code == 404
    assert alice.post("/credentials/abc/check/").status_code == 404


def test_takes_only_posts(alice: Browser, registry: FaultyRegistry, address: str) -> None:
    assert alice.get(address).status_code == 405
    assert registry.requests == 0


def test_refuses_a_forged_post(careful: Browser, registry: FaultyRegistry, address: str) -> None:
    assert careful.post(address).status_code == 403
    assert registry.requests == 0
