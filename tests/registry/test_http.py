"""What surrounds the protocol: methods, TLS, sizes, headers."""

import io

import pytest
from django.test import Client, RequestFactory

from dashboard.registry.models import Account, Number, Record
from dashboard.registry.views import api
from tests.registry.conftest import API, FORM, PASSWORD

BODY = f"version=1&command=list&username=alice&password={PASSWORD}"
TEXT = "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    response = getattr(client, method)(API)
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response["Cache-Control"] == "no-store"


def test_an_answer_is_plain_text_that_nobody_keeps(number: Number, client: Client) -> None:
    response = client.post(API, BODY, content_type=FORM)
    assert response.status_code == 200
    assert response["Content-Type"] == TEXT
    assert response["Cache-Control"] == "no-store"
    assert int(response["Content-Length"]) == len(response.content)


def test_a_client_needs_no_token_and_gets_no_cookie(number: Number) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(API, BODY, content_type=FORM)
    assert response.content.startswith(b"version=1\r\nresponse=OK")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_session_cookie_lets_nobody_in(alice: Account, admin_client: Client) -> None:
    response = admin_client.post(API, "version=1&command=ping&username=admin&password=", content_type=FORM)
    assert b"response=BAD" in response.content


def test_plain_http_from_elsewhere_is_refused_without_looking(alice: Account, client: Client) -> None:
    response = client.post(API, BODY, content_type=FORM, REMOTE_ADDR="203.0.113.5")
    assert response.status_code == 403
    assert response["Content-Type"] == TEXT
    assert response.content == b"This registry speaks HTTPS only.\r\n"


def test_https_from_elsewhere_is_answered(alice: Account, client: Client) -> None:
    response = client.post(API, BODY, content_type=FORM, REMOTE_ADDR="203.0.113.5", secure=True)
    assert response.status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_plain_http_from_this_machine_is_answered(alice: Account, client: Client, address: str) -> None:
    assert client.post(API, BODY, content_type=FORM, REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", ["", "unix", "192.168.1.5", "::ffff:192.168.1.5", "fe80::1%eth0"])
def test_plain_http_from_any_other_address_is_refused(alice: Account, client: Client, address: str) -> None:
    assert client.post(API, BODY, content_type=FORM, REMOTE_ADDR=address).status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"])
def test_a_proxy_that_nobody_trusts_does_not_pass_for_this_machine(
    alice: Account, client: Client, header: str
) -> None:
    response = client.post(API, BODY, content_type=FORM, headers={header: "https"})
    assert response.status_code == 403


@pytest.mark.parametrize("body", [b"", b"hello", b"\x00\xff\xfe", b'{"version": 1}', b"<xml/>", b"\x16\x03\x01\x02="])
def test_a_body_that_is_no_form_is_a_bad_request(db: None, client: Client, body: bytes) -> None:
    response = client.post(API, body, content_type=FORM)
    assert response.status_code == 400
    assert response["Content-Type"] == TEXT


def test_a_multipart_form_is_a_bad_request(alice: Account, client: Client) -> None:
    response = client.post(API, {"version": "1", "command": "ping", "username": "alice", "password": PASSWORD})
    assert response.status_code == 400


def test_a_body_that_is_too_large_is_a_bad_request(alice: Account, client: Client) -> None:
    padding = "&hostdata=" + "x" * 64 * 1024
    assert client.post(API, BODY + padding, content_type=FORM).status_code == 400
    assert client.post(API, BODY + padding * 100, content_type=FORM).status_code == 400


def test_a_large_body_within_the_limit_is_read(alice: Account, client: Client) -> None:
    body = BODY + "&ignored=" + "x" * 60_000
    assert client.post(API, body, content_type=FORM).content.startswith(b"version=1\r\nresponse=OK")


class Hangup(io.RawIOBase):
    """A client that goes away in the middle of its request."""

    def read(self, size: int = -1) -> bytes:
        raise ConnectionResetError


def test_a_request_that_breaks_off_changes_nothing_and_is_no_server_error(record: Record, rf: RequestFactory) -> None:
    request = rf.post(API, f"{BODY}&id={record.pk}", content_type=FORM, **{"wsgi.input": Hangup()})  # type: ignore[arg-type]
    assert api(request).status_code == 400
    assert Record.objects.exists()


def test_a_server_behind_a_unix_socket_knows_no_address_and_says_none(alice: Account, client: Client) -> None:
    body = BODY.replace("command=list", "command=myip")
    response = client.post(API, body, content_type=FORM, REMOTE_ADDR="", secure=True)
    assert response.content == b"version=1\r\nresponse=OK\r\n\r\n.\r\n"


def test_a_slash_at_the_end_is_another_address(db: None, client: Client) -> None:
    assert client.post(API + "/", BODY, content_type=FORM).status_code == 404


def test_the_wrong_password_is_no_error_of_http(alice: Account, client: Client) -> None:
    response = client.post(API, BODY.replace("Wonderland", "Oz"), content_type=FORM)
    assert response.status_code == 200
    assert response.content.startswith(b"version=1\r\nresponse=BAD\r\nerror=")
