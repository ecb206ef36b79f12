"""What strangers may send to a form before anybody knows who they are."""

import contextlib
import socket
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.commands.test_serve import Server

SIGN_IN = "/accounts/login/"
LARGE = 20_000_000  # bytes; Django keeps a file of 2.5 MB in memory and puts a larger one on the disk


def files_on_disk(server: Server) -> list[str]:
    """The unnamed or uploaded files that the workers hold open."""
    links = [link for pid in server.workers(2) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    return [target for target in (str(link.readlink()) for link in links) if ".upload" in target]


def test_no_form_takes_a_file(anonymous: Browser) -> None:
    data = {"login": "alice", "password": "guess", "anything": SimpleUploadedFile("a.txt", b"a file")}
    assert anonymous.post(SIGN_IN, data).status_code == 400


def test_a_multipart_form_without_a_file_is_a_form_like_any_other(anonymous: Browser) -> None:
    assert anonymous.post(SIGN_IN, {"login": "alice", "password": "guess"}).status_code == 422


def test_a_stranger_cannot_fill_the_disk_with_uploads(server: Server) -> None:
    part = b'--X\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    head = (
        f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'a' * 32}\r\n"
        f"Content-Type: multipart/form-data; boundary=X\r\nContent-Length: {2 * LARGE}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection, contextlib.suppress(OSError):
        connection.sendall(head.encode() + part)
        for _ in range(LARGE // 100_000):
            connection.sendall(b"x" * 100_000)
            assert not files_on_disk(server)


@pytest.mark.parametrize("name", ["login", "password", "next", "csrfmiddlewaretoken"])
def test_a_value_of_megabytes_is_refused(anonymous: Browser, name: str) -> None:
    assert anonymous.post(SIGN_IN, {name: "x" * 1_000_000}).status_code == 400
