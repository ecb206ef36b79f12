"""What servers say about numbers, now: a real BIND, and servers with the faults that BIND does not make."""

import time
from dataclasses import replace
from typing import Any

import dns.flags
import dns.rcode
import pytest

from dashboard.enum import Naptr
from dashboard.models import Registry
from dashboard.nameservers import Address, NameServerError, ZoneFacts
from dashboard.protocol import Number, Record
from dashboard.services import zones
from dashboard.services.dns import (
    Dnssec,
    Expected,
    Finding,
    State,
    expected_of,
    look,
    records_in_dns,
)
from tests.fixtures_dns import SUFFIX, LiveZone, SetDns, answering, saying_no, with_code, with_records
from tests.interop import bind
from tests.nameservers.faulty_server import FaultyServer, hang
from tests.ports import HOST, free_port

DIGITS = "16045550123"
DOMAIN = f"3.2.1.0.5.5.5.4.0.6.1.{SUFFIX}"
SIP = Naptr(100, 10, "u", "E2U+sip", "!^.*$!sip:alice@example.org!")
MAIL = Naptr(100, 20, "u", "E2U+email:mailto", "!^.*$!mailto:alice@example.org!")
ANSWERS = dns.flags.AA
SIGNING_LIMIT = 60  # seconds; BIND makes its keys and signs the zone after it has started


def number(*records: Naptr, digits: str = DIGITS) -> Expected:
    """A number for which these records are expected."""
    domain = ".".join(reversed(digits)) + f".{SUFFIX}"
    return Expected(digits=digits, domain=domain, records=records)


def nobody() -> Address:
    """Where nothing listens."""
    return Address(HOST, free_port())


def ask_server(address: Address, *expected: Naptr, **options: Any) -> Finding:
    """What one name server says about the number."""
    return look(ZoneFacts(SUFFIX, (address,)), [number(*expected)], **options).numbers[0].servers[0]


def sentences(finding: Finding) -> list[str]:
    """The remarks of a finding."""
    return [str(remark) for remark in finding.remarks]


def test_a_published_number_is_found_with_its_ttl(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP, MAIL, ttl=200)
    set_dns(live_zone.address)

    seen = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number(SIP, MAIL)])

    (state,) = seen.numbers
    server, resolver = state.findings
    assert (state.state, state.is_as_it_should, state.resolvers_disagree) == (State.PUBLISHED, True, False)
    assert (server.state, server.ttl, server.records) == (State.PUBLISHED, 200, (SIP, MAIL))
    assert (resolver.target.is_resolver, resolver.state) == (True, State.PUBLISHED)
    assert server.took_ms is not None
    assert server.dnssec is Dnssec.UNSIGNED
    assert seen.asked_at == server.asked_at


@pytest.mark.parametrize(
    ("expected", "published", "state"),
    [
        ([SIP], [MAIL], State.DIFFERS),
        ([SIP, MAIL], [SIP], State.DIFFERS),
        ([SIP], [], State.MISSING),
        ([], [SIP], State.EXTRA),
        ([], [], State.EMPTY),
    ],
)
def test_what_is_not_as_it_should_be_is_told_apart(
    live_zone: LiveZone, set_dns: SetDns, expected: list[Naptr], published: list[Naptr], state: State
) -> None:
    live_zone.publish(DIGITS, *published)
    set_dns(live_zone.address)

    finding = ask_server(live_zone.address, *expected)

    assert finding.state is state
    assert {each.expected for each in finding.differences} - {None} == set(expected) - set(published)
    assert {each.found for each in finding.differences} - {None} == set(published) - set(expected)


def test_a_number_for_which_a_block_answers_is_as_it_should_be(live_zone: LiveZone, set_dns: SetDns) -> None:
    set_dns(live_zone.address)
    live_zone.publish_block(DIGITS[:-2], SIP)

    seen = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number()])

    (state,) = seen.numbers
    assert (state.state, state.is_as_it_should, state.differing) == (State.BLOCK, True, [])


def test_records_of_its_own_are_not_taken_for_those_of_a_block(live_zone: LiveZone, set_dns: SetDns) -> None:
    set_dns(live_zone.address)
    live_zone.publish_block(DIGITS[:-2], MAIL)
    live_zone.publish(DIGITS, SIP)

    seen = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number()])

    assert seen.numbers[0].state is State.EXTRA


