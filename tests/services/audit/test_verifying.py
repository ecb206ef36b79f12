"""Whatever is done to the trail in the database is noticed."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from dashboard.models import AuditEvent
from dashboard.services import audit
from dashboard.services.audit import verifying
from tests.fixtures_audit import events, tamper

pytestmark = pytest.mark.usefixtures("trail")

COLUMNS = "at, event, by_name, address, about_name, team_name, credential_name, words, previous, digest"


@pytest.fixture(autouse=True)
def _seven_in_small_chunks(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "CHUNK", 3)
    for number in range(1, 8):
        audit.note("test", by=None, words=f"event {number}")


def broken() -> str:
    with pytest.raises(audit.Broken) as found:
        audit.verify()
    return str(found.value)


def row(number: int) -> AuditEvent:
    return AuditEvent.objects.get(number=number)


def copy(number: int, to: int) -> None:
    """One more event, which says what another one says."""
    insert = f"INSERT INTO dashboard_auditevent (number, {COLUMNS}) SELECT %s, {COLUMNS} FROM dashboard_auditevent"  # noqa: S608
    tamper(f"{insert} WHERE number = %s", to, number)


def rewrite_from(number: int) -> None:
    """Make every digest fit what is there now, as somebody could who has the database only."""
    for event in AuditEvent.objects.filter(number__gte=number).order_by("number"):
        before = AuditEvent.objects.filter(number=event.number - 1).first()
        event.previous = before.digest if before else ""
        digest = event.expected_digest()
        fits = "UPDATE dashboard_auditevent SET previous = %s, digest = %s WHERE number = %s"
        tamper(fits, event.previous, digest, event.number)


def forge_end() -> None:
    """Let the end fit too, but for what needs the keys."""
    end = AuditEvent.objects.order_by("number").last()
    count, digest = (end.number, end.digest) if end else (0, "")
    tamper("UPDATE dashboard_audithead SET count = %s, digest = %s", count, digest)


def test_a_trail_that_nobody_touched_is_whole() -> None:
    trail = audit.verify()
    assert (trail.count, trail.digest) == (7, row(7).digest)


def test_an_event_that_was_altered_is_named() -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'nothing' WHERE number = 4")
    assert broken() == "Event 4 was altered."


def test_so_is_the_first_of_several() -> None:
    tamper("UPDATE dashboard_auditevent SET by_name = 'mallory' WHERE number IN (3, 6)")
    assert broken() == "Event 3 was altered."


def test_an_event_that_was_altered_with_its_digest_is_named_too() -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'nothing' WHERE number = 4")
    tamper("UPDATE dashboard_auditevent SET digest = %s WHERE number = 4", row(4).expected_digest())
    assert broken() == "Event 4 was replaced: the one after it was noted after another one."


def test_so_is_the_last_one() -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'nothing' WHERE number = 7")
    rewrite_from(7)
    assert broken() == "Event 7 was altered."


@pytest.mark.parametrize("number", [1, 2, 4, 6])
def test_an_event_that_was_removed_is_named(number: int) -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number = %s", number)
    assert broken() == f"Event {number} is missing."


def test_events_that_were_removed_at_the_end_are_missed() -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number > 5")
    assert broken() == "Event 6 is missing."


def test_all_of_them_are_missed_too() -> None:
    tamper("DELETE FROM dashboard_auditevent")
    assert broken() == "Event 1 is missing."


def test_an_end_that_was_made_to_fit_has_no_signature() -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number > 5")
    forge_end()
    assert "after event 5 others may have been removed or made up" in broken()


def test_a_trail_that_was_made_anew_has_no_signature() -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'nothing' WHERE number = 2")
    rewrite_from(2)
    forge_end()
    assert "not signed" in broken()


@pytest.mark.parametrize(
    "end",
    ["DELETE FROM dashboard_audithead", "UPDATE dashboard_audithead SET count = 0, digest = '', signatures = ''"],
)
def test_a_trail_that_begins_again_is_no_whole_one(end: str) -> None:
    tamper("DELETE FROM dashboard_auditevent")
    tamper(end)
    assert "not signed" in broken()
    audit.note("test", by=None)
    assert "after event 0 others may have been removed" in broken()


def test_what_is_noted_later_does_not_sign_an_end_that_was_made_to_fit() -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number > 5")
    forge_end()
    for _ in range(2):
        audit.note("test", by=None)
    assert len(events()) == 7
    assert "after event 5 others may have been removed or made up" in broken()


def test_a_removed_end_stays_missed_when_others_were_noted_after_it() -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number > 5")
    audit.note("test", by=None)
    assert broken() == "Event 6 is missing."


def test_an_event_that_was_added_at_the_end_is_named_and_holds_nothing_up() -> None:
    copy(7, 8)
    assert broken() == "Event 8 was not noted by e164web."
    audit.note("test", by=None)
    assert broken() == "Event 8 was altered."


@pytest.mark.parametrize("number", [0, -3])
def test_so_is_one_before_the_first(number: int) -> None:
    copy(1, number)
    assert broken() == f"Event {number} was not noted by e164web."


def test_an_event_between_two_others_makes_the_next_one_wrong() -> None:
    tamper("UPDATE dashboard_auditevent SET number = -number")
    tamper("UPDATE dashboard_auditevent SET number = CASE WHEN number < -3 THEN 1 - number ELSE -number END")
    copy(3, 4)
    rewrite_from(4)
    assert broken() == "Event 7 was altered."


def test_events_in_another_order_are_named() -> None:
    tamper("UPDATE dashboard_auditevent SET number = CASE number WHEN 3 THEN -5 WHEN 5 THEN -3 ELSE number END")
    tamper("UPDATE dashboard_auditevent SET number = -number WHERE number < 0")
    assert broken() == "Event 3 was altered."


def test_an_end_that_was_accepted_is_whole_and_says_so() -> None:
    tamper("DELETE FROM dashboard_auditevent WHERE number > 5")
    forge_end()
    audit.accept_end()
    assert audit.verify().count == 6
    assert events()[-1] == "audit.accepted"


def test_accepting_the_end_excuses_nothing_before_it() -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'nothing' WHERE number = 4")
    audit.accept_end()
    assert broken() == "Event 4 was altered."


def test_the_signature_outlives_a_key_that_is_replaced(settings: Any) -> None:
    def use(*keys: str) -> None:
        settings.E164WEB = dataclasses.replace(settings.E164WEB, credential_keys=list(keys))

    old, new = settings.E164WEB.credential_keys[0], Fernet.generate_key().decode()
    use(new, old)
    assert audit.verify().count == 7
    audit.note("from a server that was started anew", by=None)
    use(old)
    audit.note("from one that does not know the new key yet", by=None)
    use(new, old)
    audit.note("with both", by=None)
    use(new)
    assert audit.verify().count == 10


def test_another_installation_does_not_sign_for_this_one(settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, credential_keys=[Fernet.generate_key().decode()])
    assert "not signed with the keys of this installation" in broken()


def test_the_key_of_cookies_may_be_replaced(settings: Any) -> None:
    settings.SECRET_KEY = "another key, of which the trail knows nothing at all"
    assert audit.verify().count == 7


def test_a_trail_that_is_moved_to_another_database_stays_whole(tmp_path: Path) -> None:
    moved = tmp_path / "moved.json"
    call_command("dumpdata", "dashboard.auditevent", "dashboard.audithead", output=str(moved), verbosity=0)
    tamper("DELETE FROM dashboard_auditevent")
    tamper("UPDATE dashboard_audithead SET count = 0, digest = '', signatures = ''")
    call_command("loaddata", str(moved), verbosity=0)
    assert audit.verify().count == 7
