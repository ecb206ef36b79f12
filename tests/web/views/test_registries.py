"""The registries at a glance, and the wire view."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Exchange
from dashboard.services.credentials.connection import connect
from tests.fixtures_people import sealed_credential
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, elements_of, form_to, text_of

ADDRESS = "/registries/"
MASK = "••••"


def test_shows_how_every_command_went_last(alice: Browser, far: Far) -> None:
    alice.get(far.address)
    far.form(alice).submit(alice, **typed())
    far.registry.fault("list", "bad")
    alice.get(f"/credentials/{far.credential.pk}/numbers/")
    page = alice.get(ADDRESS)

    assert page.status_code == 200
    said = text_of(page)
    for words in ("show OK", "update OK", "list BAD", "deleteall not used yet", far.registry.url):
        assert words in said


def test_names_number_and_record_of_each_exchange(alice: Browser, far: Far) -> None:
    alice.get(f"/credentials/{far.credential.pk}/numbers/")
    alice.get(far.address)
    far.form(alice).submit(alice, **typed())
    said = text_of(alice.get(ADDRESS))

    assert "show OK +1 200 555 0100 HTTP 200" in said
    assert f"update OK +1 200 555 0100 {typed()['service']} {typed()['hostdata']} HTTP 200" in said
    assert "list OK HTTP 200" in said


def test_names_by_its_id_what_nobody_knows(alice: Browser, far: Far) -> None:
    far.registry.fault("show", "bad-silent")
    alice.get(far.address)
    connect(far.credential.user, far.credential).getnaptr(far.records[0])
    Exchange.objects.filter(command="getnaptr").update(request="command=getnaptr&id=1234567")

    said = text_of(alice.get(ADDRESS))
    assert f"show BAD number with the id {far.number} HTTP" in said
    assert "getnaptr OK record with the id 1234567 HTTP" in said


@pytest.mark.parametrize("request_", ["", "command=show", "id=", "id=x", "id=-1", "id=" + "9" * 19, "id=%D9%A3"])
def test_shows_a_request_without_a_usable_id(alice: Browser, far: Far, request_: str) -> None:
    alice.get(far.address)
    Exchange.objects.update(request=request_)

    assert "show OK HTTP 200" in text_of(alice.get(ADDRESS))


def test_landmarks_have_names_of_their_own(alice: Browser, far: Far) -> None:
    sealed_credential(far.credential.user, far.credential.registry, "another", far.registry.secret, "Second")
    alice.get(far.address)
    alice.get(far.address)
    page = alice.get(ADDRESS)

    named = [given["aria-labelledby"] for given in elements_of(page, "section")]
    assert all(len(name.split()) == 2 for name in named[:-1])
    assert not [given for given in elements_of(page, "pre") if given["role"] == "region"]


def test_asks_no_registry_itself(alice: Browser, far: Far) -> None:
    alice.get(ADDRESS)

    assert far.registry.requests == 0


def test_shows_request_and_reply_as_they_went_over_the_wire(alice: Browser, far: Far) -> None:
    alice.get(far.address)
    said = text_of(alice.get(ADDRESS))

    assert "command=show" in said
    assert f"id={far.number}" in said
    assert f"secret={MASK}" in said
    assert "response=OK" in said
    assert f"{far.records[0]},1,200,5550100,100,10,SIP,5550100.0@sip.example.org" in said


@pytest.mark.parametrize(
    "kind", ["echo", "echo-disguised", "echo-html", "echo-status-line", "echo-location", "echo-row"]
)
def test_blots_a_secret_out_wherever_the_registry_puts_it(alice: Browser, far: Far, kind: str) -> None:
    far.registry.fault("show", kind)
    alice.get(far.address)
    html = alice.get(ADDRESS).content.decode()

    disguised = "".join(f"%{ord(character):02X}" for character in far.registry.secret.upper())
    assert far.registry.secret not in html.lower()
    assert disguised.lower() not in html.lower()


def test_shows_whatever_a_registry_sends_as_text(alice: Browser, far: Far) -> None:
    far.registry.fault("show", "bad", error="<script>alert(1)</script>")
    alice.get(far.address)
    page = alice.get(ADDRESS)

    assert "<script>alert" not in page.content.decode()


def test_offers_a_check_for_each_credential(alice: Browser, far: Far) -> None:
    answer = form_to(alice.get(ADDRESS), f"/credentials/{far.credential.pk}/check/").submit(alice)

    assert answer.status_code == 302
    assert far.registry.count("ping") == 1


def test_shows_a_stranger_none_of_it(alice: Browser, mallory: Browser, far: Far) -> None:
    alice.get(far.address)
    said = text_of(mallory.get(ADDRESS))

    assert "No registry to look at yet" in said
    assert "command=show" not in said
    assert far.registry.url not in said


def test_costs_the_same_for_one_exchange_and_for_many(alice: Browser, far: Far) -> None:
    alice.get(far.address)
    with CaptureQueriesContext(connection) as few:
        alice.get(ADDRESS)
    for _ in range(20):
        alice.get(far.address)
    with CaptureQueriesContext(connection) as many:
        alice.get(ADDRESS)

    assert len(many) == len(few)


def test_keeps_few_exchanges_however_many_there_were(alice: Browser, far: Far) -> None:
    for _ in range(140):
        alice.get(far.address)

    assert Exchange.objects.count() <= 74  # ten of a command, and at most sixty-four between two trims


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get(ADDRESS), ADDRESS)


def test_takes_no_posts_and_answers_head(alice: Browser) -> None:
    assert alice.post(ADDRESS).status_code == 405
    assert alice.head(ADDRESS).status_code == 200
