"""A name server from Debian as a process in a folder of its own: started, waited for, stopped, killed, restored."""

import base64
import secrets
import shutil
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self
from unittest import SkipTest

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode

from dashboard.nameservers import Address, Key
from tests.ports import HOST, free_port
from tests.programs import end

LIMIT = 60  # seconds; only a server that hangs takes so long
PAUSE = 0.02  # seconds between two looks


class NameServer(ABC):
    """One server with one zone, which the holder of `key` may update and transfer, at a port of 127.0.0.1."""

    program: ClassVar[str]

    def __init__(
        self,
        folder: Path,
        zone: str,
        key: Key,
        port: int = 0,
        *,
        dnssec: bool = False,
        secondary: Address | None = None,
        delegations: bool = False,
    ) -> None:
        """`dnssec`: it signs the zone. `secondary`: who is notified, and may transfer with SECONDARIES_KEY.
        `delegations`: the key may write NS, DS, A and AAAA records too.
        """
        self.folder = folder
        self.zone = zone
        self.key = key
        self.dnssec = dnssec
        self.secondary = secondary
        self.delegations = delegations
        self.address = Address(HOST, port or free_port())
        self.process: subprocess.Popen[bytes] | None = None
        self.configure()

    @abstractmethod
    def configure(self) -> None:
        """Write the configuration and the empty zone into the folder."""

    @abstractmethod
    def command(self) -> list[str]:
        """What runs the server in the foreground."""

    @classmethod
    @contextmanager
    def running(
        cls,
        *,
        zone: str,
        key: Key | None = None,
        port: int = 0,
        folder: Path | None = None,
        dnssec: bool = False,
        secondary: Address | None = None,
        delegations: bool = False,
    ) -> Iterator[Self]:
        """A new server with an empty zone; by default in a temporary folder, at a free port, with a new key."""
        with in_folder(folder) as place:
            server = cls(
                place, zone, key or new_key(), port, dnssec=dnssec, secondary=secondary, delegations=delegations
            )
            with server.started():
                yield server

    @contextmanager
    def started(self) -> Iterator[Self]:
        """Run it as long as the block lasts."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start with the data that the folder has; return when the zone is answered."""
        assert self.process is None, "it runs already"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + LIMIT
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.program} did not start:\n{self.log()}")
            time.sleep(PAUSE)

    def stop(self) -> None:
        """Ask it to end (SIGTERM), and wait for that."""
        self._end(kill=False)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._end(kill=True)

    def _end(self, *, kill: bool) -> None:
        process, self.process = self.process, None
        if process is not None:
            end(process, limit=LIMIT, kill=kill)

    def log(self) -> str:
        """The end of what it has said."""
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def dig(self, name: str, rdtype: str = "NAPTR", *options: str) -> str:
        """What `dig` prints about a name: one record a line, with `+short`, unless options say otherwise."""
        command = [
            "dig",
            f"@{self.address.host}",
            "-p",
            str(self.address.port),
            *(options or ("+short",)),
            name,
            rdtype,
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True).stdout

    def back_up(self, destination: Path) -> None:
        """Copy the folder of the stopped server."""
        assert self.process is None, "a copy of a running server's files is no backup"
        shutil.copytree(self.folder, destination, ignore=shutil.ignore_patterns("*socket", "*.sock"))

    def restore(self, source: Path) -> None:
        """Put back what `back_up` copied."""
        assert self.process is None, "it must be stopped first"
        shutil.rmtree(self.folder)
        shutil.copytree(source, self.folder)

    def _answers(self) -> bool:
        query = dns.message.make_query(self.zone, "SOA")
        try:
            reply = dns.query.tcp(query, self.address.host, timeout=1, port=self.address.port)
        except (OSError, EOFError, dns.exception.DNSException):
            return False
        return reply.rcode() == dns.rcode.NOERROR and bool(reply.flags & dns.flags.AA) and bool(reply.answer)


def new_key(name: str = "e164web") -> Key:
    """A key that nobody knows."""
    return Key(name, base64.b64encode(secrets.token_bytes(32)).decode("ascii"))


def find_program(name: str) -> str:
    """The path of a server's program, which ordinary users may not have in their PATH. Skips the test without it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
    if not found:
        raise SkipTest(f"{name} is not installed")
    return found


@contextmanager
def in_folder(folder: Path | None) -> Iterator[Path]:
    """This folder, or a temporary one."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="e164web-") as temporary:
            yield Path(temporary)
