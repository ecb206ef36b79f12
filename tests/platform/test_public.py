"""Only what is everybody's may be spoken to because somebody asked for it."""

from ipaddress import ip_network

import pytest

from dashboard.platform.public import is_reachable


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_a_public_address_may_be_spoken_to(address: str) -> None:
    assert is_reachable(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 -- what is refused
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds tell their machines their secrets
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2001::1",
        "2002:7f00:1::1",
        "2001:db8::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:2800:220:1::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "5f00::1",
        "localhost",
        "",
    ],
)
def test_what_is_not_everybodys_may_not(address: str) -> None:
    assert not is_reachable(address)


def test_what_an_administrator_allows_may_be_spoken_to_and_nothing_beside_it() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00::/64")]
    assert is_reachable("10.1.2.3", allowed)
    assert is_reachable("::ffff:10.1.2.3", allowed)
    assert is_reachable("fd00::7", allowed)
    assert not is_reachable("10.2.0.1", allowed)
    assert not is_reachable("127.0.0.1", allowed)