def test_sixty_records_come_whole_over_tcp(live_zone: LiveZone, set_dns: SetDns) -> None:
    many = [Naptr(100, place, "u", "E2U+sip", f"!^.*$!sip:alice{place}@example.org!") for place in range(60)]
    live_zone.publish(DIGITS, *many)
    set_dns(live_zone.address)

    assert ask_server(live_zone.address, *many).state is State.PUBLISHED
    assert ask_server(live_zone.address, *many[:59]).differences[0].found == many[59]


def test_odd_octets_are_the_same_after_their_way_through_the_dns(live_zone: LiveZone, set_dns: SetDns) -> None:
    odd = Naptr(100, 10, "u", "E2U+sip", '!^.*$!sip:a\\\\"; ü@example.org!'.encode().decode("latin-1"))
    live_zone.publish(DIGITS, odd)
    set_dns(live_zone.address)

    assert ask_server(live_zone.address, odd).state is State.PUBLISHED


def test_caller_names_are_shown_where_they_are_asked_for(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP, caller_name="Alice Ltd")
    set_dns(live_zone.address)
    zone = ZoneFacts(SUFFIX, (live_zone.address,))

    assert look(zone, [number(SIP)], caller_names=True).numbers[0].caller_names == ["Alice Ltd"]
    assert look(zone, [number(SIP)]).numbers[0].caller_names == []


def test_a_resolver_that_remembers_that_there_is_nothing_says_for_how_long(
    live_zone: LiveZone, set_dns: SetDns
) -> None:
    live_zone.publish(DIGITS, SIP)
    with answering(saying_no(77)) as resolver:
        set_dns(resolver.address)
        (state,) = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number(SIP)]).numbers

    assert (state.state, state.state_of_resolvers) == (State.PUBLISHED, State.MISSING)
    assert state.resolvers_disagree
    assert "does not exist for 77 seconds" in sentences(state.resolvers[0])[0]


def test_a_resolver_that_remembers_old_records_says_for_how_long(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP)
    with answering(with_records(MAIL, ttl=55)) as resolver:
        set_dns(resolver.address)
        (state,) = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number(SIP)]).numbers

    assert (state.state, state.state_of_resolvers) == (State.PUBLISHED, State.DIFFERS)
    assert sentences(state.resolvers[0]) == ["The resolver may go on giving this answer for 55 seconds."]


def test_one_resolver_that_is_down_does_not_hide_what_the_other_says(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP)
    set_dns(nobody(), live_zone.address)

    (state,) = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number(SIP)]).numbers

    assert [finding.state for finding in state.resolvers] == [State.UNREACHABLE, State.PUBLISHED]
    assert state.state_of_resolvers is State.PUBLISHED


def test_a_name_server_that_is_down_is_said_even_if_the_other_is_right(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP)
    set_dns(live_zone.address)

    (state,) = look(ZoneFacts(SUFFIX, (live_zone.address, nobody())), [number(SIP)]).numbers

    assert [finding.state for finding in state.servers] == [State.PUBLISHED, State.UNREACHABLE]
    assert state.state is State.UNREACHABLE
    assert not state.is_as_it_should


def test_a_server_that_refuses_connections_is_unreachable(set_dns: SetDns) -> None:
    address = nobody()
    set_dns(address)

    finding = ask_server(address, SIP)

    assert (finding.state, str(finding.reason)) == (
        State.UNREACHABLE,
        f"Nothing listens at {address}: it refused the connection.",
    )


@pytest.mark.parametrize(
    ("rcode", "words"),
    [
        (dns.rcode.SERVFAIL, "could not find out (SERVFAIL)"),
        (dns.rcode.REFUSED, "refuses to answer this question (REFUSED)"),
        (dns.rcode.NOTAUTH, "answered with the code NOTAUTH"),
    ],
)
def test_a_server_that_answers_nothing_useful_says_why(set_dns: SetDns, rcode: dns.rcode.Rcode, words: str) -> None:
    with answering(with_code(rcode)) as server:
        set_dns(server.address)
        finding = ask_server(server.address, SIP)

    assert finding.state is State.UNREACHABLE
    assert words in str(finding.reason)
    assert str(server.address) in str(finding.reason)


def test_a_zone_that_is_delegated_further_is_not_taken_for_an_empty_one(set_dns: SetDns) -> None:
    with answering(with_records()) as server:  # NOERROR, no records, not authoritative
        set_dns(server.address)
        finding = ask_server(server.address, SIP)

    assert finding.state is State.UNREACHABLE
    assert "does not answer for this name itself" in str(finding.reason)


def test_a_resolver_among_the_name_servers_is_noticed(set_dns: SetDns) -> None:
    with answering(with_records(SIP)) as server:
        set_dns(server.address)
        finding = ask_server(server.address, SIP)

    assert finding.state is State.PUBLISHED
    assert "not as a name server of the zone" in sentences(finding)[0]


