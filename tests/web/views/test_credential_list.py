"""The page that lists a person's credentials."""

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Credential, User
from tests.web.views.pages import asks_to_sign_in, text_of

ADDRESS = "/credentials/"


def test_names_each_credential_its_login_and_how_it_was(alice: Browser, credential: Credential) -> None:
    Credential.objects.filter(pk=credential.pk).update(problem="It did not answer.", checked_at="2026-01-01T00:00Z")

    page = alice.get(ADDRESS)

    assert page.status_code == 200
    said = text_of(page)
    assert "Embedded" in said
    assert "alice at This registry" in said
    assert "fails" in said
    assert "It did not answer." in said


def test_shows_a_stranger_none_of_it(mallory: Browser, credential: Credential) -> None:
    page = mallory.get(ADDRESS)

    assert page.status_code == 200
    assert credential.label not in text_of(page)
    assert "No credentials yet" in text_of(page)


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get(ADDRESS), ADDRESS)


def test_takes_no_posts(alice: Browser) -> None:
    assert alice.post(ADDRESS).status_code == 405


def test_answers_head_with_no_body(alice: Browser, credential: Credential) -> None:
    page = alice.head(ADDRESS)

    assert page.status_code == 200
    assert page.content == b""


def test_costs_the_same_queries_for_one_credential_and_for_twenty(
    alice: Browser, person: User, credential: Credential
) -> None:
    with CaptureQueriesContext(connection) as few:
        alice.get(ADDRESS)
    for place in range(20):
        Credential.objects.create(
            user=person, registry=credential.registry, username=f"other{place}", label=f"Other {place}"
        )
    with CaptureQueriesContext(connection) as many:
        page = alice.get(ADDRESS)

    assert "Other 19" in text_of(page)
    assert len(many) == len(few)
