"""The history: every write with who, when, which number, before, after and outcome."""

import csv
import io
import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Change, Credential, Outcome, Role, Team, User
from dashboard.protocol import RecordState
from dashboard.services.history.finding import PAGE_SIZE
from tests.fixtures_audit import last
from tests.fixtures_people import share
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, elements_of, errors_of, notices_of, text_of

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


def ids_on(page: Any) -> list[int]:
    """The ids of the changes that a page shows, in its order."""
    rows = (given.get("id", "") for given in elements_of(page, "tr"))
    return [int(row.removeprefix("change-")) for row in rows if row]


def test_says_who_did_what_to_which_number_and_how_it_ended(alice: Browser, far: Far) -> None:
    far.form(alice).submit(alice, **typed())
    page = alice.get(ADDRESS)

    assert page.status_code == 200
    said = text_of(page)
    for words in ("Change · +1 200 555 0100", "alice", "Remote (Elsewhere)", "applied"):
        assert words in said
    assert "SIP 5550100.0@sip.example.org 10 SIP new@example.org 50" in said  # before, after
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

    assert len(ids_on(page)) == PAGE_SIZE
    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("place", ["99", "abc", "-1", "9" * 40, "9" * 19, "²"])
def test_has_no_page_that_breaks(alice: Browser, person: User, credential: Credential, name: str, place: str) -> None:
    _make(person, credential)

    assert alice.get(ADDRESS, {name: place}).status_code == 200


def test_shows_a_stranger_none_of_it(mallory: Browser, person: User, credential: Credential) -> None:
    _make(person, credential)

    assert "No changes yet" in text_of(mallory.get(ADDRESS))


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get(ADDRESS), ADDRESS)


def test_takes_no_posts(alice: Browser) -> None:
    assert alice.post(ADDRESS).status_code == 405


def test_leads_to_older_and_to_newer_ones_and_keeps_what_is_looked_for(
    alice: Browser, person: User, credential: Credential
) -> None:
    made = [_make(person, credential, reason="of this kind").pk for _ in range(2 * PAGE_SIZE + 10)]
    _make(person, credential)
    newest_first = made[::-1]
    asked = {"q": "this kind"}

    first = alice.get(ADDRESS, asked)
    assert ids_on(first) == newest_first[:PAGE_SIZE]
    second = alice.get(ADDRESS + leads(first)["next"])
    assert ids_on(second) == newest_first[PAGE_SIZE : 2 * PAGE_SIZE]
    third = alice.get(ADDRESS + leads(second)["next"])
    assert ids_on(third) == newest_first[2 * PAGE_SIZE :]
    assert "next" not in leads(third)
    assert ids_on(alice.get(ADDRESS + leads(third)["prev"])) == ids_on(second)
    assert ids_on(alice.get(ADDRESS + leads(second)["prev"])) == ids_on(first)
    assert ids_on(alice.get(ADDRESS + leads(third)["first"])) == ids_on(first)
    assert set(leads(first)) == {"next"}


