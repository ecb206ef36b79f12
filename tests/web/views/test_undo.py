"""Taking a change back: the page that shows what would be sent, and what comes of sending it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Role, Team, User
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint, show_number
from dashboard.services.records import Writer
from tests.fixtures_people import share
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of, form_to, notices_of, text_of


@pytest.fixture
def write(person: User, far: Far) -> Callable[..., Change]:
    """Change the first record, as Alice or as somebody else does."""

    def write_(hostdata: str, place: int = 0, who: User = person) -> Change:
        credential = far.credential
        record = show_number(who, credential, far.number).records[place]
        draft = RecordData(preference=record.preference, service=record.service, hostdata=hostdata)
        return Writer(who, credential, far.number).update(record.id, draft, seen=fingerprint([record]))

    return write_


@pytest.fixture
def deleted(person: User, far: Far) -> Change:
    """All records of the number, deleted by Alice."""
    shown = show_number(person, far.credential, far.number)
    return Writer(person, far.credential, far.number).delete_all(seen=shown.fingerprint, digits=far.digits)


def undo_of(change: Change) -> str:
    return f"/history/{change.pk}/undo/"


def undo_links(page: Any) -> list[str]:
    return [given["href"] for given in elements_of(page, "a") if given.get("href", "").endswith("/undo/")]


# --- the way to it ------------------------------------------------------------------------------------------------


def test_the_message_about_a_change_leads_to_taking_it_back(alice: Browser, far: Far) -> None:
    far.form(alice).submit(alice, **typed())
    page = alice.get(far.address)

    assert notices_of(page) == ["The record was changed."]
    assert undo_links(page) == [undo_of(Change.objects.get())]


@pytest.mark.parametrize("what", ["add", "delete", "delete-all", "move"])
def test_so_does_that_of_each_other_write(alice: Browser, far: Far, what: str) -> None:
    if what == "add":
        far.new_form(alice).submit(alice, **typed())
    elif what == "delete":
        far.confirm_form(alice, f"{far.record_address()}delete/").submit(alice)
    elif what == "delete-all":
        far.confirm_form(alice, f"{far.address}delete-all/").submit(alice, confirm=far.digits)
    else:
        form_to(alice.get(far.address), f"{far.record_address(1)}move/").submit(alice, direction="up")

    assert undo_links(alice.get(far.address)) == [undo_of(Change.objects.get())]


def test_a_write_that_did_not_take_effect_offers_nothing(alice: Browser, far: Far) -> None:
    far.registry.fault("update", "bad")
    page = far.form(alice).submit(alice, **typed())

    assert undo_links(page) == []


def test_the_history_offers_it_to_who_may_do_it(
    alice: Browser,
    viewer: User,
    team: Team,
    browser_of: Callable[[User], Browser],
    far: Far,
    write: Callable[..., Change],
) -> None:
    share(far.credential, team, Role.VIEWER)
    change = write("x@example.org")

    assert undo_of(change) in undo_links(alice.get(f"{far.address}history/"))
    assert undo_links(browser_of(viewer).get(f"{far.address}history/")) == []


# --- the page that shows it ---------------------------------------------------------------------------------------


def test_the_page_shows_each_command_and_sends_nothing(alice: Browser, far: Far, deleted: Change) -> None:
    page = alice.get(undo_of(deleted))
    said = text_of(page)

    assert page.status_code == 200
    assert "2 commands are sent" in said
    assert "5550100.0@sip.example.org" in said
    assert "No telephone system can call this number" in said
    assert "telephone systems can call this number" in said
    assert far.writes() == ["deleteall"]


def test_what_is_so_already_says_so_and_sends_nothing(alice: Browser, far: Far, write: Callable[..., Change]) -> None:
    change = write("x@example.org")
    form = form_to(alice.get(undo_of(change)), "")
    write("5550100.0@sip.example.org")
    page = alice.get(undo_of(change))

    assert "so there is nothing to send" in notices_of(page)[0]
    assert form.submit(alice, to=undo_of(change)).status_code == 409
    assert far.writes() == ["update", "update"]


@pytest.mark.parametrize("outcome", ["refused", "not-applied", "unknown", "sent"])
def test_what_did_not_take_effect_cannot_be_taken_back(
    alice: Browser, far: Far, write: Callable[..., Change], outcome: str
) -> None:
    change = write("x@example.org")
    Change.objects.update(outcome=outcome)
    answer = alice.get(undo_of(change), follow=True)

    assert answer.redirect_chain[0][0] == f"{far.address}history/"
    assert "did not take effect" in notices_of(answer)[0]


def test_a_change_whose_credential_is_gone_cannot_be_taken_back(
    alice: Browser, far: Far, write: Callable[..., Change]
) -> None:
    change = write("x@example.org")
    far.credential.delete()
    answer = alice.get(undo_of(change), follow=True)

    assert "its credential was removed" in notices_of(answer)[0]


# --- sending it ---------------------------------------------------------------------------------------------------


def test_records_that_were_deleted_come_back_with_an_undo_of_their_own(
    alice: Browser, far: Far, deleted: Change
) -> None:
    answer = form_to(alice.get(undo_of(deleted)), "").submit(alice, to=undo_of(deleted), reason="a slip")
    page = alice.get(far.address)
    made = list(Change.objects.filter(undoes=deleted).order_by("pk"))

    assert answer["Location"] == far.address
    assert notices_of(page)[0] == "The change was taken back. Undo"
    assert undo_links(page) == [undo_of(made[-1])]
    assert far.hostdata() == ["5550100.0@sip.example.org", "5550100.1@sip.example.org"]
    assert {change.reason for change in made} == {"a slip"}

    form_to(alice.get(undo_of(made[-1])), "").submit(alice, to=undo_of(made[-1]))
    assert far.records == []


def test_what_others_did_since_is_shown_side_by_side_and_stays(
    alice: Browser, editor: User, team: Team, far: Far, write: Callable[..., Change]
) -> None:
    share(far.credential, team)
    change = write("mine@example.org")
    write("theirs@example.org", who=editor)
    page = alice.get(undo_of(change))
    said = text_of(page)

    assert "What was changed since" in said
    for part in ("edith", "mine@example.org", "theirs@example.org", "5550100.0@sip.example.org"):
        assert part in said
    answer = form_to(page, "").submit(alice, to=undo_of(change), with_theirs="")
    assert answer.status_code == 422
    assert far.writes() == ["update", "update"]


def test_it_is_taken_away_too_where_somebody_says_so(
    alice: Browser, editor: User, team: Team, far: Far, write: Callable[..., Change]
) -> None:
    share(far.credential, team)
    change = write("mine@example.org")
    write("theirs@example.org", who=editor)
    form = form_to(alice.get(undo_of(change)), "")
    preview = form.submit(alice, to=undo_of(change), with_theirs="on", preview="1", reason="asked for")

    assert "It is taken away too" in text_of(preview)
    assert "1 command is sent" in text_of(preview)
    assert far.writes() == ["update", "update"]
    form = form_to(preview, undo_of(change))
    assert form.fields["reason"] == "asked for"
    form.submit(alice, with_theirs="on")
    assert far.hostdata()[0] == "5550100.0@sip.example.org"


def test_a_conflict_shows_what_would_be_sent_now(alice: Browser, far: Far, deleted: Change) -> None:
    form = form_to(alice.get(undo_of(deleted)), "")
    far.add(40, "meanwhile@example.org")
    page = form.submit(alice, to=undo_of(deleted), reason="a slip")

    assert page.status_code == 409
    assert "nothing was sent" in notices_of(page)[0]
    assert far.writes() == ["deleteall"]
    again = form_to(page, undo_of(deleted))
    assert again.fields["reason"] == "a slip"
    assert again.submit(alice).status_code == 302
    assert len(far.records) == 3


def test_a_part_that_is_refused_is_said_and_the_page_shows_what_is_left(
    alice: Browser, far: Far, deleted: Change
) -> None:
    far.registry.fault("new", "bad", times=1, skip=1, error="Not now.")
    page = form_to(alice.get(undo_of(deleted)), "").submit(alice, to=undo_of(deleted))

    assert page.status_code == 422
    assert "Not now." in notices_of(page)[0]
    assert "What was sent before it took effect." in notices_of(page)[0]
    assert "1 command is sent" in text_of(page)
    assert form_to(page, undo_of(deleted)).submit(alice).status_code == 302
    assert len(far.records) == 2


def test_a_double_click_is_sent_once(alice: Browser, far: Far, deleted: Change) -> None:
    form = form_to(alice.get(undo_of(deleted)), "")
    form.submit(alice, to=undo_of(deleted))
    again = form.submit(alice, to=undo_of(deleted))

    assert again["Location"] == undo_of(deleted)
    page = alice.get(undo_of(deleted))
    assert any("sent before" in said for said in notices_of(page))
    assert far.writes() == ["deleteall", "new", "new"]


def test_what_is_unsafe_is_asked_twice(alice: Browser, far: Far, write: Callable[..., Change]) -> None:
    far.set(far.records[0], hostdata="alice:secret@example.org")
    change = write("x@example.org")
    page = alice.get(undo_of(change))
    form = form_to(page, "")

    assert "Is this what you want?" in text_of(page)
    accepted = next(value for name, value, _ in form.buttons if name == "accepted")
    assert form.submit(alice, to=undo_of(change)).status_code == 422
    assert far.writes() == ["update"]
    form = form_to(alice.get(undo_of(change)), "")
    assert form.submit(alice, to=undo_of(change), accepted=accepted).status_code == 302
    assert far.hostdata()[0] == "alice:secret@example.org"


@pytest.mark.parametrize("reason", ["x" * 201, "a\x00b", "a\u202eb"])
def test_a_reason_that_cannot_be_kept_is_refused_at_its_field(
    alice: Browser, far: Far, deleted: Change, reason: str
) -> None:
    page = form_to(alice.get(undo_of(deleted)), "").submit(alice, to=undo_of(deleted), reason=reason)

    assert page.status_code == 422
    assert far.writes() == ["deleteall"]


def test_a_form_that_is_incomplete_sends_nothing(alice: Browser, far: Far, deleted: Change) -> None:
    page = alice.post(undo_of(deleted))

    assert page.status_code == 422
    assert "This form is incomplete." in text_of(page)
    assert far.writes() == ["deleteall"]


def test_a_registry_that_does_not_answer_is_said(alice: Browser, far: Far, deleted: Change) -> None:
    form = form_to(alice.get(undo_of(deleted)), "")
    far.registry.fault("show", "html")

    assert alice.get(undo_of(deleted)).status_code == 502
    assert form.submit(alice, to=undo_of(deleted)).status_code == 502
    assert far.writes() == ["deleteall"]


def test_what_was_changed_elsewhere_can_be_taken_back_too(alice: Browser, person: User, far: Far) -> None:
    alice.get(far.address)
    far.set(far.records[0], hostdata="robot@example.org")
    alice.get(far.address)
    seen = Change.objects.get(command="seen")
    page = alice.get(undo_of(seen))

    assert "Changed elsewhere" in text_of(page)
    form_to(page, "").submit(alice, to=undo_of(seen))
    assert far.hostdata()[0] == "5550100.0@sip.example.org"


# --- who may ------------------------------------------------------------------------------------------------------


def test_it_is_nowhere_for_a_stranger_and_refused_to_who_only_looks(
    mallory: Browser,
    viewer: User,
    team: Team,
    browser_of: Callable[[User], Browser],
    far: Far,
    deleted: Change,
) -> None:
    share(far.credential, team)
    looks = browser_of(viewer)

    assert mallory.get(undo_of(deleted)).status_code == 404
    assert mallory.post(undo_of(deleted)).status_code == 404
    assert looks.get(undo_of(deleted)).status_code == 403
    assert looks.post(undo_of(deleted), {"fingerprint": "x"}).status_code == 403
    assert far.writes() == ["deleteall"]


def test_a_forged_post_is_refused(careful: Browser, far: Far, deleted: Change) -> None:
    fields = form_to(careful.get(undo_of(deleted)), "").fields

    assert careful.post(undo_of(deleted), {"fingerprint": fields["fingerprint"]}).status_code == 403
    assert far.writes() == ["deleteall"]


def test_markup_of_others_stays_text(alice: Browser, far: Far, write: Callable[..., Change]) -> None:
    far.set(far.records[0], hostdata="<script>x</script>@example.org")
    change = write("x@example.org")
    Change.objects.update(reason="<b>bold</b>")

    assert b"<script>x" not in alice.get(undo_of(change)).content
    assert b"<b>bold" not in alice.get(undo_of(change)).content
    assert b"<script>x" not in alice.get(f"{far.address}history/?at=before-{change.pk}").content
