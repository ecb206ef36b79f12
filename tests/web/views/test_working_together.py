"""People of a team at the same numbers: what each may do, whose it is, and who was there before."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, Credential, Membership, Role, Team, User
from dashboard.registry.models import Number, Record
from tests.fixtures_people import share
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of, form_to, notices_of, text_of

OF_THE_FRAME = ["/settings/theme/", "/accounts/logout/"]  # which stand on every page
WRITES = ["add/", "records/{record}/", "records/{record}/move/", "records/{record}/delete/", "delete-all/", ""]


@pytest.fixture
def victor(viewer: User) -> Browser:
    """The viewer's browser."""
    browser = Browser()
    browser.force_login(viewer)
    return browser


@pytest.fixture
def edith(editor: User) -> Browser:
    """The editor's browser."""
    browser = Browser()
    browser.force_login(editor)
    return browser


def test_a_viewer_reads_records_as_text_and_finds_no_form(
    victor: Browser, team: Team, credential: Credential, address: str
) -> None:
    share(credential, team)
    page = victor.get(address)

    text = text_of(page)
    assert "sip:5550123@sip.example.org" in text or "5550123" in text
    assert "Of alice, shared with Office. You may look at its records." in text
    assert "Add a record" not in text
    assert [form["action"] for form in elements_of(page, "form") if form["method"] == "post"] == OF_THE_FRAME


@pytest.mark.parametrize("path", WRITES)
def test_a_viewer_is_refused_every_hand_made_write(
    victor: Browser, team: Team, credential: Credential, address: str, numbers: list[Number], path: str
) -> None:
    share(credential, team)
    record = numbers[0].records.order_by("pk")[0]
    before = list(Record.objects.order_by("pk").values())
    answer = victor.post(
        address + path.format(record=record.pk),
        {"service": "SIP", "hostdata": "mine@example.org", "preference": "1", "fingerprint": "x", "digits": "1"},
    )

    assert answer.status_code == 403
    assert "You may look at “Embedded” and change nothing" in text_of(answer)
    assert list(Record.objects.order_by("pk").values()) == before
    assert not Change.objects.exists()


@pytest.mark.parametrize(("theirs", "of_share"), [(Role.VIEWER, Role.MANAGER), (Role.MANAGER, Role.VIEWER)])
def test_the_lower_of_two_roles_counts_on_the_page(
    team: Team, viewer: User, victor: Browser, credential: Credential, address: str, theirs: Role, of_share: Role
) -> None:
    Membership.objects.filter(user=viewer).update(role=theirs)
    share(credential, team, of_share)
    assert "You may look at its records." in text_of(victor.get(address))


def test_an_editor_changes_a_record_and_the_history_says_who(
    edith: Browser, alice: Browser, far: Far, team: Team, editor: User
) -> None:
    share(far.credential, team, Role.EDITOR)
    far.form(edith).submit(edith, hostdata="edith@example.org")

    assert far.hostdata()[0] == "edith@example.org"
    assert Change.objects.get().user == editor
    assert "edith" in text_of(alice.get("/history/"))
    assert "edith changed this number just now." in text_of(alice.get(far.address))
    # Who looks at their own change is not told of it.
    assert "changed this number" not in text_of(edith.get(far.address))


def test_a_conflict_names_who_was_first_and_when(edith: Browser, alice: Browser, far: Far, team: Team) -> None:
    share(far.credential, team)
    mine, theirs = far.form(alice), far.form(edith)
    theirs.submit(edith, hostdata="theirs@example.org")
    page = mine.submit(alice, **typed("mine@example.org"))

    assert page.status_code == 409
    assert "edith changed this record just now, while you were editing it. Nothing was sent." in notices_of(page)


def test_a_conflict_with_a_deletion_names_who_deleted(edith: Browser, alice: Browser, far: Far, team: Team) -> None:
    share(far.credential, team)
    mine = far.form(alice)
    asks = far.record_address() + "delete/"
    form_to(edith.get(asks), "").submit(edith, to=asks)
    page = mine.submit(alice, **typed("mine@example.org"))

    assert "edith deleted this record just now, while you were editing it. Nothing was sent." in notices_of(page)


def test_what_others_did_long_ago_is_for_the_history_alone(
    edith: Browser, alice: Browser, far: Far, team: Team
) -> None:
    share(far.credential, team)
    far.form(edith).submit(edith, hostdata="edith@example.org")
    Change.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert "changed this number" not in text_of(alice.get(far.address))