def leads(page: Any) -> dict[str, str]:
    """Where the links to other pages lead."""
    return {
        link["rel"]: link["href"] for link in elements_of(page, "a") if link.get("rel") in {"first", "prev", "next"}
    }


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"since": "tomorrow"}, "Enter a valid date."),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "This must not be before the day under “From”."),
        ({"outcome": "lost"}, "Select a valid choice. lost is not one of the available choices."),
        ({"credential": "999"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"team": "x"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"digits": "my number"}, ""),
        ({"q": "a\0b"}, "Null characters are not allowed."),
        ({"q": "a" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_what_cannot_be_read_chooses_nothing_and_is_said_at_its_field(
    alice: Browser, person: User, credential: Credential, asked: dict[str, str], error: str
) -> None:
    _make(person, credential)
    for more in ({}, {"export": "csv"}):
        page = alice.get(ADDRESS, asked | more)
        assert page.status_code == 422
        assert ids_on(page) == []
        assert any(error in said for said in errors_of(page))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"number": "x"}, "Number’s id: Enter a whole number."),
        ({"export": "xls"}, "An export is csv or jsonl."),
    ],
)
def test_so_is_what_nobody_sees(
    alice: Browser, person: User, credential: Credential, asked: Any, sentence: str
) -> None:
    _make(person, credential)
    page = alice.get(ADDRESS, asked)

    assert page.status_code == 422
    assert ids_on(page) == []
    assert sentence in notices_of(page)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "NEW@example"},
        {"digits": "(200) 555-0100"},
        {"service": "sip", "host": "old@"},
        {"person": "alice", "outcome": "sent", "since": "2020-01-01"},
        {"number": "1001"},
        {"open": "1"},
    ],
)
def test_finds_by_what_people_type(
    alice: Browser, person: User, credential: Credential, asked: dict[str, str]
) -> None:
    wanted = _make(person, credential)
    other = _make(person, credential, number="442079460958", number_id=7, outcome="applied", before=[], command="new")
    other.person, other.settled_at = "bob", "2026-01-01T00:00Z"
    other.after = [RecordState(id=1, preference=1, service="IAX2", hostdata="other")]
    other.save()

    assert ids_on(alice.get(ADDRESS, asked)) == [wanted.pk]


def test_finds_by_team(alice: Browser, person: User, team: Team, credential: Credential, remote: Credential) -> None:
    share(credential, team, Role.VIEWER)
    wanted = _make(person, credential)
    _make(person, remote)

    assert ids_on(alice.get(ADDRESS, {"team": team.pk})) == [wanted.pk]


def test_a_csv_file_has_exactly_what_is_looked_for_and_runs_nothing(
    trail: None, alice: Browser, person: User, credential: Credential
) -> None:
    made = _make(person, credential, reason="=1+1", words="@of this kind")
    _make(person, credential)
    answer = alice.get(ADDRESS, {"q": "this kind", "export": "csv"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="history-')
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))  # type: ignore[attr-defined]
    assert (row["id"], row["number"], row["reason"], row["words"]) == (
        str(made.pk),
        "12005550100",
        "'=1+1",
        "'@of this kind",
    )
    assert json.loads(row["before"])[0]["hostdata"] == "old@example.org"
    assert (last().event, last().by_name, last().words) == ("export.history", "alice", "csv: q this kind")


def test_json_lines_have_records_as_they_are(
    alice: Browser, trail: None, person: User, credential: Credential
) -> None:
    batch = uuid.uuid4()
    made = _make(person, credential, batch=batch, words='said "ünï"')
    answer = alice.get(ADDRESS, {"export": "jsonl"})

    (line,) = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    said = json.loads(line)
    assert list(said)[:3] == ["id", "at", "person"]
    assert said["id"] == made.pk
    assert said["at"].endswith("+00:00")
    assert said["batch"] == str(batch)
    assert said["words"] == 'said "ünï"'
    assert said["settled_at"] is None
    assert said["after"] == [
        {"id": 50001, "order": 100, "preference": 20, "service": "SIP", "hostdata": "new@example.org"}
    ]


def test_a_change_has_a_page_with_all_that_is_known_and_what_belongs_to_it(
    alice: Browser, person: User, credential: Credential
) -> None:
    batch = uuid.uuid4()
    first = _make(person, credential, reason="moved to the new PBX", words="It was said.", batch=batch)
    beside = _make(person, credential, batch=batch)
    undoing = _make(person, credential, undoes=first)
    page = alice.get(f"{ADDRESS}{first.pk}/")

    said = text_of(page)
    for words in ("moved to the new PBX", "It was said.", "old@example.org", "new@example.org", "Undone by"):
        assert words in said
    links = {link.get("href") for link in elements_of(page, "a")}
    assert {f"{ADDRESS}{beside.pk}/", f"{ADDRESS}{undoing.pk}/"} <= links
    assert "This undoes" in text_of(alice.get(f"{ADDRESS}{undoing.pk}/"))


def test_a_strangers_change_does_not_exist(mallory: Browser, person: User, credential: Credential) -> None:
    assert mallory.get(f"{ADDRESS}{_make(person, credential).pk}/").status_code == 404
