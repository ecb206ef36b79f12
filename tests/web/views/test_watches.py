"""What people watch, on pages: for themselves and, as managers, for their teams."""

import pytest
from django.test import Client as Browser

from dashboard.models import AuditEvent, Credential, Email, Kind, NumberNote, Team, User, Watch
from dashboard.registry.models import Number
from tests.fixtures_mail import MailServer
from tests.fixtures_people import share
from tests.fixtures_told import watch
from tests.web.views.pages import form_to, text_of

pytestmark = pytest.mark.django_db

CHOSEN = {"changed": "on", "seen": "on", "email": "now"}


@pytest.fixture
def victor(viewer: User, team: Team, credential: Credential, browser_of: object) -> Browser:
    """Victor's browser, who sees Alice's credential."""
    share(credential, team)
    browser = Browser()
    browser.force_login(viewer)
    return browser


def test_a_number_is_watched_from_its_page(
    alice: Browser, credential: Credential, numbers: list[Number], mails: MailServer
) -> None:
    page = alice.get(f"/credentials/{credential.pk}/numbers/{numbers[0].pk}/")
    there = f"/watches/add/?credential={credential.pk}&number={numbers[0].pk}"
    assert there.replace("&", "&amp;") in page.content.decode()

    answer = alice.post(there, CHOSEN, follow=True)

    made = Watch.objects.get()
    assert (made.number_id, made.number) == (numbers[0].pk, numbers[0].digits)
    assert made.asked_for == [Kind.CHANGED, Kind.SEEN]
    assert "It is watched from now on." in text_of(answer)
    assert "changes by others, changes made elsewhere" in text_of(answer)


def test_a_whole_credential_is_watched_from_its_page(alice: Browser, credential: Credential) -> None:
    page = alice.get(f"/credentials/{credential.pk}/").content.decode()
    assert f"/watches/add/?credential={credential.pk}" in page
    alice.post(f"/watches/add/?credential={credential.pk}", CHOSEN)
    assert Watch.objects.get().number_id is None


def test_watching_twice_leads_to_the_watch_that_is_there(
    alice: Browser, person: User, credential: Credential
) -> None:
    earlier = watch(person, credential)
    answer = alice.post(f"/watches/add/?credential={credential.pk}", CHOSEN)
    assert answer["Location"] == f"/watches/{earlier.pk}/"
    assert Watch.objects.count() == 1


@pytest.mark.parametrize("typed", [{"email": "now"}, {"changed": "on", "email": "none"}, {"changed": "on"}])
def test_a_watch_that_tells_of_nothing_or_nobody_is_refused_and_stays_as_it_was_typed(
    alice: Browser, credential: Credential, typed: dict[str, str]
) -> None:
    answer = alice.post(f"/watches/add/?credential={credential.pk}", typed)
    assert answer.status_code == 422
    assert not Watch.objects.exists()


def test_a_watch_is_changed_and_removed(alice: Browser, person: User, credential: Credential) -> None:
    made = watch(person, credential)
    form = form_to(alice.get(f"/watches/{made.pk}/"), f"/watches/{made.pk}/")
    assert form.fields["email"] == "none"
    alice.post(form.action, {"dns": "on", "email": "daily"})
    made.refresh_from_db()
    assert (made.asked_for, made.email, made.to_webhooks) == ([Kind.DNS], Email.DAILY, False)

    alice.post(f"/watches/{made.pk}/remove/")
    assert not Watch.objects.exists()


def test_only_a_manager_watches_for_the_team_and_members_see_it(
    alice: Browser, victor: Browser, credential: Credential, team: Team
) -> None:
    address = f"/watches/add/?credential={credential.pk}"
    assert "Office" not in text_of(victor.get(address))
    alice.post(address, CHOSEN | {"team": str(team.pk)})

    made = Watch.objects.get()
    assert made.team == team
    assert "Office" in text_of(victor.get("/watches/"))
    assert f"/watches/{made.pk}/remove/" not in victor.get("/watches/").content.decode()
    assert victor.get(f"/watches/{made.pk}/").status_code == 403
    assert victor.post(f"/watches/{made.pk}/remove/").status_code == 403
    assert AuditEvent.objects.filter(event="watch.added", team=team).exists()


def test_nobody_watches_what_they_do_not_see_or_for_a_team_of_others(
    alice: Browser, mallory: Browser, stranger: User, credential: Credential
) -> None:
    assert mallory.post(f"/watches/add/?credential={credential.pk}", CHOSEN).status_code == 404
    others = Team.objects.create(name="Others")
    answer = alice.post(f"/watches/add/?credential={credential.pk}", CHOSEN | {"team": str(others.pk)})
    assert Watch.objects.filter(team=others).count() == 0
    assert answer.status_code in {302, 422}


def test_a_watch_of_a_credential_that_one_lost_is_not_shown(
    victor: Browser, viewer: User, credential: Credential
) -> None:
    watch(viewer, credential)
    assert "Embedded" in text_of(victor.get("/watches/"))
    credential.shares.all().delete()
    assert "Embedded" not in text_of(victor.get("/watches/"))


@pytest.mark.parametrize(
    "query", ["credential=x", "credential=1&number=-1", f"credential={'9' * 40}", "credential=²"]
)
def test_an_address_that_names_nothing_is_404(alice: Browser, credential: Credential, query: str) -> None:
    assert alice.get(f"/watches/add/?{query}").status_code == 404


def test_a_page_says_that_no_mail_is_sent(alice: Browser) -> None:
    assert "This server sends no mail" in text_of(alice.get("/watches/"))


def test_a_page_says_that_there_is_no_address_to_send_mail_to(
    alice: Browser, person: User, mails: MailServer
) -> None:
    assert "You get no mail" in text_of(alice.get("/watches/"))
    person.email = "alice@example.org"
    person.save()
    assert "You get no mail" not in text_of(alice.get("/watches/"))


def test_without_a_choice_the_credentials_are_offered(alice: Browser, credential: Credential) -> None:
    assert f"/watches/add/?credential={credential.pk}" in alice.get("/watches/add/").content.decode()


def test_the_numbers_of_a_tag_are_watched(alice: Browser, credential: Credential) -> None:
    address = f"/watches/add/?credential={credential.pk}"
    assert "tag" not in form_to(alice.get(address), address).fields
    NumberNote.objects.create(credential=credential, number_id=7, tags="door office")
    assert alice.post(address, CHOSEN | {"tag": "none"}).status_code == 422

    answer = alice.post(address, CHOSEN | {"tag": "office"}, follow=True)

    assert Watch.objects.get().tag == "office"
    assert "those with the tag “office”" in text_of(answer)
    alice.post(address, CHOSEN)
    assert Watch.objects.count() == 2
