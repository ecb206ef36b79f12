"""The registries at a glance."""

import pytest

from dashboard.models import Credential, Exchange, User
from dashboard.protocol import COMMANDS
from dashboard.services.credentials.connection import connect
from dashboard.services.registries import EXCHANGES_SHOWN, last_exchanges, states
from tests.faulty_registry import FaultyRegistry


def test_every_command_of_the_protocol_has_a_state(person: User, remote: Credential) -> None:
    (state,) = states(person)

    assert [each.command for each in state.commands] == list(COMMANDS)
    assert all(each.last is None for each in state.commands)
    assert state.address == ""


def test_the_last_exchange_of_a_command_counts(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    client = connect(person, remote)
    client.ping()
    client.myip()
    registry.fault("ping", "bad")
    with pytest.raises(Exception, match="refused"):
        client.ping()
    (state,) = states(person, remote)
    last = {each.command: each.last.outcome for each in state.commands if each.last is not None}

    assert last == {"ping": "bad", "myip": "ok"}
    assert state.address == "127.0.0.1"


@pytest.mark.parametrize(
    ("reply", "address"),
    [
        ("version=1\r\nresponse=OK\r\n\r\n192.0.2.1\r\n.\r\n", "192.0.2.1"),
        ("version=1\nresponse=OK\n\n\n 2001:db8::1 \n.\n", "2001:db8::1"),
        ("version=1\r\nresponse=OK\r\n\r\n.\r\n", ""),
        ("", ""),
    ],
)
def test_the_address_is_read_from_the_kept_reply(
    person: User, remote: Credential, registry: FaultyRegistry, reply: str, address: str
) -> None:
    connect(person, remote).myip()
    Exchange.objects.update(reply=reply)

    assert states(person)[0].address == address


def test_nobody_sees_the_exchanges_of_others(
    person: User, stranger: User, remote: Credential, registry: FaultyRegistry
) -> None:
    connect(person, remote).ping()

    assert states(stranger) == []
    assert last_exchanges(stranger) == []
    assert [said.exchange.command for said in last_exchanges(person)] == ["ping"]


def test_the_exchanges_of_one_credential_can_be_asked_for(
    person: User, remote: Credential, credential: Credential
) -> None:
    connect(person, remote).ping()
    connect(person, credential).list()

    assert [said.exchange.command for said in last_exchanges(person, credential)] == ["list"]
    assert len(states(person)) == 2
    assert len(states(person, remote)) == 1


def test_only_the_last_exchanges_are_shown(person: User, remote: Credential) -> None:
    connect(person, remote).ping()
    said = Exchange.objects.get()
    for place in range(EXCHANGES_SHOWN + 5):
        said.pk, said.command = None, f"c{place}"
        said.save(force_insert=True)

    assert len(last_exchanges(person)) == EXCHANGES_SHOWN
