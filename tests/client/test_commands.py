"""Each command, against a sound registry, over a real socket."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.client import VERSION, Client, Refused
from dashboard.protocol import Command, Delete, DeleteAll, New, Number, Ping, Record, Update
from tests.client.commands import ADDED, CHANGED, COMMANDS, NUMBER, RECORD
from tests.faulty_registry import FaultyRegistry

FIRST = Record(
    id=RECORD,
    country="1",
    area="200",
    local="5550100",
    order=100,
    preference=10,
    service="SIP",
    hostdata="5550100.0@sip.example.org",
)


def test_list_returns_the_numbers_of_the_account(registry_client: Client) -> None:
    assert registry_client.list() == [
        Number(id=NUMBER + place, country="1", area="200", local=f"555010{place}") for place in range(3)
    ]


def test_show_returns_the_records_of_a_number(registry_client: Client) -> None:
    records = registry_client.show(NUMBER)

    assert records[0] == FIRST
    assert [record.preference for record in records] == [10, 20]


def test_getnaptr_returns_one_record(registry_client: Client) -> None:
    assert registry_client.getnaptr(RECORD) == FIRST


def test_ping_myip_and_listservices_return_what_the_registry_says(registry_client: Client) -> None:
    assert registry_client.ping().ok
    assert registry_client.myip() == "127.0.0.1"
    assert registry_client.listservices()[:2] == ["SIP", "IAX2"]


def test_new_returns_the_id_of_the_record(registry: FaultyRegistry, registry_client: Client) -> None:
    record_id = registry_client.write(New.of(NUMBER, replace(ADDED, hostdata="a+b, c@example.org")))

    assert registry.rows(NUMBER)[-1] == f"{record_id},1,200,5550100,100,5,SIP,a+b, c@example.org"


def test_new_returns_none_where_the_registry_keeps_the_id_to_itself(
    registry: FaultyRegistry, registry_client: Client
) -> None:
    registry.store.returns_new_id = False

    assert registry_client.write(New.of(NUMBER, ADDED)) is None


def test_update_changes_the_record(registry: FaultyRegistry, registry_client: Client) -> None:
    registry_client.write(Update.of(RECORD, CHANGED))

    assert registry.rows(NUMBER)[0] == f"{RECORD},1,200,5550100,100,7,IAX2,iax.example.org"


def test_an_update_of_one_field_keeps_the_others(registry: FaultyRegistry, registry_client: Client) -> None:
    command: Command = Update(id=RECORD, order=None, preference=8, service=None, hostdata=None)

    registry_client.call(command)

    assert registry.rows(NUMBER)[0] == f"{RECORD},1,200,5550100,100,8,SIP,{FIRST.hostdata}"


def test_delete_and_deleteall_remove_records(registry: FaultyRegistry, registry_client: Client) -> None:
    registry_client.write(Delete(id=RECORD))
    assert len(registry.rows(NUMBER)) == 1

    registry_client.write(DeleteAll(id=NUMBER))
    assert registry.rows(NUMBER) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_post_with_the_secret_and_without_the_password(
    registry: FaultyRegistry, registry_client: Client, command: str
) -> None:
    COMMANDS[command](registry_client)

    (received,) = registry.log
    assert received.command == command
    assert received.path == "/e164/api"
    assert received.variables["secret"] == registry.secret
    assert received.variables["username"] == registry.username
    assert received.variables["version"] == "1"
    assert "password" not in received.variables


def test_a_request_says_who_asks_and_takes_no_compression(registry: FaultyRegistry, registry_client: Client) -> None:
    registry_client.ping()

    headers = registry.log[0].headers
    assert headers["user-agent"] == f"e164web/{VERSION}"
    assert headers["accept-encoding"] == "identity"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert not {"authorization", "cookie"} & headers.keys()


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("blank_lines", [1, 2])
def test_every_way_to_frame_a_reply_is_understood(
    registry: FaultyRegistry, registry_client: Client, framing: str, line_end: str, blank_lines: int
) -> None:
    registry.framing, registry.line_end, registry.blank_lines = framing, line_end, blank_lines

    assert len(registry_client.show(NUMBER)) == 2
    assert len(registry_client.list()) == 3


def test_a_wrong_password_is_refused_in_the_registrys_own_words(registry: FaultyRegistry) -> None:
    stranger = Client(registry.url, registry.username, "0" * 32, ca_bundle=registry.ca_path)

    with pytest.raises(Refused) as refusal:
        stranger.ping()

    assert "The user name or the password is wrong." in refusal.value.reason
    assert refusal.value.reason in str(refusal.value)
    assert registry.count("ping") == 1


@pytest.mark.parametrize("command", ["show", "getnaptr", "update", "delete", "deleteall"])
def test_an_unknown_id_is_refused(registry: FaultyRegistry, registry_client: Client, command: str) -> None:
    registry.store.numbers.clear()
    registry.store.records.clear()

    with pytest.raises(Refused, match="There is no such"):
        COMMANDS[command](registry_client)


def test_a_call_with_any_command_returns_its_reply(registry_client: Client) -> None:
    reply = registry_client.call(Ping())

    assert (reply.ok, list(reply.lines)) == (True, ["pong"])


def test_a_client_does_not_show_its_secret(registry: FaultyRegistry, registry_client: Client) -> None:
    assert registry.secret not in repr(registry_client) + repr(registry_client.endpoint)
