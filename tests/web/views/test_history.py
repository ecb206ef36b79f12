"""The history: every write with who, when, which number, before, after and outcome."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import RecordState
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, elements_of, text_of

ADDRESS = "/history/"


def _make(person: User, credential: Credential, **values: Any) -> Change:
    return Change.objects.create(
        **{
            "user": person,
            "person": "alice",
            "credential": credential,
            "credential_label": credential.label,
            "registry_name": "Elsewhere",
            "command": "update",
            "number_id": 1001,
            "number": "12005550100",
            "record_id": 50001,
            "before": [RecordState(id=50001, preference=10, service="SIP", hostdata="old@example.org")],
            "after": [RecordState(id=50001, preference=20, service="SIP", hostdata="new@example.org")],
            **values,
        }
    )


def test_says_who_did_what_to_which_number_and_how_it_ended(alice: Browser, far: Far) -> None:
    far.form(alice).submit(alice, **typed())
    page = alice.get(ADDRESS)

    assert page.status_code == 200
    said = text_of(page)
    for words in ("Change · +1 200 555 0100", "alice", "Remote (Elsewhere)", "applied"):
        assert words in said
    before, after = said.split("After")
    assert "5550100.0@sip.example.org preference 10" in before
    assert "new@example.org preference 50" in after
    assert f"{far.address}" in {given.get("href") for given in elements_of(page, "a")}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_names_every_outcome(alice: Browser, person: User, credential: Credential, outcome: Outcome) -> None:
    _make(person, credential, outcome=outcome)

    states = [given["class"] for given in elements_of(alice.get(ADDRESS), "span") if "class" in given]
    assert f"state state-{outcome.value}" in states


def test_offers_to_check_what_is_open_and_only_that(alice: Browser, person: User, credential: Credential) -> None:
    opened = _make(person, credential, outcome=Outcome.SENT)
    _make(person, credential, outcome=Outcome.APPLIED, settled_at="2026-01-01T00:00Z")
    page = alice.get(ADDRESS)

    actions = [given["action"] for given in elements_of(page, "form") if "/settle/" in given.get("action", "")]
    assert actions == [f"/history/{opened.pk}/settle/"]
    assert len(elements_of(alice.get(ADDRESS, {"open": "1"}), "time")) == 1


def test_shows_any_text_as_text(alice: Browser, person: User, credential: Credential) -> None:
    evil = "<script>alert(1)</script>"
    before, after = (RecordState(id=1, preference=place, service=evil, hostdata=evil) for place in (1, 2))
    _make(person, credential, words=evil, credential_label=evil, registry_name=evil, before=[before], after=[after])
    page = alice.get(ADDRESS)

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_has_pages_and_costs_the_same_for_one_change_and_for_fifty(
    alice: Browser, person: User, credential: Credential
) -> None:
    _make(person, credential)
    with CaptureQueriesContext(connection) as few:
        alice.get(ADDRESS)
    for _ in range(60):
        _make(person, credential)
    with CaptureQueriesContext(connection) as many:
        page = alice.get(ADDRESS)

    assert "1–50 of 61 changes" in text_of(page)
    assert len(many) == len(few)


@pytest.mark.parametrize("page", ["99", "abc", "-1", "9" * 40])
def test_has_no_page_that_breaks(alice: Browser, person: User, credential: Credential, page: str) -> None:
    _make(person, credential)

    assert alice.get(ADDRESS, {"page": page}).status_code == 200


def test_shows_a_stranger_none_of_it(mallory: Browser, person: User, credential: Credential) -> None:
    _make(person, credential)

    assert "No changes yet" in text_of(mallory.get(ADDRESS))


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get(ADDRESS), ADDRESS)


def test_takes_no_posts(alice: Browser) -> None:
    assert alice.post(ADDRESS).status_code == 405