def test_signatures_that_a_resolver_has_checked_are_validated(set_dns: SetDns) -> None:
    with answering(with_records(SIP, flags=dns.flags.AD | ANSWERS)) as server:
        set_dns(server.address)
        (state,) = look(ZoneFacts(SUFFIX, (server.address,)), [number(SIP)]).numbers

    assert state.resolvers[0].dnssec is Dnssec.VALIDATED
    assert state.servers[0].dnssec is Dnssec.UNSIGNED  # nobody validates its own zone


def test_wrong_signatures_are_told_from_other_failures(set_dns: SetDns) -> None:
    with answering(with_code(dns.rcode.SERVFAIL, unless_unchecked=[SIP])) as validating:
        set_dns(validating.address)
        (state,) = look(ZoneFacts(SUFFIX, (nobody(),)), [number(SIP)]).numbers

    (resolver,) = state.resolvers
    assert (resolver.state, resolver.dnssec) == (State.UNREACHABLE, Dnssec.BOGUS)
    assert "bogus" in str(resolver.reason)


def test_servfail_without_dnssec_is_not_bogus(set_dns: SetDns) -> None:
    with answering(with_code(dns.rcode.SERVFAIL)) as resolver:
        set_dns(resolver.address)
        (state,) = look(ZoneFacts(SUFFIX, (nobody(),)), [number(SIP)]).numbers

    assert state.resolvers[0].dnssec is None


def test_fifty_numbers_are_asked_about_at_once(live_zone: LiveZone, set_dns: SetDns) -> None:
    digits = [f"1604555{place:04}" for place in range(50)]
    for each in digits[:3]:
        live_zone.publish(each, SIP)
    set_dns(live_zone.address)

    seen = look(ZoneFacts(SUFFIX, (live_zone.address,)), [number(SIP, digits=each) for each in digits])

    assert [state.expected.digits for state in seen.numbers] == digits
    assert [state.state for state in seen.numbers] == [State.PUBLISHED] * 3 + [State.MISSING] * 47


def test_no_more_than_fifty_numbers_are_asked_about(live_zone: LiveZone, set_dns: SetDns) -> None:
    set_dns(live_zone.address)
    many = [number(digits=str(1604555_0000 + place)) for place in range(51)]

    assert len(look(ZoneFacts(SUFFIX, (live_zone.address,)), many).numbers) == 50


def test_a_silent_server_is_given_up_and_the_others_are_heard(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP)
    with FaultyServer(on_tcp=hang) as silent:
        set_dns(live_zone.address, timeout=0.5)
        numbers = [number(SIP), *(number(digits=f"1604555{place:04}") for place in range(200, 249))]
        seen = look(ZoneFacts(SUFFIX, (silent.address, live_zone.address)), numbers)
        asked = len({query for _, query in silent.queries})

    assert {state.servers[0].state for state in seen.numbers} == {State.UNREACHABLE}
    assert seen.numbers[0].servers[1].state is State.PUBLISHED
    assert {state.servers[1].state for state in seen.numbers[1:]} == {State.EMPTY}
    assert asked < 50  # seconds would pass with each


def test_at_most_eight_servers_and_resolvers_are_asked_and_the_rest_is_said(set_dns: SetDns) -> None:
    servers = tuple(nobody() for _ in range(9))
    set_dns(nobody(), nobody(), nobody())

    seen = look(ZoneFacts(SUFFIX, servers), [number(SIP)])

    assert [target.is_resolver for target in seen.targets] == [False] * 6 + [True] * 2
    assert [str(remark) for remark in seen.remarks] == ["4 more name servers or resolvers are not asked."]


def test_another_ttl_than_the_zones_is_said(live_zone: LiveZone, set_dns: SetDns) -> None:
    live_zone.publish(DIGITS, SIP, ttl=3600)
    set_dns(live_zone.address)

    (state,) = look(ZoneFacts(SUFFIX, (live_zone.address,)), [replace(number(SIP), ttl=300)]).numbers

    assert (state.state, sentences(state.servers[0])) == (
        State.PUBLISHED,
        ["The zone's TTL is 300 seconds, and here it is 3600."],
    )
    assert sentences(state.resolvers[0]) == []  # there it is what is left of it


