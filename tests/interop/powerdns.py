"""PowerDNS from Debian with its SQLite backend and one zone, configured as docs/powerdns.md says.

    python -m tests.interop.powerdns --zone e164.test --port 5302

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from dashboard.nameservers import Key
from tests.interop.command import new_key, serve
from tests.interop.documents import SECRET, ZONE, block, changed
from tests.interop.process import LIMIT, NameServer, find_program, in_folder

DOCUMENT = "powerdns.md"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
_AS_WE_ARE = "daemon=no\nguardian=no\nwrite-pid=no\ndisable-syslog=yes\nlog-timestamp=no\nreceiver-threads=1\n"


class PowerDns(NameServer):
    """`pdns_server`."""

    program = "pdns_server"

    def configure(self) -> None:
        """The document's files, then its commands."""
        folder = str(self.folder)
        (self.folder / "pdns.conf").write_text(
            changed(
                block(DOCUMENT, "/etc/powerdns/pdns.conf"),
                {
                    "setuid=pdns\nsetgid=pdns\n": f"{_AS_WE_ARE}socket-dir={folder}\n",
                    "local-address=0.0.0.0, ::": f"local-address={self.address.host}",
                    "local-port=53": f"local-port={self.address.port}",
                    "/var/lib/powerdns": folder,
                },
            )
        )
        self._make_database()
        commands = changed(
            block(DOCUMENT, "the zone"),
            {
                "pdnsutil ": f"{find_program('pdnsutil')} --config-dir={folder} ",
                "192.0.2.10/32": f"{self.address.host}/32",
                " e164web\n": f" {self.key.name}\n",
                " e164web hmac-sha256 ": f" {self.key.name} {self.key.algorithm} ",
                SECRET: self.key.secret,
                ZONE: self.zone,
            },
        )
        done = subprocess.run(["sh", "-ec", commands], capture_output=True, text=True, timeout=LIMIT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _make_database(self) -> None:
        if not SCHEMA.exists():
            pytest.skip("pdns-backend-sqlite3 is not installed")
        with closing(sqlite3.connect(self.folder / "pdns.sqlite3")) as database:
            database.executescript(SCHEMA.read_text())

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), f"--config-dir={self.folder}"]


@contextmanager
def running(*, zone: str, key: Key | None = None, port: int = 0, folder: Path | None = None) -> Iterator[PowerDns]:
    """PowerDNS with an empty zone that `key` may update and transfer. `port` 0: any that is free."""
    with in_folder(folder) as place, PowerDns(place, zone, key or new_key(), port).started() as server:
        yield server


if __name__ == "__main__":
    serve(running, __doc__)
