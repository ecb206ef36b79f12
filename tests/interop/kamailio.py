"""Kamailio from Debian with its module enum, which asks a real name server.

The C library finds a name server in /etc/resolv.conf, always at port 53. So both run in a room of their own: a
process with a network and a view of that file of its own (`unshare`, which needs no privileges). It talks to the
tests in lines of JSON.
"""

from __future__ import annotations

import fcntl
import json
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboard.enum import Naptr, domain_name
from dashboard.nameservers import Address, Replacement, update
from tests.interop import knot, passage
from tests.interop.documents import block, changed
from tests.interop.process import LIMIT, NameServer, find_program

ZONE = "e164.test"
CONTACT = re.compile(r"<(.*?)>;q=[0-9.]+", re.DOTALL)
DOCUMENT = "telephones.md"
ROOT = Path(__file__).parents[2]
SIP = ("127.0.0.1", 5060)
DNS_PORT = 53
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")
# Who is not root becomes it inside; who is may be forbidden to.
WAYS_IN = ((*UNSHARE, "--map-root-user"), UNSHARE)

# What docs/telephones.md leaves to Kamailio's own file.
GENERAL = f"""
debug=1
log_stderror=yes
fork=yes
children=1
disable_tcp=yes
listen=udp:{SIP[0]}:{SIP[1]}
"""

REQUEST = """OPTIONS sip:+{digits}@{host} SIP/2.0
Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{digits}.{count}
From: <sip:test@{host}>;tag=1
To: <sip:+{digits}@{host}>
Call-ID: {digits}.{count}@{host}
CSeq: 1 OPTIONS
Max-Forwards: 10
Content-Length: 0

"""


class Room:
    """The tests' side: ask what Kamailio calls for a number that has these records."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def calls(self, digits: str, records: Sequence[Naptr]) -> tuple[str, ...]:
        """The Request-URI and the branches that enum_query made, in order; octets as characters, as in Naptr."""
        fields = [[getattr(record, name) for name in Naptr.__slots__] for record in records]
        return tuple(self._ask({"digits": digits, "records": fields}))

    def dials(self, digits: str) -> tuple[str, ...]:
        """The same with the records that the name server has, whoever published them."""
        return tuple(self._ask({"digits": digits}))

    def _ask(self, question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The room ended with code {self._process.wait(LIMIT)}.")
        return json.loads(line)


@contextmanager
def running() -> Iterator[Room]:
    """A room with Kamailio and Knot. Skips the test where one of them is missing, or rooms are forbidden."""
    find_program("knotd")
    with _room() as room:
        yield room


@contextmanager
def asking(server: Address) -> Iterator[Room]:
    """A room with Kamailio, which asks a name server outside. Skips the test as `running` does."""
    with tempfile.TemporaryDirectory(prefix="e164web-") as folder:
        path = Path(folder) / "passage"
        with passage.to(server, path), _room(str(path)) as room:
            yield room


@contextmanager
def _room(*arguments: str) -> Iterator[Room]:
    find_program("kamailio")
    way_in = next((way for way in WAYS_IN if _opens(way)), None)
    if way_in is None:
        pytest.skip("this machine does not let programs have a network of their own")
    command = [*way_in, sys.executable, "-m", __name__, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Room(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(LIMIT)


def _opens(way_in: Sequence[str]) -> bool:
    return subprocess.run([*way_in, "true"], check=False, capture_output=True).returncode == 0


def serve(path: Path | None) -> None:
    """The room's side: answer one line after the other, until there are no more. `path` leads to a server outside."""
    _raise_loopback()
    with tempfile.TemporaryDirectory(prefix="e164web-") as temporary:
        folder = Path(temporary)
        (folder / "resolv.conf").write_text(f"nameserver {SIP[0]}\n")
        subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
        with _answering(path) as server, _kamailio(folder):
            for count, line in enumerate(sys.stdin):
                question = json.loads(line)
                if server is not None:
                    records = [Naptr(*fields) for fields in question["records"]]
                    publish(server, question["digits"], records)
                sys.stdout.write(json.dumps(_ask_kamailio(question["digits"], count)) + "\n")
                sys.stdout.flush()


@contextmanager
def _answering(path: Path | None) -> Iterator[NameServer | None]:
    """The name server of the room: one of its own, or the way to one outside, which others write."""
    if path is None:
        with knot.running(zone=ZONE, port=DNS_PORT) as server:
            yield server
    else:
        with passage.at(path, (SIP[0], DNS_PORT)):
            yield None


def publish(server: NameServer, digits: str, records: Sequence[Naptr]) -> None:
    """Give the number exactly these records."""
    rdatas = tuple(record.to_rdata() for record in records)
    name = domain_name(digits, server.zone)
    update(server.address, server.zone, [Replacement(name, 60, {"NAPTR": rdatas})], key=server.key)


def configuration() -> str:
    """The document's block, which says what it would call instead of calling it."""
    redirect = 'sl_send_reply("300", "What it would call");'
    return changed(block(DOCUMENT, "enum.cfg"), {"e164.example.": f"{ZONE}.", "t_relay();": redirect})


@contextmanager
def _kamailio(folder: Path) -> Iterator[None]:
    (folder / "kamailio.cfg").write_text(GENERAL + configuration())
    program = [find_program("kamailio"), "-DD", "-E", "-f", str(folder / "kamailio.cfg"), "-Y", str(folder)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(program, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            _await_reply(process)
            yield
        except BaseException:
            sys.stderr.write((folder / "log").read_text(errors="replace")[-4000:])
            raise
        finally:
            process.terminate()


def _await_reply(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _exchange("0", 0, timeout=0.2)
        except OSError:  # nobody listens yet, or nobody answered
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("Kamailio did not start.")


def _ask_kamailio(digits: str, count: int) -> list[str]:
    """The URIs as Kamailio's redirection names them: the only place where one that is none is seen as it is."""
    reply = _exchange(digits, count + 1, timeout=LIMIT)
    contact = reply.partition("\r\nContact: ")[2]
    return CONTACT.findall(contact) if reply.startswith("SIP/2.0 300 ") else []


def _exchange(digits: str, count: int, timeout: float) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
        sip.settimeout(timeout)
        sip.bind((SIP[0], 0))
        sip.connect(SIP)
        text = REQUEST.format(digits=digits, host=SIP[0], port=sip.getsockname()[1], count=count)
        sip.send(text.replace("\n", "\r\n").encode("ascii"))
        return sip.recv(65535).decode("latin-1")


def _raise_loopback() -> None:
    """A new network has a loopback interface that is down (SIOCGIFFLAGS, SIOCSIFFLAGS of netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, 0x8913, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", request)[1]
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))


if __name__ == "__main__":
    serve(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
