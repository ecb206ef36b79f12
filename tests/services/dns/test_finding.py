"""Whom to ask about a zone: what administrators configured, or what the DNS says."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from dashboard.nameservers import Address, ZoneFacts
from dashboard.services.dns import finding
from dashboard.services.dns.asking import Patience
from dashboard.services.dns.finding import Targets, may_be_asked, resolvers, targets_of
from tests.fixtures_dns import SetDns, answering
from tests.nameservers.faulty_server import FaultyServer

Content = Mapping[tuple[str, str], list[str]]


def holding(content: Content) -> FaultyServer:
    """A resolver that knows these records: name and type -> contents. All else does not exist."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        (question,) = message.question
        name = question.name.to_text(omit_final_dot=True)
        found = content.get((name, dns.rdatatype.to_text(question.rdtype)))
        if found:
            message.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, *found))
        elif not any(known == name for known, _ in content):
            message.set_rcode(dns.rcode.NXDOMAIN)
        return message

    return answering(reply)


@pytest.fixture
def set_content(set_dns: SetDns) -> Iterator[Any]:
    """Let the DNS have this content."""
    running: list[FaultyServer] = []

    def change(content: Content) -> Address:
        server = holding(content).__enter__()
        running.append(server)
        set_dns(server.address)
        return server.address

    yield change
    for server in running:
        server.__exit__()


def found(suffix: str = "tel.example") -> Targets:
    """Who is asked about a zone whose servers nobody configured."""
    return targets_of(ZoneFacts(suffix), Patience.of(3))


def servers_of(targets: Targets) -> list[str]:
    """The name servers among them."""
    return [str(target) for target in targets.targets if not target.is_resolver]


def test_configured_servers_are_asked_at_any_address(set_dns: SetDns) -> None:
    set_dns(Address("127.0.0.1", 5353))

    zone = ZoneFacts("tel.example", (Address("127.0.0.1", 5300), Address("ns.example")))

    targets = targets_of(zone, Patience.of(3))

    assert [str(target) for target in targets.targets] == ["127.0.0.1:5300", "ns.example", "127.0.0.1:5353"]
    assert targets.remarks == ()


def test_name_servers_are_found_in_the_dns(set_content: Any) -> None:
    set_content({
        ("tel.example", "NS"): ["b.ns.example.", "a.ns.example."],
        ("a.ns.example", "A"): ["192.0.2.1"],
        ("a.ns.example", "AAAA"): ["2001:db8::1"],
        ("b.ns.example", "AAAA"): ["2001:db8::2"],
    })  # fmt: skip

    assert servers_of(found()) == ["a.ns.example (192.0.2.1)", "b.ns.example ([2001:db8::2])"]


def test_a_suffix_inside_a_zone_is_answered_by_the_zones_servers(set_content: Any) -> None:
    set_content({("example.org", "NS"): ["ns.example.org."], ("ns.example.org", "A"): ["192.0.2.1"]})

    assert servers_of(found("enum.tel.example.org")) == ["ns.example.org (192.0.2.1)"]


def test_the_servers_of_a_top_level_domain_are_not_asked(set_content: Any) -> None:
    set_content({("org", "NS"): ["ns.org."], ("ns.org", "A"): ["192.0.2.1"]})

    targets = found("tel.example.org")

    assert servers_of(targets) == []
    assert [str(remark) for remark in targets.remarks] == [
        "No name server was found for tel.example.org: only resolvers are asked."
    ]


def test_private_trees_have_private_servers(set_content: Any) -> None:
    set_content({("tel.dn42", "NS"): ["ns.dn42."], ("ns.dn42", "A"): ["172.20.0.53"]})

    assert servers_of(found("tel.dn42")) == ["ns.dn42 (172.20.0.53)"]


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255"])
def test_the_dns_cannot_lead_back_to_this_machine(set_content: Any, address: str) -> None:
    set_content({("tel.example", "NS"): ["ns.example."], ("ns.example", "A"): [address]})

    targets = found()

    assert servers_of(targets) == []
    assert f"ns.example is not asked: its address {address}" in str(targets.remarks[0])


@pytest.mark.parametrize("address", ["::1", "fe80::1", "::", "ff02::1", "::ffff:127.0.0.1", "0" + ".0" * 3])
def test_addresses_of_this_machine_and_its_link_are_not_asked(address: str) -> None:
    assert not may_be_asked(address)


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "fd00::53", "2001:db8::1", "9.9.9.9"])
def test_other_addresses_may_be_asked(address: str) -> None:
    assert may_be_asked(address)


def test_a_server_with_one_good_address_is_asked_there(set_content: Any) -> None:
    set_content({("tel.example", "NS"): ["ns.example."], ("ns.example", "A"): ["127.0.0.1", "192.0.2.1"]})

    assert servers_of(found()) == ["ns.example (192.0.2.1)"]


def test_resolvers_that_are_down_find_nobody(set_dns: SetDns) -> None:
    set_dns(Address("127.0.0.1", 1))

    targets = found()

    assert [target.is_resolver for target in targets.targets] == [True]
    assert len(targets.remarks) == 1


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("nameserver 192.0.2.1\nsearch example\nnameserver 2001:db8::1\n", ["192.0.2.1", "[2001:db8::1]"]),
        ("# nothing\nnameserver\n", ["127.0.0.1"]),
        ("nameserver fe80::1%eth0\nnameserver 192.0.2.1", ["192.0.2.1"]),
        ("".join(f"nameserver 192.0.2.{place}\n" for place in range(9)), ["192.0.2.0", "192.0.2.1", "192.0.2.2"]),
    ],
)
def test_the_systems_resolvers_are_asked_by_default(
    set_dns: SetDns, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, addresses: list[str]
) -> None:
    (tmp_path / "resolv.conf").write_text(text)
    monkeypatch.setattr(finding, "SYSTEM", tmp_path / "resolv.conf")
    set_dns()

    assert [str(address) for address in resolvers()] == addresses


def test_a_system_without_configuration_asks_itself(
    set_dns: SetDns, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(finding, "SYSTEM", tmp_path / "missing")
    set_dns()

    assert [str(address) for address in resolvers()] == ["127.0.0.1"]


def test_a_zone_of_ours_that_nobody_publishes_is_asked_of_nobody(set_dns: SetDns, settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, resolvers=[])

    targets = targets_of(ZoneFacts("tel.example", is_ours=True), Patience.of(3))

    assert targets.targets == ()
    assert "to no name server yet" in str(targets.remarks[0])


def test_resolvers_that_an_administrator_named_are_asked_about_a_zone_of_ours_too(set_content: Any) -> None:
    resolver = set_content({})

    targets = targets_of(ZoneFacts("tel.example", is_ours=True), Patience.of(3))

    assert [target.address for target in targets.targets] == [resolver]
