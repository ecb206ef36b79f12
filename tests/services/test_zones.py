"""Where a registry publishes: its own settings, or the zone of the registry inside this process."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.models import EMBEDDED_URL, Registry
from dashboard.nameservers import Address, ZoneFacts
from dashboard.services import zones

ZONE = ZoneFacts("e164.test", (Address("192.0.2.1", 5300),))


def elsewhere(**values: str) -> Registry:
    """A registry that is not ours."""
    return Registry(name="Elsewhere", url="https://registry.example/api", **values)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry inside this process, with a zone."""
    monkeypatch.setattr(zones, "embedded", lambda names: [ZONE] * len(names))


def test_a_registry_elsewhere_publishes_where_administrators_say(inside: None) -> None:
    registry = elsewhere(suffix="tel.dn42", name_servers="192.0.2.2, ns.example:5300\n2001:db8::1 192.0.2.2")

    assert zones.zones_of(registry, ["1", "49*"]) == 2 * [
        ZoneFacts("tel.dn42", (Address("192.0.2.2"), Address("ns.example", 5300), Address("2001:db8::1")))
    ]
    assert zones.suffix_of(elsewhere()) == "e164.arpa"


def test_the_embedded_registry_publishes_in_its_zone(inside: None) -> None:
    embedded = Registry(name="Ours", url=EMBEDDED_URL, suffix="wrong.example", name_servers="192.0.2.9")

    assert zones.zones_of(embedded, ["1"]) == [ZONE]
    assert zones.own_zone("1") == ZONE


@pytest.mark.parametrize("suffix", ["", "a b", "-x.example", "x" * 250, ".".join(["abc"] * 60), "ü.example", "*.a"])
def test_a_suffix_must_be_a_domain_name_with_room_for_numbers(suffix: str) -> None:
    with pytest.raises(ValidationError) as caught:
        elsewhere(suffix=suffix).clean_fields()

    assert list(caught.value.message_dict) == ["suffix"]


def test_a_suffix_is_kept_as_the_dns_compares_it() -> None:
    registry = elsewhere(suffix=" Tel.DN42. ")
    registry.clean_fields()

    assert registry.suffix == "tel.dn42"


@pytest.mark.parametrize("text", ["300.1.1.1", "ns.example:99999", "http://ns.example", "a;b", "[::1"])
def test_what_is_no_address_is_refused_and_named(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        elsewhere(name_servers=f"192.0.2.1, {text}").clean_fields()

    assert list(caught.value.message_dict) == ["name_servers"]
    assert text in str(caught.value)


def test_no_more_name_servers_than_are_asked() -> None:
    with pytest.raises(ValidationError, match="At most 8"):
        elsewhere(name_servers=" ".join(f"192.0.2.{place}" for place in range(9))).clean_fields()
