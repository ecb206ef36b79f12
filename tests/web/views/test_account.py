"""The page "Account": how one signs in, and where one is signed in."""

from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from dashboard.models import User
from tests.fixtures_people import PASSWORD
from tests.web.views.pages import elements_of, form_to, notices_of, text_of

ADDRESS = "/accounts/"
LOGIN = {"login": "alice", "password": PASSWORD}


def signed_in(agent: str) -> Browser:
    browser = Browser(headers={"user-agent": agent})
    browser.post("/accounts/login/", LOGIN)
    return browser


def test_every_link_of_the_page_leads_to_a_page(alice: Browser) -> None:
    page = alice.get(ADDRESS)
    links = {given["href"] for given in elements_of(page, "a") if given["href"].startswith(ADDRESS)}

    assert len(links) > 3
    assert {link: alice.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_menu_leads_to_it(alice: Browser) -> None:
    assert ADDRESS in [given["href"] for given in elements_of(alice.get("/credentials/"), "a")]


def test_another_session_is_named_and_can_be_ended_at_once(person: User) -> None:
    here, there = signed_in("Here 1.0"), signed_in("There <b>2.0")
    page = here.get(ADDRESS)
    assert "There <b>2.0" in text_of(page)
    ending = [form["action"] for form in elements_of(page, "form") if form["action"].endswith("/end/")]
    assert len(ending) == 1

    answer = here.post(ending[0], follow=True)
    assert "You are signed out there." in notices_of(answer)
    assert there.get("/credentials/").status_code == 302
    assert here.get("/credentials/").status_code == 200


def test_all_other_sessions_end_together(person: User) -> None:
    here, others = signed_in("Here"), [signed_in("There"), signed_in("Elsewhere")]
    form_to(here.get(ADDRESS), "/accounts/sessions/").submit(here)

    assert [other.get("/credentials/").status_code for other in others] == [302, 302]
    assert here.get("/credentials/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(person: User, mallory: Browser) -> None:
    theirs = signed_in("Here")
    session = UserSession.objects.get(user=person)

    assert mallory.post(f"{ADDRESS}sessions/{session.pk}/end/").status_code == 404
    assert theirs.get("/credentials/").status_code == 200


def test_a_session_that_began_before_there_was_a_list_is_on_it(alice: Browser) -> None:
    assert "This one" in text_of(alice.get(ADDRESS))


def test_somebody_without_a_password_is_offered_one(alice: Browser, person: User) -> None:
    person.set_unusable_password()
    person.save()
    browser = Browser()
    browser.force_login(person)
    assert "Set a password" in text_of(browser.get(ADDRESS))
    typed = {"password1": "quite a good one 77", "password2": "quite a good one 77"}

    assert browser.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
    assert browser.post("/accounts/password/set/", typed).status_code == 302
    person.refresh_from_db()
    assert person.check_password("quite a good one 77")
