"""A message goes to a public address, or nowhere; and of the answer only the status comes back."""

import socket
import time
from typing import Any

import pytest

from dashboard.client import Reach, WebhookFailure, post, webhook
from dashboard.platform import lookup
from tests.faulty_registry.certificates import ca_path
from tests.fixtures_told import LOOPBACK
from tests.ports import free_port
from tests.receiver import Receiver, receiving

HERE = Reach(allowed=LOOPBACK, ca_bundle=ca_path())
PUBLIC = Reach(ca_bundle=ca_path())


def code_of(address: str, reach: Reach = HERE) -> str:
    with pytest.raises(WebhookFailure) as failure:
        post(address, b"{}", {}, reach)
    return failure.value.code


@pytest.fixture
def receiver() -> Any:
    with receiving() as running:
        yield running


def test_a_message_arrives_as_it_is_and_the_status_comes_back(receiver: Receiver) -> None:
    receiver.statuses = [202]

    assert post(receiver.address, b'{"a": 1}', {"webhook-id": "msg_1"}, HERE) == 202
    (got,) = receiver.got
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/told?from=e164web", b'{"a": 1}', "msg_1")


def test_nothing_is_sent_to_this_machine_unless_it_is_allowed(receiver: Receiver) -> None:
    assert code_of(receiver.address, PUBLIC) == "address"
    assert receiver.got == []


ANY = "0.0.0.0"  # noqa: S104 -- what is refused


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", ANY, "2130706433", "0x7f.1", "127.1", "localhost", "[::]"]
)
def test_no_way_of_writing_this_machine_leads_to_it(receiver: Receiver, host: str) -> None:
    port = receiver.server_address[1]
    assert code_of(f"https://{host}:{port}/", PUBLIC) in {"address", "dns"}
    assert receiver.got == []


@pytest.mark.parametrize(
    "address", ["http://localhost/", "https://a@localhost/", "ftp://localhost/", "https:///x", "x"]
)
def test_what_is_no_https_address_is_refused(address: str) -> None:
    assert code_of(address) == "address"


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the answer that was judged is the one that is used, and there is no second question."""
    asked: list[str] = []
    port = receiver.server_address[1]

    def rebinding(host: str, _port: int | None, _timeout: float | None) -> list[lookup.Found]:
        asked.append(host)
        there = "203.0.113.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, (there, port))]

    monkeypatch.setattr(webhook, "lookup", rebinding)
    # 203.0.113.0/24 is for documentation, and so not public: allowed here, and nobody is there.
    monkeypatch.setattr(webhook, "is_reachable", lambda text, _allowed: text != "127.0.0.1")
    monkeypatch.setattr(webhook, "CONNECT_TIMEOUT", 0.3)
    assert code_of(f"https://rebinding.example:{port}/") in {"timeout", "connect", "broken"}
    assert asked == ["rebinding.example"]
    assert receiver.got == []


def test_of_a_name_with_several_addresses_only_those_that_pass_are_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.server_address[1]
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, (there, port)) for there in ("10.0.0.1", "127.0.0.1")]
    monkeypatch.setattr(webhook, "lookup", lambda *_: both)

    assert post(f"https://localhost:{port}/", b"{}", {}, HERE) == 204


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver, status: int) -> None:
    with receiving() as other:
        receiver.statuses, receiver.headers = [status], {"Location": other.address}
        assert post(receiver.address, b"{}", {}, HERE) == status
        assert other.got == []


def test_no_proxy_of_the_environment_is_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert post(receiver.address, b"{}", {}, HERE) == 204


def test_a_long_answer_is_not_read(receiver: Receiver) -> None:
    receiver.tail = b"x" * 50_000_000
    began = time.monotonic()
    assert post(receiver.address, b"{}", {}, HERE) == 204
    assert time.monotonic() - began < 30  # seconds, as no machine needs for its beginning


def test_a_receiver_that_hangs_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "DEADLINE", 0.5)
    receiver.hangs.set()
    assert code_of(receiver.address) == "timeout"


@pytest.mark.parametrize("certificate", ["expired", "other-host", "other-authority"])
def test_a_certificate_must_be_that_of_the_name(certificate: str) -> None:
    with receiving(certificate) as receiver:
        assert code_of(receiver.address) == "certificate"
        assert receiver.got == []


def test_a_port_at_which_nobody_listens_and_a_name_that_nobody_has_are_told_apart() -> None:
    assert code_of(f"https://localhost:{free_port()}/") == "connect"
    assert code_of("https://nobody.invalid/") == "dns"
