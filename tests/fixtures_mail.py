"""A real mail server on a real socket, which keeps what it gets."""

import dataclasses
import re
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from tests.ports import free_port


class MailServer(socketserver.ThreadingTCPServer):
    """As much SMTP (RFC 5321) as it takes to be given a message."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[EmailMessage] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def link(self) -> str:
        """The link of the newest message, in a line of its own."""
        body = self.messages[-1].get_content()
        (found,) = re.findall(r"^http://\S+", body, flags=re.MULTILINE)
        return str(found)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                message = message_from_bytes(b"".join(lines), policy=policy.default)
                cast("MailServer", self.server).messages.append(message)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 well\r\n")
            if word == b"QUIT":
                return


def use_mail_server(settings: Any, port: int) -> None:
    """Let the site send its mail there."""
    server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
    settings.E164WEB = dataclasses.replace(settings.E164WEB, mail_server=server)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def mails(settings: Any) -> Iterator[MailServer]:
    """A mail server that the site uses."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        use_mail_server(settings, server.port)
        yield server
        server.shutdown()


@pytest.fixture
def no_mails(settings: Any) -> None:
    """A mail server that the site should use, and that is down."""
    use_mail_server(settings, free_port())
