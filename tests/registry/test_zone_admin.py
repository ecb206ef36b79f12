"""What an administrator does with the zone and its name servers, and what nobody else sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dashboard.nameservers import Address
from dashboard.registry import store, zones
from dashboard.registry.models import Account, Delegation, NameServer, Number, Publication, Record, Zone
from dashboard.registry.publishing import queue
from tests.nameservers.faulty_server import FaultyServer
from tests.registry.conftest import make_number
from tests.registry.publishing import KEY, bulk, make_server, make_zone, waiting
from tests.registry.test_admin import ADMIN, number_form, page
from tests.registry.test_session import Stub

TEXT = f"{KEY.algorithm}:{KEY.name}:{KEY.secret}"
PAGES = [
    "zone_changelist",
    "delegation_changelist",
    "delegation_add",
    "nameserver_changelist",
    "nameserver_add",
    "publication_changelist",
]


def zone_form(**values: object) -> dict[str, object]:
    """What the browser sends for the zone."""
    form: dict[str, object] = {
        "suffix": "e164.test",
        "ttl": 300,
        "max_digits": 15,
        "primary": "",
        "hostmaster": "hostmaster@example.org",
        "hosts": "ns1.example.org",
        "negative_ttl": 300,
        "writes_file": "on",
    }
    return form | values


def save_zone(client: Client, **values: object) -> str:
    response = client.post(reverse(ADMIN + "zone_change", args=[Zone.current().pk]), zone_form(**values))
    return "" if response.status_code == 302 else response.content.decode()


def save_server(client: Client, server: NameServer | None = None, /, **values: object) -> str:
    url = reverse(ADMIN + "nameserver_change", args=[server.pk]) if server else reverse(ADMIN + "nameserver_add")
    response = client.post(
        url, {"zone": Zone.current().pk, "address": "192.0.2.1", "key": TEXT, "is_enabled": "on"} | values
    )
    return "" if response.status_code == 302 else response.content.decode()


def act(client: Client, action: str, *servers: NameServer) -> str:
    form = {"action": action, "_selected_action": [server.pk for server in servers]}
    return client.post(reverse(ADMIN + "nameserver_changelist"), form, follow=True).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_away(db: None, client: Client, name: str) -> None:
    assert client.get(reverse(ADMIN + name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_staff_without_the_right_see_nothing(db: None, client: Client, name: str) -> None:
    client.force_login(get_user_model().objects.create_user("helper", password="x", is_staff=True))
    assert client.get(reverse(ADMIN + name), follow=True).status_code == 403


def test_the_zone_file_is_for_those_who_may_see_the_zone(db: None, client: Client) -> None:
    url = reverse(ADMIN + "zone_file", args=[Zone.current().pk])
    assert client.get(url).status_code == 302
    client.force_login(get_user_model().objects.create_user("helper", password="x", is_staff=True))
    assert client.get(url).status_code == 403


def test_a_zone_that_is_not_there_has_no_file(admin_client: Client) -> None:
    assert admin_client.get(reverse(ADMIN + "zone_file", args=[99])).status_code == 404


# --- the zone ---------------------------------------------------------------------------------------------------
def test_the_list_of_zones_leads_to_the_only_one(admin_client: Client) -> None:
    response = admin_client.get(reverse(ADMIN + "zone_changelist"), follow=True)
    assert response.redirect_chain
    assert "Download the zone file" in response.content.decode()


def test_the_first_zone_cannot_be_deleted(admin_client: Client) -> None:
    zone = Zone.current()
    assert admin_client.post(reverse(ADMIN + "zone_delete", args=[zone.pk]), {"post": "yes"}).status_code == 403


def test_a_change_of_the_zone_is_published(admin_client: Client, record: Record) -> None:
    server = make_server()
    queue.confirm(queue.take(server.pk, 10))
    assert save_zone(admin_client, ttl=600) == ""
    assert Zone.current().ttl == 600
    assert waiting() == {record.number.name}


def test_rules_that_numbers_break_are_refused(admin_client: Client, number: Number) -> None:
    assert "1 number of the registry breaks these rules." in save_zone(admin_client, max_digits=5)
    assert Zone.current().max_digits == 15


def test_a_name_server_inside_the_zone_needs_its_address(admin_client: Client) -> None:
    assert "needs its address" in save_zone(admin_client, hosts="ns.e164.test")
    assert save_zone(admin_client, hosts="ns.e164.test 192.0.2.1") == ""


def test_the_zone_file_is_a_download_with_a_new_serial_each_time(admin_client: Client, record: Record) -> None:
    make_zone(suffix="e164.test")
    responses = [admin_client.get(reverse(ADMIN + "zone_file", args=[Zone.current().pk])) for _ in range(2)]
    assert responses[0]["Content-Type"] == "text/dns"
    assert responses[0]["Content-Disposition"] == 'attachment; filename="e164.test.zone"'
    assert responses[0].streaming
    first, second = (response.getvalue().decode() for response in responses)
    assert "sip:alice@example.org" in first
    assert first.splitlines()[2] != second.splitlines()[2]


# --- name servers -----------------------------------------------------------------------------------------------
def test_a_new_server_gets_every_number(admin_client: Client, record: Record) -> None:
    assert save_server(admin_client) == ""
    assert NameServer.objects.get().key == KEY
    assert waiting() == {record.number.name}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"key": ""}, "needs a key"),
        ({"key": "hmac-md5:x:AAAA"}, "algorithm must be one of"),
        ({"key": "only-a-secret"}, "A key is"),
        ({"address": "a b"}, "no name server"),
    ],
)
def test_what_could_not_be_used_is_refused(admin_client: Client, values: dict[str, object], sentence: str) -> None:
    assert sentence in save_server(admin_client, None, **values)
    assert not NameServer.objects.exists()


def test_the_key_is_never_shown_and_stays_unless_one_is_typed(admin_client: Client) -> None:
    server = make_server(Address("192.0.2.1"))
    assert save_server(admin_client, server, key="", is_enabled="") == ""
    assert NameServer.objects.get().key == KEY
    seen = page(admin_client, "nameserver_change", server.pk) + page(admin_client, "nameserver_changelist")
    seen += save_server(admin_client, server, address="", key=TEXT)
    assert KEY.secret not in seen
    assert server.sealed not in seen
    assert "hmac-sha256:e164web" in seen


def test_no_key_goes_to_another_address_without_being_typed_again(admin_client: Client) -> None:
    server = make_server(Address("192.0.2.1"))
    assert "Enter the key again" in save_server(admin_client, server, address="192.0.2.2", key="")
    assert save_server(admin_client, server, address="192.0.2.1:53", key="") == ""  # the same one
    assert save_server(admin_client, server, address="192.0.2.2") == ""


def test_a_filter_does_not_give_the_sealed_key_away(admin_client: Client) -> None:
    make_server()
    response = admin_client.get(reverse(ADMIN + "nameserver_changelist"), {"sealed__startswith": "g"})
    assert response.status_code in {302, 400}


def test_a_stopped_server_says_why_and_is_resumed(admin_client: Client, record: Record) -> None:
    server = make_server()
    NameServer.objects.update(refusals=1, problem="It refuses <all> of it.")
    assert "It refuses &lt;all&gt; of it." in page(admin_client, "nameserver_changelist")
    assert "Resumed: 1." in act(admin_client, "resume", server)
    assert not NameServer.objects.get().is_refusing


@pytest.fixture
def answering(db: None) -> Iterator[NameServer]:
    stub = Stub()
    with FaultyServer(on_tcp=stub.on_tcp) as faulty:
        yield make_server(faulty.address)


def test_a_check_asks_the_server_now(admin_client: Client, answering: NameServer) -> None:
    assert "has the zone with serial 1" in act(admin_client, "ask_now", answering)


def test_a_check_says_what_is_wrong(admin_client: Client) -> None:
    assert "Nothing listens at" in act(admin_client, "ask_now", make_server())
    NameServer.objects.update(sealed="rubbish")
    assert "enter it again" in act(admin_client, "ask_now", NameServer.objects.get())


def test_everything_can_be_sent_once_more(admin_client: Client, record: Record) -> None:
    server = make_server()
    queue.confirm(queue.take(server.pk, 10))
    act(admin_client, "send_everything", server)
    assert waiting() == {record.number.name}


def test_a_server_with_many_numbers_goes_without_listing_them(
    admin_client: Client, alice: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulk(alice, 300)
    server = make_server()
    url = reverse(ADMIN + "nameserver_delete", args=[server.pk])
    with django_assert_max_num_queries(10):
        assert len(admin_client.get(url).content) < 24_000
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Publication.objects.exists()


# --- what is published ------------------------------------------------------------------------------------------
def test_what_waits_and_what_is_wrong_can_be_found(admin_client: Client, record: Record, bobs_record: Record) -> None:
    server = make_server()
    taken = queue.take(server.pk, 10)
    Publication.objects.filter(name=record.number.name).update(problem="It is too large.")
    queue.confirm([row for row in taken if row.name == bobs_record.number.name])
    everything = page(admin_client, "publication_changelist")
    assert "+442079460958" in everything
    problems = page(admin_client, "publication_changelist", state="problem")
    assert "It is too large." in problems
    assert "+442079460958" not in problems
    assert "+442079460958" in page(admin_client, "publication_changelist", q="+44 20")
    form = {"action": "hurry", "_selected_action": [row.pk for row in Publication.objects.all()]}
    Publication.objects.update(retry_at="2100-01-01T00:00Z")
    admin_client.post(reverse(ADMIN + "publication_changelist"), form)
    assert queue.due(server.pk).count() == 1


def test_what_is_published_is_nobodys_to_change(admin_client: Client, record: Record) -> None:
    make_server()
    assert admin_client.get(reverse(ADMIN + "publication_add")).status_code == 403
    row = Publication.objects.get()
    response = admin_client.post(reverse(ADMIN + "publication_delete", args=[row.pk]), {"post": "yes"})
    assert response.status_code == 403


def test_the_page_of_a_number_says_what_is_published_and_what_is_left_out(
    admin_client: Client, record: Record
) -> None:
    make_server(Address("192.0.2.1"))
    Record.objects.create(number=record.number, preference=99, service="SIP", hostdata="a b")
    seen = page(admin_client, "number_change", record.number.pk)
    assert "192.0.2.1: waits to be sent." in seen
    assert "Left out: The host data holds a blank" in seen
    assert "!^.*$!sip:alice@example.org!" in seen


def test_records_that_are_too_large_together_are_refused_at_the_form(admin_client: Client, number: Number) -> None:
    def records(count: int) -> list[dict[str, object]]:
        users = [f"{'x' * 150}{preference}@example.org" for preference in range(count)]
        return [{"preference": index, "service": "SIP", "hostdata": user} for index, user in enumerate(users)]

    url = reverse(ADMIN + "number_change", args=[number.pk])
    response = admin_client.post(url, number_form(number.account, *records(30)))
    assert "telephone systems read 4096 at most" in response.content.decode()
    assert not number.records.exists()
    assert admin_client.post(url, number_form(number.account, *records(15))).status_code == 302

    add = reverse(ADMIN + "record_add")
    for preference in range(20, 40):
        hostdata = f"{'x' * 150}{preference}@example.org"
        form = {"number": number.pk, "preference": preference, "service": "SIP", "hostdata": hostdata}
        response = admin_client.post(add, form)
        if response.status_code == 200:
            break
    assert "telephone systems read 4096 at most" in response.content.decode()


def test_a_number_beside_a_block_says_whose_answers_change(admin_client: Client, alice: Account) -> None:
    block = make_number(alice, "49", "30", "12")
    block.is_block = True
    store.save_number(block)
    store.create_record(block, preference=1, service="SIP", hostdata="block@example.org")
    form = number_form(
        alice,
        {"preference": 1, "service": "SIP", "hostdata": "one@example.org"},
        country="49",
        area="30",
        local="1234",
    )
    seen = admin_client.post(reverse(ADMIN + "number_add"), form, follow=True).content.decode()
    assert "The records of +49301234 itself answer for it, not those of the block +493012*." in seen
    number = Number.objects.get(digits="49301234")
    url = reverse(ADMIN + "number_delete", args=[number.pk])
    seen = admin_client.post(url, {"post": "yes"}, follow=True).content.decode()
    assert "will answer for +49301234 again" in seen


def test_a_callers_name_that_cannot_be_shown_is_refused(admin_client: Client, number: Number) -> None:
    url = reverse(ADMIN + "number_change", args=[number.pk])
    for name, sentence in (("\u202ex", "control characters"), ("ä" * 128, "256 octets")):
        response = admin_client.post(url, number_form(number.account, caller_name=name))
        assert sentence in response.content.decode()
    assert admin_client.post(url, number_form(number.account, caller_name="Ärzte")).status_code == 302
    assert Number.objects.get().caller_name == "Ärzte"


# --- several zones, and delegations -----------------------------------------------------------------------------
def test_an_apex_below_the_suffix_is_entered_and_what_is_outside_is_named(
    admin_client: Client, record: Record
) -> None:
    assert save_zone(admin_client, apex="4.2.4.0.E164.test.", leading_zero="on") == ""
    assert Zone.current().origin == "4.2.4.0.e164.test"
    seen = page(admin_client, "zone_change", Zone.current().pk)
    assert "no zone of this registry holds this number; they begin at 4.2.4.0.e164.test." in seen
    assert "domain:             4.2.4.0.e164.test\nnserver:            ns1.example.org" in seen
    assert "no zone of this registry holds" in page(admin_client, "number_change", record.number.pk)


def test_an_apex_that_makes_no_sense_is_refused(admin_client: Client) -> None:
    assert "neither below e164.test nor above it" in save_zone(admin_client, apex="tel.dn42")


def test_a_further_zone_is_added_listed_and_deleted(admin_client: Client, alice: Account) -> None:
    make_zone(leading_zero=True)
    server = make_server()
    inside = make_number(alice, "0424", "", "1")
    store.create_record(inside, preference=1, service="SIP", hostdata="a@example.org")
    queue.confirm(queue.take(server.pk, 10))
    add = reverse(ADMIN + "zone_add")
    assert 'value="e164.test"' in admin_client.get(add).content.decode()
    form = zone_form(apex="4.2.4.0.e164.test", leading_zero="on")
    seen = admin_client.post(add, form | {"suffix": "tel.dn42", "apex": "4.2.4.0.tel.dn42"}).content.decode()
    assert "All zones of this registry count from the same suffix, e164.test." in seen
    assert "already" in admin_client.post(add, form | {"apex": ""}).content.decode()
    assert admin_client.post(add, form).status_code == 302
    assert waiting() == {inside.name}
    assert "4.2.4.0.e164.test" in page(admin_client, "zone_changelist")

    lower = Zone.objects.get(apex="4.2.4.0.e164.test")
    assert save_server(admin_client, None, zone=lower.pk, address="127.0.0.1:1") == ""
    delete = reverse(ADMIN + "zone_delete", args=[lower.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403  # it has a name server
    lower.name_servers.all().delete()
    assert admin_client.post(delete, {"post": "yes"}).status_code == 302
    assert list(Zone.objects.all()) == [Zone.current()]


def test_no_key_goes_to_another_zone_without_being_typed_again(admin_client: Client) -> None:
    server = make_server(Address("192.0.2.1"))
    lower = Zone(suffix="e164.test", apex="1.e164.test")
    zones.save_zone(lower)
    assert "would be used for another zone" in save_server(admin_client, server, zone=lower.pk, key="")
    assert save_server(admin_client, server, zone=lower.pk) == ""


def test_one_server_may_have_several_zones_each_once(admin_client: Client) -> None:
    make_zone()
    lower = Zone(suffix="e164.test", apex="1.e164.test")
    zones.save_zone(lower)
    assert save_server(admin_client, None) == ""
    assert save_server(admin_client, None, zone=lower.pk) == ""
    assert "has this name server already" in save_server(admin_client, None, zone=lower.pk)


def test_a_delegation_says_which_numbers_it_takes_away_and_gives_them_back(
    admin_client: Client, record: Record
) -> None:
    make_zone()
    url = reverse(ADMIN + "delegation_add")
    form = {"digits": "+1 (604)", "hosts": "ns.4.0.6.1.e164.test", "ds": ""}
    assert "nobody would find it without its address" in admin_client.post(url, form).content.decode()
    assert not Delegation.objects.exists()
    form["hosts"] += " 192.0.2.1"
    seen = admin_client.post(url, form, follow=True).content.decode()
    assert "all numbers that begin with +1604 are delegated to ns.4.0.6.1.e164.test." in seen
    made = Delegation.objects.get()
    assert made.digits == "1604"
    seen = page(admin_client, "delegation_changelist") + page(admin_client, "delegation_change", made.pk)
    assert "e164.test" in seen
    admin_client.post(reverse(ADMIN + "delegation_delete", args=[made.pk]), {"post": "yes"})
    assert not Delegation.objects.exists()


def test_dn42_gets_the_object_that_its_registry_has_for_numbers(admin_client: Client) -> None:
    zone = make_zone(suffix="tel.dn42", apex="0.0.0.0.4.2.4.0.tel.dn42", leading_zero=True, hosts="ns1.foo.dn42")
    assert "enter them below" in page(admin_client, "zone_change", make_zone(hosts="localhost").pk)
    zone = make_zone(suffix="tel.dn42", apex="0.0.0.0.4.2.4.0.tel.dn42", leading_zero=True, hosts="ns1.foo.dn42")
    written = (Path(__file__).parents[2] / "docs" / "dn42.md").read_text()
    seen = page(admin_client, "zone_change", zone.pk)
    for line in ("telephony:          +04240000", "nserver:            ns1.foo.dn42"):
        assert line in seen
        assert line in written
