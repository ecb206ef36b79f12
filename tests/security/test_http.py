"""Requests that two servers in a row might read differently, and names that are not ours, at the real server."""

import re
import socket

import pytest

from tests.commands.test_serve import Server

HOST = b"Host: 127.0.0.1\r\n"
HIDDEN = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"  # what an attacker wants to slip past a proxy
POST = b"POST /e164/api HTTP/1.1\r\n" + HOST


def answers(server: Server, sent: bytes) -> list[int]:
    """The HTTP statuses that come back for some bytes, until the server closes the connection or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        received = b""
        try:
            connection.sendall(sent)
            while piece := connection.recv(65_536):
                received += piece
                connection.settimeout(2)  # seconds, in which a further answer would come
        except OSError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + HIDDEN,
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
        POST + b"Content-Length : 44\r\n\r\n" + HIDDEN,
        POST + b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
        POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        (POST + b"Content-Length: 0\r\n\r\n").replace(b"\r\n", b"\n") + HIDDEN,
    ],
)
def test_a_request_of_doubtful_length_is_refused_and_nothing_behind_it_is_read(server: Server, sent: bytes) -> None:
    assert answers(server, sent) in ([400], [501])


def test_a_body_that_nobody_reads_is_no_second_request(server: Server) -> None:
    unread = b"POST /nowhere HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN
    assert answers(server, unread + HIDDEN) == [404, 200]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1@evil.example", "127.0.0.1, evil.example", "127.0.0.1\r\nHost: evil.example", "a\tb"],
)
def test_a_host_that_is_not_ours_is_refused(server: Server, host: str) -> None:
    assert answers(server, f"GET /accounts/login/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()) == [400]


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO", "X_Forwarded_Proto", "REMOTE_ADDR"])
def test_no_header_passes_for_what_the_server_knows_itself(server: Server, name: str) -> None:
    sent = b"GET /healthz HTTP/1.1\r\n" + HOST + f"{name}: /admin\r\n\r\n".encode()
    assert answers(server, sent) == [200]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: a\r\n" % place for place in range(150)) + b"\r\n", 431),
        (b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"PROXY TCP4 192.0.2.1 192.0.2.1 1 1\r\n" + HIDDEN, 400),
    ],
)
def test_what_is_too_long_or_not_http_is_refused(server: Server, sent: bytes, status: int) -> None:
    assert answers(server, sent) == [status]


@pytest.mark.parametrize(
    "path",
    ["/static/../secret.key", "/static/%2e%2e/secret.key", "/static/..%2fsecret.key", "/static//etc/passwd"],
)
def test_nothing_beside_the_static_files_is_served(server: Server, path: str) -> None:
    assert answers(server, f"GET {path} HTTP/1.1\r\n".encode() + HOST + b"\r\n") == [404]


@pytest.mark.parametrize(
    "path", ["//evil.example/credentials", "//evil.example", "/%5cevil.example", "/.//evil.example"]
)
def test_no_address_leads_elsewhere(server: Server, path: str) -> None:
    response = server.get(path)
    assert response.status == 404
    assert response.headers["Location"] is None
