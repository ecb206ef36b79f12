"""What waits to be published: said to people on their number, and to administrators where they look."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from dashboard.models import Credential
from dashboard.registry.models import NameServer, Number, Publication, Record
from tests.registry.publishing import make_server
from tests.web.views.pages import text_of

HTMX = {"HX-Request": "true"}
PROBLEM = "127.0.0.1:1 finds the signature wrong (BADSIG)."
STOPPED = "127.0.0.1:1 refuses changes, and is tried again now and then."
PLACES = ["/admin/", "/registries/"]


@pytest.fixture
def server(numbers: list[Number]) -> NameServer:
    """A name server to which nothing has been sent, and numbers that are no fiction."""
    Number.objects.update(is_sample=False)
    return make_server()


@pytest.fixture
def address(credential: Credential, numbers: list[Number]) -> str:
    """What the DNS says about the first number."""
    return f"/credentials/{credential.pk}/numbers/{numbers[0].pk}/dns/"


def hold(server: NameServer, *, refusals: int) -> None:
    NameServer.objects.filter(pk=server.pk).update(refusals=refusals, problem=PROBLEM, problem_at=timezone.now())


def said(browser: Browser, address: str) -> str:
    return text_of(browser.get(address, headers=HTMX))


def test_a_change_that_has_not_arrived_is_on_its_way(alice: Browser, address: str, server: NameServer) -> None:
    assert "The last change is on its way to 127.0.0.1:1." in said(alice, address)


def test_a_change_that_has_arrived_needs_no_words(alice: Browser, address: str, server: NameServer) -> None:
    Publication.objects.update(done=7, wanted=7)

    assert "change" not in said(alice, address)


def test_a_server_that_is_down_is_said_to_be_tried_again(alice: Browser, address: str, server: NameServer) -> None:
    hold(server, refusals=0)

    text = said(alice, address)
    assert "127.0.0.1:1 does not have the last change yet, and is tried again by itself." in text
    assert PROBLEM in text


def test_a_number_that_is_refused_says_why(alice: Browser, address: str, server: NameServer) -> None:
    Publication.objects.update(problem="The pattern is no regular expression.")

    text = said(alice, address)
    assert "127.0.0.1:1 does not take this number as it is." in text
    assert "The pattern is no regular expression." in text


def test_a_stopped_server_is_said_without_a_way_that_is_closed(
    alice: Browser, address: str, server: NameServer
) -> None:
    hold(server, refusals=1)

    text = said(alice, address)
    assert STOPPED in text
    assert PROBLEM in text
    assert "/admin/" not in alice.get(address, headers=HTMX).content.decode()


def test_a_block_waits_too(alice: Browser, address: str, numbers: list[Number], server: NameServer) -> None:
    Number.objects.filter(pk=numbers[0].pk).update(is_block=True)
    Publication.objects.filter(name=numbers[0].name).update(name=numbers[0].name + "*")

    assert "The last change is on its way" in said(alice, address)


@pytest.mark.parametrize("place", PLACES)
def test_administrators_see_a_stopped_server_where_they_look(
    admin_client: Browser, server: NameServer, place: str
) -> None:
    hold(server, refusals=1)

    page = admin_client.get(place)
    assert "The name server 127.0.0.1:1 refuses changes. It is tried again now and then" in text_of(page)
    assert PROBLEM in text_of(page)
    assert 'href="/admin/registry/nameserver/"' in page.content.decode()


@pytest.mark.parametrize("place", PLACES)
def test_servers_that_work_or_are_disabled_are_no_news(admin_client: Browser, server: NameServer, place: str) -> None:
    assert "127.0.0.1:1" not in text_of(admin_client.get(place))
    hold(server, refusals=1)
    NameServer.objects.update(is_enabled=False)

    assert "127.0.0.1:1" not in text_of(admin_client.get(place))


def test_others_are_not_told_about_servers(alice: Browser, server: NameServer) -> None:
    hold(server, refusals=1)

    assert PROBLEM not in text_of(alice.get("/registries/"))


def test_the_admins_page_of_a_number_says_why_it_waits(
    admin_client: Browser, numbers: list[Number], server: NameServer
) -> None:
    hold(server, refusals=1)
    page = f"/admin/registry/number/{numbers[0].pk}/change/"
    assert f"127.0.0.1:1: waits to be sent. {PROBLEM}" in text_of(admin_client.get(page))

    NameServer.objects.update(is_enabled=False, problem="")
    assert "waits to be sent. The name server is disabled." in text_of(admin_client.get(page))


def test_a_record_that_is_left_out_is_said_to_be_explained_on_its_form(
    alice: Browser, address: str, numbers: list[Number]
) -> None:
    # Stored before anybody looked.
    Record.objects.create(number=numbers[0], preference=40, service="SIP", hostdata='"quoted name"@example.org')

    assert "1 record is left out of the DNS, because it makes no usable address." in said(alice, address)
    assert "which no URI can hold" in text_of(alice.get(address.removesuffix("dns/")))
