"""How much of a reply is read."""

import pytest

from dashboard.client import Client, ReplyLost
from tests.client.commands import NUMBER, WRITES
from tests.faulty_registry import FaultyRegistry


def _client(registry: FaultyRegistry, limit: int) -> Client:
    return Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, reply_limit=limit)


def _length(registry: FaultyRegistry) -> int:
    return len(registry.store.answer(_show(registry)).encode())


def _show(registry: FaultyRegistry) -> dict[str, str]:
    credential = {"username": registry.username, "secret": registry.secret}
    return {"version": "1", "command": "show", "id": str(NUMBER), **credential}


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_reply_of_exactly_the_limit_is_read(registry: FaultyRegistry, framing: str) -> None:
    registry.framing = framing

    assert len(_client(registry, _length(registry)).show(NUMBER)) == 2


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_reply_of_one_byte_more_is_not(registry: FaultyRegistry, framing: str) -> None:
    registry.framing = framing
    limit = _length(registry) - 1

    with pytest.raises(ReplyLost, match=str(limit)) as lost:
        _client(registry, limit).show(NUMBER)

    assert lost.value.code == "too-large"
    assert registry.count("show") == 1


def test_a_length_that_is_too_small_does_not_hide_rows(registry: FaultyRegistry) -> None:
    registry.fault("show", "length-short")

    with pytest.raises(ReplyLost) as lost:
        _client(registry, 10_000).show(NUMBER)

    assert lost.value.code == "truncated"


def test_an_enormous_length_costs_no_memory(registry: FaultyRegistry) -> None:
    registry.fault("new", "length-long")

    with pytest.raises(ReplyLost) as lost:
        WRITES["new"](_client(registry, 10_000))

    assert lost.value.code == "broken"


def test_a_list_of_many_numbers_is_read_whole() -> None:
    with FaultyRegistry(numbers=20_000, records=0) as registry:
        numbers = _client(registry, 10_000_000).list()

    assert len({number.digits for number in numbers}) == 20_000
