"""What may go wrong with a reply. Each fault is a function that sends what it sends on the channel."""

import functools
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.faulty_registry.channel import Channel, HttpRequest

HTML = b"<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Not you, us.</h1></body></html>"
GARBAGE = bytes(range(256)) * 4
OK_HEAD = b"version=1\r\nresponse=OK\r\n\r\n"
FLOOD_ROWS = b"1001,1,604,5550100,100,10,SIP,alice@example.org\r\n" * 20_000  # just under 1 MB
FLOOD_BYTES = 200_000_000


@dataclass
class Fault:
    """One fault that waits for its command."""

    command: str
    kind: str
    times: int | None
    skip: int
    applied: bool
    seconds: float
    options: dict[str, str] = field(default_factory=dict)

    def strikes(self, command: str) -> bool:
        """Whether this occurrence of a command is struck; counts it."""
        if self.command not in {command, "*"} or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True)
class Scene:
    """What a fault has to work with: the channel, the request, and the reply of a sound registry."""

    channel: Channel
    request: HttpRequest
    body: bytes
    fault: Fault

    def send(self, body: bytes, status: str = "200 OK", kind: str = "text/plain", extra: str = "") -> None:
        """Send a whole HTTP reply."""
        self.channel.reply(body, status, kind, extra)


def _no_terminator(scene: Scene) -> None:
    scene.send(scene.body.rsplit(b".", 1)[0])


