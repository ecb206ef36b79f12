"""Both sides together: the dashboard's client asks the registry in the same process, command by command."""

import hashlib

import pytest

from dashboard.client import Client, Exchange, Refused, ReplyLost
from dashboard.protocol import Delete, DeleteAll, New, RecordData, Update
from dashboard.registry import handler
from dashboard.registry.models import Account, Number, Record
from tests.registry.conftest import PASSWORD
from tests.registry.test_long_lists import give_numbers

URL = "embedded://registry/e164/api"
SECRET = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def registry(number: Number, exchanges: list[Exchange]) -> Client:
    return Client(URL, "alice", SECRET, record=exchanges.append)


def sip(hostdata: str) -> RecordData:
    return RecordData(preference=10, service="SIP", hostdata=hostdata)


def test_a_record_lives_from_new_to_delete(registry: Client, number: Number) -> None:
    pk = registry.write(New.of(number.pk, sip("alice,b+c@example.org")))
    assert pk is not None
    (shown,) = registry.show(number.pk)
    assert shown == registry.getnaptr(pk)
    assert (shown.id, shown.digits, shown.hostdata) == (pk, "16045550123", "alice,b+c@example.org")
    registry.write(Update.of(pk, RecordData(preference=20, service="XMPP", hostdata="naïve@example.org/☎")))
    changed = registry.getnaptr(pk)
    assert (changed.preference, changed.service, changed.hostdata) == (20, "XMPP", "naïve@example.org/☎")
    registry.write(Delete(id=pk))
    assert list(registry.show(number.pk)) == []


def test_deleteall_empties_a_number(registry: Client, record: Record, second_record: Record) -> None:
    registry.write(DeleteAll(id=record.number_id))
    assert not Record.objects.exists()


def test_the_commands_without_an_id_are_answered(registry: Client, number: Number) -> None:
    assert registry.ping().ok
    assert [found.digits for found in registry.list()] == ["16045550123"]
    assert list(registry.listservices())[:1] == ["SIP"]
    assert registry.myip() == "127.0.0.1"


def test_a_long_list_arrives_whole(registry: Client, alice: Account) -> None:
    give_numbers(alice, 20_000)
    assert len(registry.list()) == 20_001


def test_a_refusal_carries_the_registrys_words(registry: Client, bobs_record: Record) -> None:
    with pytest.raises(Refused) as refused:
        registry.write(Delete(id=bobs_record.pk))
    assert "The account has nothing with this id." in refused.value.reason
    assert Record.objects.filter(pk=bobs_record.pk).exists()


def test_a_wrong_password_is_refused(number: Number) -> None:
    with pytest.raises(Refused, match=r"(?s)user name or the password") as refused:
        Client(URL, "alice", "0" * 32).ping()
    assert "login" in refused.value.reason


def test_a_fault_in_the_registry_leaves_the_outcome_of_a_write_unknown(
    registry: Client, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(handler, "_new", fail)
    with pytest.raises(ReplyLost):
        registry.write(New.of(number.pk, sip("alice@example.org")))


def test_the_wire_view_shows_what_was_said_without_the_secret(
    registry: Client, number: Number, exchanges: list[Exchange]
) -> None:
    registry.list()
    (exchange,) = exchanges
    assert "command=list" in exchange.request
    assert SECRET not in exchange.request + exchange.reply
    assert f"{number.pk},1,604,5550123" in exchange.reply
    assert exchange.status == 200
