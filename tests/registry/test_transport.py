"""The registry in the same process, asked through `requests` as any other registry is."""

import hashlib

import pytest
import requests

from dashboard.protocol import (
    GetNaptr,
    List,
    MyIp,
    New,
    Ping,
    Request,
    address_in,
    decode_reply,
    encode_request,
    new_id_in,
    numbers_in,
    record_in,
)
from dashboard.registry import handler
from dashboard.registry.models import Account, Number, Record
from dashboard.registry.transport import EmbeddedAdapter
from tests.registry.conftest import PASSWORD
from tests.registry.test_long_lists import give_numbers

URL = "embedded://registry/e164/api"
SECRET = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def session() -> requests.Session:
    session = requests.Session()
    session.mount("embedded://", EmbeddedAdapter())
    return session


def body_of(command: object) -> bytes:
    return encode_request(Request(command, "alice", SECRET))  # type: ignore[arg-type]


def test_a_command_is_answered(record: Record, session: requests.Session) -> None:
    response = session.post(URL, data=body_of(GetNaptr(id=record.pk)))
    assert response.status_code == 200
    assert response.reason == "OK"
    assert response.url == URL
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert record_in(decode_reply(response.content)).hostdata == "alice@example.org"


def test_a_write_takes_effect(number: Number, session: requests.Session) -> None:
    command = New(id=number.pk, preference=10, service="SIP", hostdata="new@example.org")
    reply = decode_reply(session.post(URL, data=body_of(command)).content)
    assert new_id_in(reply) == number.records.get().pk


def test_the_client_is_on_this_machine(alice: Account, session: requests.Session) -> None:
    assert address_in(decode_reply(session.post(URL, data=body_of(MyIp())).content)) == "127.0.0.1"


def test_a_body_of_text_is_taken_too(alice: Account, session: requests.Session) -> None:
    body = body_of(Ping()).decode()
    assert decode_reply(session.post(URL, data=body).content).ok


def test_a_long_answer_can_be_read_in_small_pieces(alice: Account, session: requests.Session) -> None:
    give_numbers(alice, 20_000)
    response = session.post(URL, data=body_of(List()), stream=True)
    body = b""
    while piece := response.raw.read(10_000):
        assert len(piece) <= 10_000
        body += piece
    assert len(numbers_in(decode_reply(body))) == 20_000
    response.close()


def test_a_long_answer_can_be_streamed(alice: Account, session: requests.Session) -> None:
    give_numbers(alice, 20_000)
    with session.post(URL, data=body_of(List()), stream=True) as response:
        body = b"".join(response.iter_content(4096))
    assert len(body) == int(response.headers["Content-Length"])
    assert len(numbers_in(decode_reply(body))) == 20_000


def test_an_answer_that_nobody_reads_can_be_closed(alice: Account, session: requests.Session) -> None:
    give_numbers(alice, 20_000)
    response = session.post(URL, data=body_of(List()), stream=True)
    assert response.raw.read(10)
    response.raw.release_conn()
    response.close()
    assert response.raw.closed


def test_a_wrong_password_is_a_refusal_in_the_protocol(alice: Account, session: requests.Session) -> None:
    body = encode_request(Request(Ping(), "alice", "0" * 32))
    reply = decode_reply(session.post(URL, data=body).content)
    assert not reply.ok
    assert reply.get("code") == "login"


def test_a_body_that_is_no_form_is_a_bad_request(db: None, session: requests.Session) -> None:
    assert session.post(URL, data=b"hello").status_code == 400
    assert session.post(URL).status_code == 400


def test_other_methods_are_refused(session: requests.Session) -> None:
    response = session.get(URL)
    assert response.status_code == 405
    assert response.content == b""


def test_a_fault_inside_the_registry_is_a_server_error_and_no_exception(
    alice: Account,
    session: requests.Session,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(account: Account) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(handler, "_number_rows", fail)
    response = session.post(URL, data=body_of(List()))
    assert response.status_code == 500
    assert "disk full" in caplog.text
    assert SECRET not in caplog.text