def test_a_credential_that_was_unshared_meanwhile_is_not_found_and_what_was_typed_is_there_to_copy(
    edith: Browser, far: Far, team: Team
) -> None:
    shared = share(far.credential, team)
    form = far.form(edith)
    shared.delete()
    page = form.submit(edith, **typed("typed@example.org"))

    assert page.status_code == 404
    assert "There is no such credential." in text_of(page)
    assert "typed@example.org" in text_of(page)
    assert far.writes() == []


def test_a_role_that_was_taken_while_the_registry_was_read_counts(
    edith: Browser, far: Far, team: Team, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(far.credential, team)
    form = far.form(edith)
    real, asked = access.credential, list[int]()

    def ask(person: User, pk: int, may: access.May) -> Credential:
        found = real(person, pk, may)
        if not asked:  # the page was let in; from now on they are a viewer
            Membership.objects.filter(user=editor).update(role=Role.VIEWER)
        asked.append(pk)
        return found

    monkeypatch.setattr(access, "credential", ask)
    page = form.submit(edith, **typed("late@example.org"))

    assert page.status_code == 403
    assert "late@example.org" in text_of(page)
    assert far.writes() == []
    assert not Change.objects.exists()


def test_lists_say_whose_a_credential_is_and_through_which_teams(
    victor: Browser, alice: Browser, team: Team, viewer: User, credential: Credential
) -> None:
    other = Team.objects.create(name="Switchboard")
    Membership.objects.create(team=other, user=viewer, role=Role.EDITOR)
    share(credential, team)
    share(credential, other)

    assert "Of alice, shared with Office, Switchboard. You may change its records." in text_of(
        victor.get("/credentials/")
    )
    # Alice is in the one team and shares with both.
    assert "Yours, shared with Office, Switchboard." in text_of(alice.get("/credentials/"))
    assert "Of alice, shared with Office, Switchboard." in text_of(
        victor.get(f"/credentials/{credential.pk}/numbers/")
    )


def test_the_only_shared_credential_is_the_first_page(victor: Browser, team: Team, credential: Credential) -> None:
    share(credential, team)
    assert victor.get("/")["Location"] == f"/credentials/{credential.pk}/numbers/"


def test_the_password_form_and_removal_are_the_owners_alone(
    edith: Browser, team: Team, credential: Credential
) -> None:
    share(credential, team)
    page = edith.get(f"/credentials/{credential.pk}/")

    assert "Change the password" not in text_of(page)
    assert "Remove" not in text_of(page)
    assert edith.post(f"/credentials/{credential.pk}/", {"password": "x"}).status_code == 403
    assert edith.post(f"/credentials/{credential.pk}/delete/").status_code == 403
    assert Credential.objects.filter(pk=credential.pk).exists()


@pytest.mark.parametrize("who", ["alice", "edith"])
def test_the_history_is_read_per_person_credential_number_and_team(
    alice: Browser, edith: Browser, far: Far, team: Team, who: str
) -> None:
    share(far.credential, team)
    for browser, text in ((alice, "one@example.org"), (edith, "two@example.org")):
        far.form(browser).submit(browser, hostdata=text)
    reader = {"alice": alice, "edith": edith}[who]

    def shown(**chosen: str | int) -> int:
        return reader.get("/history/", chosen).content.decode().count('<tr id="change-')

    assert shown() == 2
    assert shown(person="alice") == shown(person="edith") == 1
    assert shown(person="nobody") == 0
    assert shown(team=team.pk) == shown(credential=far.credential.pk) == shown(number=far.number) == 2
    assert shown(number=far.number + 1) == shown(credential=10**6) == shown(team=10**6) == shown(number="x") == 0


def test_a_viewer_finds_no_button_to_settle_what_is_open(
    victor: Browser, team: Team, credential: Credential, numbers: list[Number], address: str
) -> None:
    share(credential, team)
    change = Change.objects.create(
        person="alice",
        user=credential.user,
        credential=credential,
        command="delete",
        number_id=numbers[0].pk,
        number="16045550123",
    )
    for page in (victor.get(address), victor.get("/history/")):
        assert "Check what happened" not in text_of(page)
    assert victor.post(f"/history/{change.pk}/settle/").status_code == 403
    Change.objects.update(settled_at=timezone.now())
    assert victor.post(f"/history/{change.pk}/settle/").status_code == 403


def test_what_is_open_stays_visible_however_much_others_did_since(
    alice: Browser, credential: Credential, numbers: list[Number], address: str
) -> None:
    for settled_at in (None, *[timezone.now()] * 25):
        Change.objects.create(
            person="edith", credential=credential, command="update", number_id=numbers[0].pk, number="16045550123",
            outcome="unknown" if settled_at is None else "applied", settled_at=settled_at,
        )  # fmt: skip
    assert "Check what happened" in text_of(alice.get(address))
