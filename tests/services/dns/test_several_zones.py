"""What the DNS says about numbers of several zones, numbers that others serve, and numbers in no zone at all."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.enum import domain_name
from dashboard.models import Credential, User
from dashboard.registry import store, zones
from dashboard.registry.models import Account, Delegation, NameServer, Number, Zone
from dashboard.services import dns
from dashboard.services.credentials.connection import connect
from dashboard.services.dns import AccountLook, State
from tests.fixtures_dns import answering, saying_no
from tests.interop import bind
from tests.interop.bind import Bind
from tests.interop.zone import write
from tests.registry.publishing import make_zone, send_all

pytestmark = pytest.mark.django_db

SUFFIX = "tel.dn42"
LOWER = f"4.2.4.0.{SUFFIX}"


@pytest.fixture
def servers() -> Iterator[tuple[Bind, Bind]]:
    """Two servers with a zone each, of which neither knows the other's."""
    with bind.running(zone=SUFFIX, delegations=True) as upper, bind.running(zone=LOWER) as lower:
        yield upper, lower


@pytest.fixture
def rows(servers: tuple[Bind, Bind]) -> list[NameServer]:
    """Their rows, each with its own key."""
    first = make_zone(suffix=SUFFIX, leading_zero=True)
    second = Zone(suffix=SUFFIX, apex=LOWER, leading_zero=True)
    zones.save_zone(second)
    made = []
    for zone, server in zip((first, second), servers, strict=True):
        row = NameServer(zone=zone, address=str(server.address))
        zones.save_name_server(row, server.key)
        made.append(row)
    return made


def number(account: Account, digits: str) -> Number:
    made = Number(account=account, country=digits[:3], local=digits[3:])
    store.save_number(made)
    store.create_record(made, preference=10, service="SIP", hostdata=f"{digits}@example.org")
    return made


@pytest.fixture
def look(person: User, credential: Credential, settings: Any) -> Any:
    """Look at these numbers, with a resolver that knows nothing."""

    def look_(*numbers: Number) -> AccountLook:
        with answering(saying_no(60)) as resolver:
            settings.E164WEB = dataclasses.replace(settings.E164WEB, resolvers=[str(resolver.address)])
            registry = connect(person, credential)
            wanted = {one.digits for one in numbers}
            listed = [number for number in registry.list() if number.digits in wanted]
            return dns.look_at_numbers(person, credential, registry, listed)

    return look_


def states(seen: AccountLook) -> dict[str, tuple[State, set[str]]]:
    """The state of each number at name servers, and who they are."""
    return {
        row.number.digits: (row.state.state, {str(one.target) for one in row.state.servers})
        for row in seen.rows
        if row.state is not None
    }


def test_each_number_is_asked_for_at_the_servers_of_its_own_zone(
    rows: list[NameServer], account: Account, look: Any
) -> None:
    up, low = number(account, "09991"), number(account, "04241")
    for row in rows:
        send_all(row)
    assert states(look(up, low)) == {
        up.digits: (State.PUBLISHED, {rows[0].address}),
        low.digits: (State.PUBLISHED, {rows[1].address}),
    }


def test_a_number_in_no_zone_is_said_to_be_in_none_and_nobody_is_asked(
    rows: list[NameServer], account: Account, look: Any
) -> None:
    rows[0].delete()
    Zone.objects.exclude(pk=rows[1].zone_id).update(apex=f"9.9.9.0.{SUFFIX}")
    outside = number(account, "12345")
    seen = look(outside)
    assert states(seen) == {outside.digits: (State.UNPUBLISHED, set())}
    (remark,) = seen.look.remarks
    assert "+12345: Not published: no zone of this registry holds this number" in str(remark)
    assert f"9.9.9.0.{SUFFIX}" in str(remark)


def test_a_number_that_others_serve_is_looked_for_where_they_are(
    rows: list[NameServer], account: Account, look: Any, servers: tuple[Bind, Bind]
) -> None:
    theirs = number(account, "04991")
    zones.save_delegation(Delegation(digits="0499", hosts="ns.example.net"))
    send_all(rows[0])
    seen = look(theirs)
    ((row),) = seen.rows
    assert row.state is not None
    assert row.state.servers == []  # the resolver knows none of theirs
    assert [finding.state for finding in row.state.resolvers] == [State.MISSING]
    assert "+04991: Not published here: all numbers that begin with +0499 are delegated" in str(seen.look.remarks[0])
    assert str(servers[0].address) not in {str(target) for target in seen.look.targets}


def test_a_sample_number_is_as_it_should_be_when_nobody_has_it(
    rows: list[NameServer], account: Account, look: Any, servers: tuple[Bind, Bind]
) -> None:
    sample = Number.objects.get(digits="16045550123")
    seen = look(sample)
    assert states(seen) == {sample.digits: (State.EMPTY, {rows[0].address})}
    assert seen.rows[0].state is not None
    assert seen.rows[0].state.is_as_it_should
    assert "sample number" in str(seen.look.remarks[0])

    name = domain_name(sample.digits, SUFFIX)
    write(servers[0], name, "NAPTR", '100 10 "u" "E2U+sip" "!^.*$!sip:a@example.org!" .')
    assert states(look(sample)) == {sample.digits: (State.EXTRA, {rows[0].address})}
