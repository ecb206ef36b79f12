"""What is noted: whose names, from where, and what becomes of text that a stranger chose."""

import pytest

from dashboard import access
from dashboard.models import Credential, Team, User
from dashboard.services import audit
from tests.fixtures_audit import last

pytestmark = pytest.mark.usefixtures("trail")


def test_names_are_copied_and_linked(person: User, stranger: User, team: Team, credential: Credential) -> None:
    audit.note("test.word", by=person, about=stranger, team=team, credential=credential, words="viewer")

    event = last()
    assert (event.event, event.words) == ("test.word", "viewer")
    assert (event.by_name, event.about_name, event.team_name, event.credential_name) == (
        *("alice", "mallory", "Office", "Embedded"),
    )
    assert (event.by, event.about, event.team, event.credential) == (person, stranger, team, credential)


def test_the_address_is_that_of_who_asks_and_is_forgotten_afterwards() -> None:
    with audit.asked_from("192.0.2.7"):
        audit.note("from there", by=None)
        assert last().address == "192.0.2.7"
    audit.note("from here", by=None)
    assert last().address == ""


def test_who_was_removed_just_now_can_be_named(person: User, stranger: User) -> None:
    stranger.delete()
    audit.note("test", by=person, about=stranger)
    assert (last().about, last().about_name) == (None, "mallory")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\nb\x00c", "a\\nb\\x00c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("ünï 🙂", "ünï 🙂"),
        ("x" * 1_000, "x" * 1_000),
        ("x" * 1_001, "x" * 999 + "…"),
        ("\n" * 10_000_000, ("\\n" * 500)[:999] + "…"),
    ],
    ids=["controls", "direction", "letters", "fits", "long", "huge"],
)
def test_words_of_a_stranger_are_made_visible_and_cut(text: str, kept: str) -> None:
    audit.note("test", by=None, words=text)
    assert last().words == kept
    assert audit.verify().count == 1


def test_a_person_who_manages_nothing_sees_nothing(person: User, viewer: User, editor: User, team: Team) -> None:
    audit.note("test", by=person, team=team)
    for each in (viewer, editor):
        assert not access.looks_after_people(each)
        assert not access.audit_events(each).exists()