def _cut(scene: Scene) -> None:
    whole = scene.channel.frame(scene.body)
    scene.channel.send(whole[: -len(scene.body) // 2 - 1])
    scene.channel.close()


def _reset(scene: Scene) -> None:
    scene.channel.reset()


def _reset_midway(scene: Scene) -> None:
    scene.channel.send(scene.channel.frame(scene.body)[: -len(scene.body) // 2 - 1])
    scene.channel.reset()


def _close(scene: Scene) -> None:
    scene.channel.close()


def _hang(scene: Scene) -> None:
    scene.channel.hang()


def _drip_headers(scene: Scene) -> None:
    scene.channel.drip(scene.channel.frame(scene.body), scene.fault.seconds)


def _drip_body(scene: Scene) -> None:
    long_body = scene.body + b"padding\r\n" * 1000
    whole = scene.channel.frame(long_body)
    scene.channel.send(whole[: len(whole) - len(long_body)])
    scene.channel.drip(long_body, scene.fault.seconds)


def _status(scene: Scene) -> None:
    scene.send(HTML, scene.fault.options.get("status", "500 Internal Server Error"), "text/html")


def _html(scene: Scene) -> None:
    scene.send(HTML, kind="text/html")


def _garbage(scene: Scene) -> None:
    scene.channel.send(GARBAGE)
    scene.channel.close()


def _garbage_body(scene: Scene) -> None:
    scene.send(GARBAGE)


def _flood(scene: Scene) -> None:
    scene.channel.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + OK_HEAD)
    for _ in range(FLOOD_BYTES // len(FLOOD_ROWS)):
        scene.channel.send(FLOOD_ROWS)
    scene.channel.close()


def _bad(scene: Scene) -> None:
    words = quote(scene.fault.options.get("error", "This number is on hold, ask <support>."))
    scene.send(f"version=1\r\nresponse=BAD\r\nerror={words}\r\ncode=on-hold\r\n\r\n.\r\n".encode())


def _bad_silent(scene: Scene) -> None:
    scene.send(b"version=1\r\nresponse=BAD\r\n\r\n.\r\n")


def _redirect(scene: Scene) -> None:
    location = scene.fault.options.get("location", "/elsewhere")
    scene.send(HTML, "302 Found", "text/html", extra=f"Location: {location}\r\n")


def _version(scene: Scene) -> None:
    scene.send(scene.body.replace(b"version=1", b"version=2.0", 1))


def _no_version(scene: Scene) -> None:
    scene.send(scene.body.replace(b"version=1\r\n", b"", 1))


def _numrows(scene: Scene) -> None:
    head, _, rest = scene.body.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"numrows=")]
    scene.send(b"\r\n".join([*lines, b"numrows=4096"]) + b"\r\n\r\n" + rest)


def _length_short(scene: Scene) -> None:
    whole = scene.channel.frame(scene.body)
    true, lie = (f"Content-Length: {length}\r\n".encode() for length in (len(scene.body), len(scene.body) - 4))
    scene.channel.send(whole.replace(true, lie, 1))


def _length_long(scene: Scene) -> None:
    whole = scene.channel.frame(scene.body)
    true, lie = (f"Content-Length: {length}\r\n".encode() for length in (len(scene.body), 10**15))
    scene.channel.send(whole.replace(true, lie, 1))
    scene.channel.close()


def _surplus(scene: Scene) -> None:
    # A second whole reply, one TLS record later, that nobody asked for.
    scene.channel.reply(scene.body)
    scene.channel.send(scene.channel.frame(OK_HEAD + b"surplus\r\n.\r\n"))


@functools.cache
def _bomb() -> bytes:
    return gzip.compress(OK_HEAD + bytes(10_000_000), compresslevel=1)


def _gzip(scene: Scene) -> None:
    scene.send(_bomb(), extra="Content-Encoding: gzip\r\n")


def _echo(scene: Scene) -> None:
    scene.send(b"version=1\r\nresponse=BAD\r\n\r\nnot understood: " + scene.request.body + b"\r\n.\r\n")


def _echo_disguised(scene: Scene) -> None:
    body = b"".join(b"%%%02X" % byte for byte in scene.request.body.upper())
    scene.send(b"version=1\r\nresponse=BAD\r\nerror=" + body + b"\r\n\r\n" + body + b"\r\n.\r\n")


def _echo_html(scene: Scene) -> None:
    scene.send(HTML + scene.request.body, "500 Internal Server Error", "text/html")


def _echo_status_line(scene: Scene) -> None:
    scene.channel.send(b"NONSENSE " + scene.request.body + b"\r\n\r\n")
    scene.channel.close()


def _echo_header(scene: Scene) -> None:
    # No colon: a malformed header, which HTTP libraries like to quote in a warning.
    scene.channel.send(b"HTTP/1.1 200 OK\r\nX: y\r\n" + scene.request.body + b"\r\n\r\n" + scene.body)
    scene.channel.close()


def _echo_location(scene: Scene) -> None:
    location = f"Location: /?{scene.request.body.decode()}\r\n"
    scene.send(HTML, "307 Temporary Redirect", "text/html", extra=location)


def _echo_row(scene: Scene) -> None:
    scene.send(OK_HEAD + b"not a row: " + scene.request.body + b"\r\n.\r\n")


# kind -> (what is sent, whether the command took effect unless the test says otherwise)
FAULTS: dict[str, tuple[Callable[[Scene], None], bool]] = {
    "no-terminator": (_no_terminator, True),
    "cut": (_cut, True),
    "reset-before": (_reset, False),
    "reset-after": (_reset, True),
    "reset-midway": (_reset_midway, True),
    "close": (_close, False),
    "hang": (_hang, False),
    "hang-after": (_hang, True),
    "drip-headers": (_drip_headers, True),
    "drip-body": (_drip_body, True),
    "status-500": (_status, False),
    "html": (_html, False),
    "garbage": (_garbage, False),
    "garbage-body": (_garbage_body, True),
    "flood": (_flood, True),
    "bad": (_bad, False),
    "bad-silent": (_bad_silent, False),
    "redirect": (_redirect, False),
    "version": (_version, True),
    "no-version": (_no_version, True),
    "numrows": (_numrows, True),
    "length-short": (_length_short, True),
    "length-long": (_length_long, True),
    "surplus": (_surplus, True),
    "gzip": (_gzip, True),
    "echo": (_echo, False),
    "echo-disguised": (_echo_disguised, False),
    "echo-html": (_echo_html, False),
    "echo-status-line": (_echo_status_line, False),
    "echo-header": (_echo_header, True),
    "echo-location": (_echo_location, False),
    "echo-row": (_echo_row, True),
}
