"""A number's note and tags: kept for all who may see the number, and never written over unseen."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, NumberNote, Role, Team, User
from dashboard.models.note import MAX_NOTE
from tests.fixtures_audit import events, last
from tests.fixtures_people import share
from tests.web.views.far import Far
from tests.web.views.pages import Form, errors_of, form_to, notices_of, text_of

pytestmark = pytest.mark.usefixtures("trail")
BrowserOf = Callable[[User], Browser]


def note_form(browser: Browser, far: Far) -> Form:
    return form_to(browser.get(f"{far.address}?note=1"), f"{far.address}note/")


def save(browser: Browser, far: Far, **typed: str) -> None:
    assert note_form(browser, far).submit(browser, **typed)["Location"] == far.address


def test_it_is_saved_shown_and_noted_down(alice: Browser, far: Far) -> None:
    save(alice, far, note="Reception.\nAsk Bob.", tags="Berlin, pbx  berlin")

    page = alice.get(far.address)
    assert "The note was saved." in notices_of(page)
    for words in ("Reception. Ask Bob.", "berlin pbx", "Change note and tags"):
        assert words in text_of(page)
    note = NumberNote.objects.get()
    assert (note.text, note.tag_list, note.number, note.person) == (
        "Reception.\nAsk Bob.",
        ["berlin", "pbx"],
        far.digits,
        "alice",
    )
    assert (last().event, last().by_name, last().words) == ("number.note", "alice", f"+{far.digits}")


def test_saving_the_same_again_writes_nothing(alice: Browser, far: Far) -> None:
    save(alice, far, note="once")
    save(alice, far, note="once")
    assert events().count("number.note") == 1
    assert NumberNote.objects.get().version == 1


def test_whoever_may_see_the_number_sees_it_and_editors_change_it(
    alice: Browser, far: Far, team: Team, viewer: User, editor: User, browser_of: BrowserOf
) -> None:
    save(alice, far, note="for all of us", tags="pbx")
    share(far.credential, team, Role.EDITOR)

    looking = browser_of(viewer)
    page = looking.get(far.address)
    assert "for all of us" in text_of(page)
    assert f"{far.address}note/" not in page.content.decode()
    assert looking.post(f"{far.address}note/", {"note": "mine", "version": "1"}).status_code == 403
    save(browser_of(editor), far, note="by Edith")
    assert NumberNote.objects.get().person == "edith"


def test_two_who_write_at_one_time_see_both_versions_and_nothing_is_lost(
    alice: Browser, far: Far, team: Team, editor: User, browser_of: BrowserOf
) -> None:
    share(far.credential, team, Role.EDITOR)
    mine = note_form(alice, far)
    save(browser_of(editor), far, note="by Edith", tags="hers")
    answer = mine.submit(alice, note="by Alice", tags="mine")

    assert answer.status_code == 409
    said = text_of(answer)
    for words in ("edith changed the note meanwhile, so nothing was saved.", "by Edith", "hers", "Save mine over it"):
        assert words in said
    again = form_to(answer, f"{far.address}note/")
    assert again.fields["tags"] == "mine"
    assert "by Alice" in answer.content.decode()
    assert NumberNote.objects.get().text == "by Edith"

    assert again.submit(alice, note="by Alice").status_code == 302
    assert (NumberNote.objects.get().text, NumberNote.objects.get().tags) == ("by Alice", "mine")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"note": "n" * (MAX_NOTE + 1)}, "Ensure this value has at most 2000 characters (it has 2001)."),
        ({"note": "a\0b"}, "Null characters are not allowed."),
        ({"version": "x"}, ""),
    ],
)
def test_what_cannot_be_saved_stays_in_the_form(alice: Browser, far: Far, typed: dict[str, str], error: str) -> None:
    page = note_form(alice, far).submit(alice, **({"tags": "kept"} | typed))

    assert page.status_code == 422
    assert form_to(page, f"{far.address}note/").fields["tags"] == "kept"
    assert error in errors_of(page) if error else "This form is incomplete. Load the page again." in notices_of(page)
    assert not NumberNote.objects.exists()


def test_a_note_is_text(alice: Browser, far: Far) -> None:
    save(alice, far, note="<script>alert(1)</script>", tags="<b>bold</b>")
    for address in (far.address, f"/credentials/{far.credential.pk}/numbers/"):
        assert "<script>alert" not in (shown := alice.get(address).content.decode())
        assert "<b>bold" not in shown


@pytest.mark.parametrize("query", ["pbx", "RECEPTION", "ask bob", "+1 200 555 0100"])
def test_the_list_shows_tags_and_is_searched_by_them_and_by_notes(alice: Browser, far: Far, query: str) -> None:
    save(alice, far, note="Reception. Ask Bob.", tags="berlin pbx")
    listed = f"/credentials/{far.credential.pk}/numbers/"
    assert "berlin pbx" in text_of(alice.get(listed))

    said = text_of(alice.get(listed, {"q": query}))
    assert "+1 200 555 0100" in said
    assert "+1 200 555 0101" not in said


@pytest.mark.parametrize("query", ["nobody noted this", "a\0b"])
def test_what_nobody_noted_is_not_found(alice: Browser, far: Far, query: str) -> None:
    page = alice.get(f"/credentials/{far.credential.pk}/numbers/", {"q": query})
    assert page.status_code == 200
    assert "No number matches" in text_of(page)


def test_a_number_that_is_not_the_accounts_has_no_note(alice: Browser, far: Far) -> None:
    address = f"/credentials/{far.credential.pk}/numbers/999/note/"
    assert alice.post(address, {"note": "x", "version": "0"}).status_code == 404
    assert not NumberNote.objects.exists()


def test_notes_go_with_their_credential(alice: Browser, far: Far) -> None:
    save(alice, far, note="gone")
    Credential.objects.all().delete()
    assert not NumberNote.objects.exists()
