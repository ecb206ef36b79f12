"""The zone and its name servers: what the first start makes, what a change does, what is refused."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from dashboard.enum import NumberRules
from dashboard.nameservers import Address, Key
from dashboard.registry import store, zones
from dashboard.registry.models import Account, NameServer, Number, Publication, Record, Zone
from dashboard.registry.publishing import queue
from dashboard.vault import SealError
from tests.registry.conftest import make_number
from tests.registry.publishing import KEY, make_server, make_zone, waiting

TEXT = f"{KEY.algorithm}:{KEY.name}:{KEY.secret}"
OTHER = Key("other", "YW5vdGhlciBzZWNyZXQgb2YgYSB0ZXN0LCBhcyBsb25nIGFzIGl0")
OTHER_TEXT = f"{OTHER.algorithm}:{OTHER.name}:{OTHER.secret}"


# --- prepare ----------------------------------------------------------------------------------------------------
def test_the_first_start_makes_the_zone_and_its_servers(record: Record) -> None:
    Zone.objects.all().delete()
    made = zones.prepare("tel.dn42", "", ["192.0.2.1", "[::1]:5300"], TEXT)
    assert [str(server) for server in made] == ["192.0.2.1", "[::1]:5300"]
    assert Zone.current().suffix == "tel.dn42"
    assert all(server.key == KEY for server in NameServer.objects.all())
    assert Publication.objects.count() == 2


def test_a_second_start_changes_nothing(record: Record) -> None:
    zones.prepare("tel.dn42", "", ["192.0.2.1"], TEXT)
    before = list(NameServer.objects.values()), list(Publication.objects.values())
    assert zones.prepare("tel.dn42", "", ["192.0.2.1:53"], TEXT) == []
    assert (list(NameServer.objects.values()), list(Publication.objects.values())) == before


def test_a_suffix_that_was_changed_in_the_admin_stays(db: None) -> None:
    zones.prepare("tel.dn42", "", [], "")
    make_zone(suffix="other.dn42")
    zones.prepare("tel.dn42", "", [], "")
    assert Zone.current().suffix == "other.dn42"


def test_another_key_is_given_to_the_servers_that_exist(db: None) -> None:
    zones.prepare("tel.dn42", "", ["192.0.2.1"], TEXT)
    NameServer.objects.update(refusals=1, problem="BADKEY")
    zones.prepare("tel.dn42", "", ["192.0.2.1"], OTHER_TEXT)
    server = NameServer.objects.get()
    assert (server.key, server.is_refusing, server.problem) == (OTHER, False, "")


def test_without_a_key_those_that_exist_keep_theirs(db: None) -> None:
    zones.prepare("tel.dn42", "", ["192.0.2.1"], TEXT)
    zones.prepare("tel.dn42", "", ["192.0.2.1"], "")
    assert NameServer.objects.get().key == KEY


@pytest.mark.parametrize(
    ("suffix", "servers", "key", "sentence"),
    [
        ("tel.dn42", ["192.0.2.1"], "", "nothing is sent unsigned"),
        ("tel.dn42", ["192.0.2.1"], "rubbish", "A key is"),
        ("tel.dn42", ["a b"], TEXT, "no name server's address"),
        ("not a name", [], "", "no domain name"),
        (f"{'x' * 60}." * 4 + "arpa", [], "", "no domain name"),
    ],
)
def test_what_contradicts_itself_is_refused_and_leaves_nothing(
    db: None, suffix: str, servers: list[str], key: str, sentence: str
) -> None:
    with pytest.raises(zones.NotPrepared, match=sentence):
        zones.prepare(suffix, "", servers, key)
    assert not Zone.objects.exists()
    assert not NameServer.objects.exists()


# --- facts ------------------------------------------------------------------------------------------------------
def test_the_facts_are_those_of_the_zone_and_its_enabled_servers(db: None) -> None:
    make_server(Address("192.0.2.1"))
    make_server(Address("192.0.2.2"))
    NameServer.objects.filter(address="192.0.2.2").update(is_enabled=False)
    make_zone(suffix="tel.dn42", max_digits=12, leading_zero=True, publishes_caller_names=True)
    (facts,) = zones.facts(["1"])
    assert (facts.suffix, facts.servers) == ("tel.dn42", (Address("192.0.2.1"),))
    assert (facts.rules, facts.caller_names) == (NumberRules(max_digits=12, leading_zero=True), True)


def test_a_zone_that_nobody_has_made_has_the_suffix_of_the_environment(db: None) -> None:
    assert zones.suffix() == settings.E164WEB.suffix


# --- the zone ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("suffix", "a..b"),
        ("suffix", "x y"),
        ("suffix", ""),
        ("suffix", "a.b\nc"),
        ("ttl", 59),
        ("ttl", 700_000),
        ("negative_ttl", 0),
        ("max_digits", 0),
        ("max_digits", 16),
        ("hostmaster", "nobody"),
        ("hostmaster", f"{'x' * 64}@example.org"),
        ("hosts", ""),
        ("hosts", "ns1.example.org\nns1.example.org"),
        ("hosts", "ns_1.example.org"),
        ("hosts", "ns1.e164.arpa"),
        ("hosts", "ns1.e164.arpa 300.0.2.1"),
        ("hosts", "ns1.example.org 192.0.2.1"),
        ("primary", "a b"),
    ],
)
def test_a_zone_that_no_file_could_hold_is_refused_at_its_field(db: None, field: str, value: object) -> None:
    zone = Zone(suffix="e164.arpa")
    setattr(zone, field, value)
    with pytest.raises(ValidationError) as refusal:
        zone.full_clean()
    assert set(refusal.value.message_dict) == {field}


def test_names_are_stored_as_the_dns_compares_them(db: None) -> None:
    zone = Zone(suffix=" TEL.dn42. ", hosts="NS1.Example.org.", primary="NS0.Example.org.")
    zone.full_clean()
    assert (zone.suffix, zone.primary) == ("tel.dn42", "ns0.example.org")


def test_rules_that_stored_numbers_break_are_refused_with_their_count(number: Number, alice: Account) -> None:
    make_zone(leading_zero=True)
    make_number(alice, "0", "42", "1")
    zones.refuse_narrower_rules(make_zone(leading_zero=True))
    with pytest.raises(ValidationError, match="1 number"):
        zones.refuse_narrower_rules(Zone(max_digits=15, leading_zero=False))
    with pytest.raises(ValidationError, match="2 numbers"):
        zones.refuse_narrower_rules(Zone(max_digits=3, leading_zero=True))


def test_a_number_must_obey_the_rules_of_the_zone(alice: Account) -> None:
    number = Number(account=alice, country="0", area="42", local="1234567")
    make_zone(leading_zero=True, max_digits=10)
    number.full_clean(exclude=["digits"])
    make_zone(leading_zero=False)
    with pytest.raises(ValidationError, match="begins with 0"):
        number.full_clean(exclude=["digits"])
    make_zone(leading_zero=True, max_digits=9)
    with pytest.raises(ValidationError, match="at most 9"):
        number.full_clean(exclude=["digits"])


# --- name servers -----------------------------------------------------------------------------------------------
def test_a_key_is_sealed_and_opens_only_for_its_address(db: None) -> None:
    server = make_server()
    assert KEY.secret not in server.sealed
    assert server.key_name == "hmac-sha256:e164web"
    server.address = "192.0.2.99"
    with pytest.raises(SealError):
        _ = server.key


def test_no_key_goes_to_another_address_by_itself(db: None) -> None:
    server = make_server()
    server.address = "192.0.2.99"
    with pytest.raises(ValueError, match="key"):
        zones.save_name_server(server, None)


def test_saving_a_server_keeps_its_key_and_takes_the_alarm_away(record: Record) -> None:
    server = make_server()
    queue.confirm(queue.take(server.pk, 10))
    NameServer.objects.update(refusals=1, problem="REFUSED", serial=7)
    zones.save_name_server(NameServer.objects.get(), None)
    server = NameServer.objects.get()
    assert (server.is_refusing, server.problem, server.serial, server.key) == (False, "", 7, KEY)
    assert waiting() == set()


def test_resuming_tries_at_once_what_waits(record: Record) -> None:
    server = make_server()
    Publication.objects.update(retry_at="2100-01-01T00:00Z")
    NameServer.objects.update(refusals=1, problem="REFUSED")
    assert zones.resume(NameServer.objects.all()) == 1
    assert zones.resume(NameServer.objects.all()) == 0
    assert queue.due(server.pk).count() == 1


def test_sending_everything_once_more_includes_what_should_be_gone(record: Record, alice: Account) -> None:
    server = make_server()
    gone = make_number(alice, "49", "", "30")
    store.delete_number(gone)
    queue.confirm(queue.take(server.pk, 10))
    zones.send_everything(server)
    assert waiting() == {"4930", "16045550123"}
