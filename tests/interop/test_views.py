"""A BIND with two views of one zone, told apart by the key: what we send and what we read is in the same one."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from dashboard.enum import domain_name
from dashboard.models import Credential, User
from dashboard.nameservers import ask, serial_of
from dashboard.registry import store
from dashboard.registry.models import Account, NameServer, Number
from dashboard.registry.publishing import reconcile
from dashboard.services import dns
from dashboard.services.credentials.connection import connect
from dashboard.services.dns import State, records_in_dns
from tests.interop.bind import Bind
from tests.interop.process import in_folder, new_key
from tests.interop.zone import records_at
from tests.registry.publishing import make_server, make_zone, send_all, waiting

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "e164.test"
DIGITS = "16045550123"
INSIDE = 'view "inside" {{ match-clients {{ {clients} }}; {zone} }};\n'
OUTSIDE = 'view "outside" {{ match-clients {{ {clients} }}; zone "{name}" {{ type primary; file "{file}"; }}; }};\n'


class Views(Bind):
    """BIND, with the zone of the document in one view and an empty one in the other."""

    negated = False

    def configure(self) -> None:
        """The document's files, with views around the zones."""
        super().configure()
        include, _, zone = self._zone().partition("\n\n")
        key = f'key "{self.key.name}"'
        outer = OUTSIDE.format(
            clients=f"!{key}; any;" if self.negated else "any;", name=self.zone, file=f"{self.folder}/outside"
        )
        inner = INSIDE.format(clients=f"{key};" if not self.negated else "any;", zone=zone)
        views = outer + inner if self.negated else inner + outer
        (self.folder / "outside").write_text((self.folder / "zone").read_text())
        (self.folder / "named.conf").write_text(f"{self._options()}{include}\n{views}controls {{}};\n")


class Negated(Views):
    """The same, where the outer view comes first and excludes the key."""

    negated = True


@pytest.fixture(params=[Views, Negated])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Views]:
    """Both ways to write it."""
    kind: type[Views] = request.param
    with in_folder(tmp_path / "bind") as folder, kind(folder, ZONE, new_key()).started() as running:
        yield running


@pytest.fixture
def row(server: Views) -> NameServer:
    """The server's row."""
    make_zone(suffix=ZONE)
    return make_server(server.address, server.key)


@pytest.fixture
def number(account: Account, row: NameServer) -> Number:
    """A number of Alice's that is no fiction."""
    number = Number.objects.get(digits=DIGITS)
    Number.objects.filter(pk=number.pk).update(is_sample=False)
    number.refresh_from_db()
    store.delete_all(number)
    store.create_record(number, preference=1, service="SIP", hostdata="alice@example.org")
    return number


def test_what_is_sent_is_read_back_compared_and_looked_at_in_the_view_of_the_key(
    server: Views,
    row: NameServer,
    number: Number,
    person: User,
    credential: Credential,
    capsys: pytest.CaptureFixture[str],
    settings: Any,
) -> None:
    call_command("publish", "--once")
    assert f"{server.address}: 1 number sent" in capsys.readouterr().out
    assert waiting() == set()
    name = domain_name(DIGITS, ZONE)
    assert ask(server.address, name, "NAPTR").rcode == "NXDOMAIN"  # the other view
    assert len(ask(server.address, name, "NAPTR", key=server.key).rdatas) == 1
    assert len(records_at(server)) == 1
    assert reconcile.compare(row, row.key).names == []
    stored = NameServer.objects.get()
    assert stored.serial == serial_of(server.address, ZONE, key=server.key) != serial_of(server.address, ZONE)
    assert stored.problem == ""

    settings.E164WEB = dataclasses.replace(settings.E164WEB, resolvers=[str(server.address)])
    registry = connect(person, credential)
    (listed,) = [one for one in registry.list() if one.digits == DIGITS]
    (checked,) = dns.look_at_numbers(person, credential, registry, [listed]).rows
    assert checked.state is not None
    assert [finding.state for finding in checked.state.servers] == [State.PUBLISHED]
    assert [finding.state for finding in checked.state.resolvers] == [State.MISSING]
    assert [record.regexp for record in records_in_dns(DIGITS).records] == ["!^.*$!sip:alice@example.org!"]


def test_what_goes_away_goes_away_in_the_view_of_the_key(server: Views, row: NameServer, number: Number) -> None:
    send_all(row)
    store.delete_number(number)
    send_all(row)
    assert waiting() == set()
    assert records_at(server) == set()
