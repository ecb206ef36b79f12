"""The page of one credential: how its registry is, another password, and the wire view."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from dashboard import vault
from dashboard.models import Credential, User
from dashboard.platform import circuit
from dashboard.protocol import secret_of
from dashboard.registry.models import Account
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import REGISTRY_PASSWORD
from tests.web.views.pages import asks_to_sign_in, errors_of, form_to, notices_of, text_of


@pytest.fixture
def address(credential: Credential) -> str:
    """The page of the credential at the embedded registry."""
    return f"/credentials/{credential.pk}/"


def test_shows_the_state_of_every_command_without_asking(
    alice: Browser, remote: Credential, registry: FaultyRegistry
) -> None:
    page = alice.get(f"/credentials/{remote.pk}/")

    assert page.status_code == 200
    said = text_of(page)
    for command in (
        "ping",
        "list",
        "show",
        "getnaptr",
        "new",
        "update",
        "delete",
        "deleteall",
        "listservices",
        "myip",
    ):
        assert f"{command} not used yet" in said
    assert registry.requests == 0


def test_changes_the_password_and_tries_it(alice: Browser, account: Account, address: str) -> None:
    account.set_password("another one")
    account.save()
    answer = form_to(alice.get(address), "").submit(alice, address, password="another one")

    assert answer["Location"] == address
    assert notices_of(alice.get(address)) == ["The new password is saved, and it works."]
    assert vault.unseal(Credential.objects.get()) == secret_of("another one")


def test_a_wrong_password_does_not_replace_one_that_works(
    alice: Browser, credential: Credential, address: str
) -> None:
    alice.post(f"{address}check/")
    page = alice.post(address, {"password": "mistyped"})

    assert page.status_code == 422
    assert notices_of(page)[-1].startswith("The password was not replaced. “ping” failed:")
    assert "mistyped" not in page.content.decode()
    assert Credential.objects.get().works
    assert vault.unseal(Credential.objects.get()) == secret_of(REGISTRY_PASSWORD)


def test_keeps_a_password_that_does_not_work_on_a_second_look(alice: Browser, address: str) -> None:
    form = form_to(alice.post(address, {"password": "mistyped"}), "")
    form.submit(alice, address, password="mistyped", keep="1")

    assert [name for name, _, _ in form.buttons] == ["", "keep"]
    assert not Credential.objects.get().works
    assert vault.unseal(Credential.objects.get()) == secret_of("mistyped")
    assert notices_of(alice.get(address))[0].startswith("It is saved, but “ping” failed:")


def test_a_password_kept_untried_says_nothing_of_the_last_check(
    alice: Browser, remote: Credential, registry: FaultyRegistry
) -> None:
    alice.post(f"/credentials/{remote.pk}/check/")
    for _timeout in range(circuit.TIMEOUTS):
        circuit.Circuit(remote.registry.url).timed_out()
    alice.post(f"/credentials/{remote.pk}/", {"password": "new", "keep": "1"})

    kept = Credential.objects.get()
    assert registry.count("ping") == 1
    assert (kept.checked_at, kept.problem) == (None, "")
    assert vault.unseal(kept) == secret_of("new")


@pytest.mark.parametrize("password", ["", "a\x00b", "x" * 1_001])
def test_shows_the_page_again_for_a_password_that_cannot_be_one(
    alice: Browser, credential: Credential, address: str, password: str
) -> None:
    page = alice.post(address, {"password": password})

    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert form_to(page, "").fields["password"] == ""
    assert vault.unseal(Credential.objects.get()) == secret_of(REGISTRY_PASSWORD)


def test_an_empty_post_says_what_is_missing(alice: Browser, address: str) -> None:
    page = alice.post(address)

    assert page.status_code == 422
    assert len(errors_of(page)) == 1


def test_has_never_a_filled_password_field(alice: Browser, address: str) -> None:
    assert form_to(alice.get(address), "").fields["password"] == ""


def test_a_new_password_mends_a_secret_that_no_key_opens(
    alice: Browser, credential: Credential, address: str
) -> None:
    Credential.objects.filter(pk=credential.pk).update(sealed="moved from another row")
    failing = alice.get(f"{address}numbers/")
    alice.post(address, {"password": REGISTRY_PASSWORD})

    assert failing.status_code == 502
    assert "Enter its password again." in notices_of(failing)[0]
    assert Credential.objects.get().works


def test_shows_the_registry_as_slow_as_the_deadline_allows(
    alice: Browser, remote: Credential, registry: FaultyRegistry, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.3)
    registry.fault("*", "hang")
    page = alice.post(f"/credentials/{remote.pk}/", {"password": registry.password})

    assert notices_of(page)[0].startswith(
        "The password was not replaced. “ping” failed: 127.0.0.1 did not answer in time."
    )


def test_is_nowhere_for_a_stranger(mallory: Browser, address: str) -> None:
    assert mallory.get(address).status_code == 404
    assert mallory.post(address, {"password": "mine now"}).status_code == 404
    assert vault.unseal(Credential.objects.get()) == secret_of(REGISTRY_PASSWORD)


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.get(address), address)


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 18, "9" * 19, "9" * 400, "abc", "-1", "1.5", "%00", "１"])
def test_knows_no_other_credentials(alice: Browser, person: User, pk: str) -> None:
    assert alice.get(f"/credentials/{pk}/").status_code == 404


def test_takes_only_get_and_post(alice: Browser, address: str) -> None:
    assert alice.put(address).status_code == 405


def test_refuses_a_forged_post(careful: Browser, address: str) -> None:
    assert careful.post(address, {"password": "forged"}).status_code == 403
    assert vault.unseal(Credential.objects.get()) == secret_of(REGISTRY_PASSWORD)


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "Checked just now."), (59, "Checked just now."), (-5, "Checked just now."), (7260, "ago.")]
)
def test_says_when_it_was_checked(alice: Browser, credential: Credential, address: str, ago: int, said: str) -> None:
    Credential.objects.update(checked_at=timezone.now() - timedelta(seconds=ago))

    assert said in text_of(alice.get(address))
