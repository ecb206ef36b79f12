"""Names of hosts and their addresses."""

import socket
import threading

import pytest

from dashboard.platform.lookup import lookup


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_an_address_is_its_own_answer(host: str, family: int) -> None:
    ((found, kind, _, address),) = lookup(host, 53, 1)

    assert (found, kind, address[:2]) == (family, socket.SOCK_STREAM, (host, 53))


@pytest.mark.parametrize("host", ["name.invalid", "a..b", "a" * 64 + ".example", "é" * 70, ""])
def test_a_name_without_an_address_is_an_error(host: str) -> None:
    with pytest.raises(OSError, match=r"."):
        assert lookup(host, None, 5) == []


def test_a_name_service_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = threading.Event()

    def answer_late(*_: object, **__: object) -> list[object]:
        given_up.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer_late)

    with pytest.raises(socket.gaierror):
        lookup("host.example", 53, 0.05)
    given_up.set()
