"""Settling a write of which nobody knows yet, by asking the registry."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from dashboard.models import Change, Outcome
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, notices_of, text_of


@pytest.fixture
def change(alice: Browser, far: Far) -> Change:
    """A change of the first record that took effect, and whose process stopped before it knew."""
    far.form(alice).submit(alice, **typed())
    Change.objects.update(outcome=Outcome.SENT, settled_at=None, words="")
    return Change.objects.get()


@pytest.fixture
def address(change: Change) -> str:
    """Where that change is settled."""
    return f"/history/{change.pk}/settle/"


def test_settles_as_applied_what_the_registry_has(alice: Browser, change: Change, address: str) -> None:
    answer = alice.post(address)

    assert answer["Location"] == "/history/"
    change.refresh_from_db()
    assert change.outcome == Outcome.APPLIED
    assert change.settled_at is not None
    assert notices_of(alice.get("/history/"))[-1] == "Checked. Its outcome: applied."
    assert "Reading back shows that it was applied." in text_of(alice.get("/history/"))


def test_settles_as_not_applied_what_is_as_before(alice: Browser, far: Far, change: Change, address: str) -> None:
    far.set(far.records[0], hostdata="5550100.0@sip.example.org", preference="10")
    alice.post(address)

    change.refresh_from_db()
    assert change.outcome == Outcome.NOT_APPLIED


@pytest.mark.parametrize("deleted", [True, False])
def test_settles_as_unknown_what_is_neither(
    alice: Browser, far: Far, change: Change, address: str, deleted: bool
) -> None:
    if deleted:
        far.remove(far.records[0])
    else:
        far.set(far.records[0], hostdata="theirs@example.org")
    alice.post(address)

    change.refresh_from_db()
    assert (change.outcome, change.is_open) == (Outcome.UNKNOWN, False)
    assert "it is not known whether this was applied" in change.words


def test_a_registry_that_keeps_services_in_small_letters_applied_it_too(
    alice: Browser, far: Far, change: Change, address: str
) -> None:
    far.set(far.records[0], service="sip")
    alice.post(address)

    change.refresh_from_db()
    assert change.outcome == Outcome.APPLIED


def test_leaves_it_open_when_the_registry_cannot_be_asked(
    alice: Browser, far: Far, change: Change, address: str
) -> None:
    far.registry.fault("getnaptr", "html")
    page = alice.post(address)

    assert page.status_code == 502
    change.refresh_from_db()
    assert (change.outcome, change.is_open) == (Outcome.SENT, True)


def test_settles_once(alice: Browser, far: Far, change: Change, address: str) -> None:
    alice.post(address)
    asked = far.registry.requests
    Change.objects.filter(pk=change.pk).update(settled_at=timezone.now(), outcome=Outcome.REFUSED)
    alice.post(address)

    assert far.registry.requests == asked
    change.refresh_from_db()
    assert change.outcome == Outcome.REFUSED


def test_never_writes(alice: Browser, far: Far, address: str) -> None:
    alice.post(address)

    assert far.writes() == ["update"]


def test_is_nowhere_for_a_stranger(mallory: Browser, change: Change, address: str) -> None:
    assert mallory.post(address).status_code == 404
    change.refresh_from_db()
    assert change.is_open


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.post(address), address)


def test_knows_no_other_changes(alice: Browser) -> None:
    for pk in ("0", "999", "abc", "9" * 18, "9" * 19):
        assert alice.post(f"/history/{pk}/settle/").status_code == 404


def test_takes_only_posts(alice: Browser, change: Change, address: str) -> None:
    assert alice.get(address).status_code == 405
    change.refresh_from_db()
    assert change.is_open


def test_refuses_a_forged_post(careful: Browser, change: Change, address: str) -> None:
    assert careful.post(address).status_code == 403
    change.refresh_from_db()
    assert change.is_open
