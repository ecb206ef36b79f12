"""Connections are kept, shared between clients and threads, and never trusted after they went wrong."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.client import Client, Refused, ReplyLost, reset
from tests.client.commands import NUMBER, WRITES
from tests.faulty_registry import FaultyRegistry


def _client(registry: FaultyRegistry, deadline: float = 10) -> Client:
    return Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, deadline=deadline)


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_one_connection_serves_many_calls_of_many_clients(registry: FaultyRegistry, framing: str) -> None:
    registry.framing = framing

    for _ in range(5):
        _client(registry).list()
        _client(registry).show(NUMBER)

    assert (registry.connections, registry.requests) == (1, 10)


def test_a_refusal_and_an_error_page_keep_the_connection(registry: FaultyRegistry) -> None:
    registry.fault("update", "bad")
    registry.fault("delete", "redirect")
    client = _client(registry)

    with pytest.raises(Refused):
        WRITES["update"](client)
    with pytest.raises(ReplyLost):
        WRITES["delete"](client)
    client.ping()

    assert registry.connections == 1


def test_threads_share_connections_and_do_not_mix_replies_up(registry: FaultyRegistry) -> None:
    client = _client(registry)
    together = threading.Barrier(8)

    def ask(place: int) -> bool:
        together.wait()
        number = registry.number_ids[place % 3]
        return all(
            f".{index}@" in record.hostdata for _ in range(10) for index, record in enumerate(client.show(number))
        )

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
    assert registry.requests == 80
    assert registry.connections <= 8


def test_threads_that_begin_together_share_one_pool(registry: FaultyRegistry) -> None:
    registry.latency = 0.05
    together = threading.Barrier(16)

    def ask(_place: int) -> None:
        together.wait()
        for _ in range(3):
            _client(registry).ping()

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(16)))

    assert registry.connections <= 16


def test_a_write_on_a_connection_that_the_registry_closed_meanwhile_is_sent_once_on_a_new_one(
    registry: FaultyRegistry,
) -> None:
    client = _client(registry)
    client.ping()
    registry.drop_connections()

    WRITES["update"](client)

    assert registry.count("update") == 1
    assert registry.connections == 2


def test_a_reply_that_nobody_asked_for_is_not_taken_for_the_next_one(registry: FaultyRegistry) -> None:
    client = _client(registry)
    registry.fault("ping", "surplus")
    client.ping()
    registry.wait_for_strikes()

    assert client.myip() == "127.0.0.1"
    assert len(client.show(NUMBER)) == 2


@pytest.mark.parametrize("fault", ["cut", "length-long", "flood", "hang", "drip-body"])
def test_a_connection_that_went_wrong_is_not_used_again(registry: FaultyRegistry, fault: str) -> None:
    registry.fault("new", fault)
    client = Client(
        registry.url,
        registry.username,
        registry.secret,
        ca_bundle=registry.ca_path,
        deadline=0.4,
        reply_limit=500_000,
    )

    with pytest.raises(ReplyLost):
        WRITES["new"](client)

    assert _client(registry).myip() == "127.0.0.1"
    assert registry.connections == 2


def test_cookies_are_forgotten(registry: FaultyRegistry) -> None:
    registry.extra_headers = "Set-Cookie: session=1; Path=/; Secure\r\n"
    client = _client(registry)

    client.ping()
    client.ping()

    assert all("cookie" not in received.headers for received in registry.log)


def test_a_child_process_opens_connections_of_its_own(registry: FaultyRegistry) -> None:
    client = _client(registry)
    client.ping()

    child = os.fork()
    if child == 0:
        os._exit(0 if client.ping().ok else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    client.ping()
    assert registry.connections == 2


def test_after_a_reset_the_next_call_opens_a_new_connection(registry: FaultyRegistry) -> None:
    client = _client(registry)
    client.ping()
    reset()

    client.ping()

    assert registry.connections == 2


def test_two_registries_are_kept_apart() -> None:
    with FaultyRegistry() as first, FaultyRegistry(numbers=1) as second:
        for _ in range(2):
            assert (len(_client(first).list()), len(_client(second).list())) == (3, 1)

        assert (first.connections, second.connections) == (1, 1)
        reset()
