"""Events are stored once and stay as they are."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dashboard.models import AppendOnlyError, AuditEvent, AuditHead, Credential, Team, User
from tests.fixtures_audit import last

pytestmark = pytest.mark.usefixtures("trail")


def test_events_are_numbered_without_gaps_and_each_knows_the_one_before_it() -> None:
    first, second = AuditEvent.append(event="one"), AuditEvent.append(event="two")

    assert (first.number, first.previous) == (1, "")
    assert (second.number, second.previous) == (2, first.digest)
    assert AuditHead.objects.get().digest == second.digest


def test_an_event_says_the_same_when_it_is_read_back() -> None:
    AuditEvent.append(event="one", by_name="ünï\\\"c'", words="1,2\n“”")

    assert last().expected_digest() == last().digest


@pytest.mark.parametrize(
    "field", ["event", "by_name", "address", "about_name", "team_name", "credential_name", "words", "previous"]
)
def test_everything_that_an_event_says_is_in_its_digest(field: str) -> None:
    event = AuditEvent.append(event="one")
    setattr(event, field, f"{getattr(event, field)}x")
    assert event.expected_digest() != event.digest


def test_so_are_its_number_and_its_time() -> None:
    event = AuditEvent.append(event="one")
    later, other = AuditEvent.objects.get(), AuditEvent.objects.get()
    later.at += timedelta(milliseconds=1)
    other.number += 1
    assert len({each.expected_digest() for each in (event, later, other)}) == 3


def test_text_that_moves_from_one_field_to_the_next_makes_another_digest() -> None:
    event = AuditEvent.append(event="one", team_name="ab", credential_name="c")
    event.team_name, event.credential_name = "a", "bc"
    assert event.expected_digest() != event.digest


def test_an_event_can_be_neither_changed_nor_removed() -> None:
    event = AuditEvent.append(event="one")
    event.words = "other"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.filter(event="one").update(words="other")
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.all().delete()
    assert last().words == ""


# SQLite has no other way to empty a database than to delete.
@pytest.mark.parametrize(
    "statement",
    ["UPDATE dashboard_auditevent SET words = 'other'"]
    + (["DELETE FROM dashboard_auditevent"] if connection.vendor == "postgresql" else []),
)
def test_the_database_itself_keeps_events_as_they_are(statement: str) -> None:
    AuditEvent.append(event="one")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert last().words == ""


def test_an_event_outlives_whom_and_what_it_names(person: User, team: Team, credential: Credential) -> None:
    AuditEvent.append(
        event="one",
        by=person,
        about=person,
        team=team,
        credential=credential,
        by_name="alice",
        team_name="Office",
        credential_name="Embedded",
    )
    team.delete()
    person.delete()

    event = last()
    assert (event.by_id, event.about_id, event.team_id, event.credential_id) == (None, None, None, None)
    assert (event.by_name, event.team_name, event.credential_name) == ("alice", "Office", "Embedded")
    assert event.digest == event.expected_digest()
