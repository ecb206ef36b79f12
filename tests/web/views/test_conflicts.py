"""Two browsers that edit the same record, and one that sends the same form twice."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change
from tests.web.views.far import Far, typed
from tests.web.views.pages import form_to, notices_of, text_of


def test_the_second_browser_sees_both_versions_and_nothing_is_sent(alice: Browser, far: Far) -> None:
    mine, theirs = far.form(alice), far.form(alice)
    theirs.submit(alice, hostdata="theirs@example.org")
    page = mine.submit(alice, **typed("mine@example.org"))

    assert page.status_code == 409
    assert "Somebody else changed this record while you were editing it. Nothing was sent." in notices_of(page)
    yours, now = text_of(page).split("At the registry now")
    assert "mine@example.org" in yours
    assert "sip:mine@example.org" in yours
    assert "theirs@example.org" in now
    assert far.writes() == ["update"]
    assert Change.objects.count() == 1


def test_mine_can_be_saved_over_theirs(alice: Browser, far: Far) -> None:
    mine, theirs = far.form(alice), far.form(alice)
    theirs.submit(alice, hostdata="theirs@example.org")
    page = mine.submit(alice, **typed("mine@example.org", preference="77"))
    answer = form_to(page, far.record_address()).submit(alice)

    assert answer["Location"] == far.address
    assert far.hostdata()[0] == "mine@example.org"
    assert far.registry.store.records[far.records[0]].preference == "77"
    assert Change.objects.first().before[0].hostdata == "theirs@example.org"  # type: ignore[union-attr]


def test_saving_mine_conflicts_again_when_it_changed_once_more(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    far.set(far.records[0], hostdata="theirs@example.org")
    page = mine.submit(alice, **typed("mine@example.org"))
    far.set(far.records[0], hostdata="theirs2@example.org")
    again = form_to(page, far.record_address()).submit(alice)

    assert again.status_code == 409
    assert "theirs2@example.org" in text_of(again)
    assert far.writes() == []


@pytest.mark.parametrize("values", [{"preference": "11"}, {"service": "IAX2"}, {"hostdata": "x@example.org"}])
def test_a_change_of_any_field_is_a_conflict(alice: Browser, far: Far, values: dict[str, str]) -> None:
    mine = far.form(alice)
    far.set(far.records[0], **values)

    assert mine.submit(alice, **typed()).status_code == 409


def test_a_change_of_another_record_is_none(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    far.set(far.records[1], hostdata="theirs@example.org")

    assert mine.submit(alice, **typed()).status_code == 302


def test_a_record_that_was_deleted_meanwhile_can_be_added_again(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    gone = far.records[0]
    far.remove(gone)
    page = mine.submit(alice, **typed("mine@example.org"))

    assert page.status_code == 409
    assert notices_of(page)[0] == ("Somebody else deleted this record while you were editing it. Nothing was sent.")
    assert "sip:mine@example.org" in text_of(page)
    assert far.writes() == []
    answer = form_to(page, far.again_address(gone)).submit(alice)
    assert answer["Location"] == far.address
    assert far.hostdata()[-1] == "mine@example.org"


def test_what_was_typed_wrongly_for_a_deleted_record_is_not_lost(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    gone = far.records[0]
    far.remove(gone)
    page = mine.submit(alice, **typed("typed wrongly", preference="x"))

    assert page.status_code == 422
    assert "Somebody else deleted this record while you were editing it. Nothing was sent." in notices_of(page)
    assert form_to(page, far.again_address(gone)).fields["hostdata"] == "typed wrongly"


def test_an_illegal_text_for_a_deleted_record_is_a_conflict_first(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    gone = far.records[0]
    far.remove(gone)
    page = mine.submit(alice, **typed("typed wrongly"))

    assert page.status_code == 409
    again = form_to(page, far.again_address(gone))
    assert again.fields["hostdata"] == "typed wrongly"
    assert again.submit(alice).status_code == 422
    assert far.writes() == []


def test_a_conflict_shows_any_text_as_text(alice: Browser, far: Far) -> None:
    mine = far.form(alice)
    far.set(far.records[0], hostdata="<script>alert(1)</script>")
    page = mine.submit(alice, **typed("o'brien!\\@example.org"))

    assert "<script>alert" not in page.content.decode()
    assert page.status_code in {409, 422}


def test_the_same_post_twice_adds_one_record(alice: Browser, far: Far) -> None:
    form = far.new_form(alice)
    first, second = form.submit(alice, **typed()), form.submit(alice, **typed())

    assert first["Location"] == second["Location"] == far.address
    assert notices_of(alice.get(far.address))[-1] == (
        "This form was sent before and is not sent twice. Its outcome: applied."
    )
    assert far.writes() == ["new"]
    assert Change.objects.count() == 1


def test_the_same_post_twice_changes_a_record_once(alice: Browser, far: Far) -> None:
    form = far.form(alice)
    form.submit(alice, **typed())
    again = form.submit(alice, **typed())

    assert again["Location"] == far.address
    assert far.writes() == ["update"]


def test_the_same_post_twice_says_what_came_of_the_first(alice: Browser, far: Far) -> None:
    far.registry.fault("update", "bad", times=1)
    form = far.form(alice)
    form.submit(alice, **typed())
    again = form.submit(alice, **typed("mine@example.org"))

    assert again.status_code == 422
    assert any("Its outcome: refused." in notice for notice in notices_of(again))
    assert form_to(again, far.record_address()).fields["hostdata"] == "mine@example.org"
    assert far.writes() == ["update"]


def test_a_form_that_was_refused_can_be_sent_again_from_its_own_page(alice: Browser, far: Far) -> None:
    far.registry.fault("update", "bad", times=1)
    page = far.form(alice).submit(alice, **typed())
    answer = form_to(page, far.record_address()).submit(alice)

    assert page.status_code == 422
    assert answer["Location"] == far.address
    assert far.hostdata()[0] == "new@example.org"


def test_two_people_may_send_the_same_token(alice: Browser, mallory: Browser, far: Far) -> None:
    form = far.form(alice)
    form.submit(alice, **typed())

    assert form.submit(mallory, **typed()).status_code == 404
    assert "applied" not in text_of(mallory.get("/history/"))


def test_every_form_of_a_page_has_a_token_of_its_own(alice: Browser, far: Far) -> None:
    page = alice.get(far.address)
    tokens = {form_to(page, far.record_address(place)).fields["submission"] for place in (0, 1)}

    assert len(tokens) == 2
    assert far.form(alice).fields["submission"] not in tokens