def test_a_zone_that_its_server_signs_is_signed(set_dns: SetDns) -> None:
    with bind.running(zone=SUFFIX, dnssec=True) as server:
        set_dns(nobody())
        LiveZone(server).publish(DIGITS, SIP)
        ends = time.monotonic() + SIGNING_LIMIT
        while (finding := ask_server(server.address, SIP)).dnssec is not Dnssec.SIGNED:
            assert time.monotonic() < ends, "BIND does not sign the zone"

    assert (finding.state, finding.records) == (State.PUBLISHED, (SIP,))


# --- what is expected -------------------------------------------------------------------------------------------
NUMBER = Number(id=1, country="1", area="604", local="5550123")


def record(service: str = "SIP", hostdata: str = "alice@example.org", preference: int = 10) -> Record:
    """A record of the number."""
    return Record(
        id=preference, country="1", area="604", local="5550123", order=100, preference=preference, service=service,
        hostdata=hostdata,
    )  # fmt: skip


@pytest.fixture
def elsewhere() -> Registry:
    """A registry that is not ours."""
    return Registry(name="Elsewhere", url="https://registry.example/api", suffix=SUFFIX)


def test_the_registrys_records_are_expected_as_naptrs(elsewhere: Registry) -> None:
    expected = expected_of(NUMBER, [record()], elsewhere, ZoneFacts(SUFFIX))

    assert (expected.domain, expected.records, expected.formless) == (DOMAIN, (SIP,), ())


@pytest.mark.parametrize(
    ("service", "hostdata", "others_know"),
    [("PAGER", "123", True), ("SIP", 'a!b\\ "c"', False), ("SIP", "ü" * 300, False)],
)
def test_what_has_no_dns_form_is_not_expected_and_is_said(
    elsewhere: Registry, service: str, hostdata: str, others_know: bool
) -> None:
    expected = expected_of(NUMBER, [record(), record(service, hostdata, 20)], elsewhere, ZoneFacts(SUFFIX))

    assert (expected.records, expected.formless, expected.others_know) == ((SIP,), (service,), others_know)


def test_our_own_registry_publishes_no_unknown_service() -> None:
    embedded = Registry(name="Ours", url="embedded://registry/e164/api")

    assert not expected_of(NUMBER, [record("PAGER", "1")], embedded, ZoneFacts(SUFFIX)).others_know


def test_a_block_is_asked_about_at_its_wildcard(elsewhere: Registry) -> None:
    block = Number(id=1, country="1", area="604", local="555*")

    assert expected_of(block, [], elsewhere, ZoneFacts(SUFFIX)).domain == f"*.5.5.5.4.0.6.1.{SUFFIX}"


def test_a_record_of_an_unknown_service_that_another_registry_may_publish_is_said(
    live_zone: LiveZone, set_dns: SetDns, elsewhere: Registry
) -> None:
    live_zone.publish(DIGITS, SIP, Naptr(100, 20, "u", "E2U+pager", "!^.*$!pager:1!"))
    set_dns(live_zone.address)
    expected = expected_of(NUMBER, [record(), record("PAGER", "1", 20)], elsewhere, ZoneFacts(SUFFIX))

    (state,) = look(ZoneFacts(SUFFIX, (live_zone.address,)), [expected]).numbers

    assert state.state is State.PUBLISHED
    assert "only the registry knows: PAGER" in sentences(state.servers[0])[0]


# --- the zone of the registry inside ----------------------------------------------------------------------------
def own_zone(monkeypatch: pytest.MonkeyPatch, *servers: Address) -> None:
    """Let the registry inside this process have this zone."""
    monkeypatch.setattr(zones, "embedded", lambda names: [ZoneFacts(SUFFIX, servers)] * len(names))


def test_the_records_of_a_number_are_read_from_the_zones_servers(
    live_zone: LiveZone, set_dns: SetDns, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_zone.publish(DIGITS, SIP)
    set_dns(nobody())
    own_zone(monkeypatch, nobody(), live_zone.address)

    assert records_in_dns(DIGITS).records == [SIP]
    assert records_in_dns("16045550199").records == []


def test_without_servers_the_resolvers_are_asked(
    live_zone: LiveZone, set_dns: SetDns, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_zone.publish(DIGITS, SIP)
    set_dns(live_zone.address)
    own_zone(monkeypatch)

    assert records_in_dns(DIGITS).records == [SIP]


def test_nobody_who_answers_is_an_error_with_a_reason(set_dns: SetDns, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(with_code(dns.rcode.REFUSED)) as server:
        own_zone(monkeypatch, server.address)
        set_dns(server.address)
        with pytest.raises(NameServerError) as caught:
            records_in_dns(DIGITS)

    assert caught.value.code == "refused"
    assert "REFUSED" in str(caught.value)
