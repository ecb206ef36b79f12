"""PowerDNS from Debian with its SQLite backend and one zone, configured as docs/powerdns.md says.

    python -m tests.interop.powerdns --zone e164.test --port 5302

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from unittest import SkipTest

from tests.interop.command import serve
from tests.interop.documents import SECONDARY, SECRET, ZONE, block, changed
from tests.interop.process import LIMIT, NameServer, find_program

DOCUMENT = "powerdns.md"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
_AS_WE_ARE = "daemon=no\nguardian=no\nwrite-pid=no\ndisable-syslog=yes\nlog-timestamp=no\nreceiver-threads=1\n"


class PowerDns(NameServer):
    """`pdns_server`."""

    program = "pdns_server"

    def configure(self) -> None:
        """The document's files, then its commands."""
        folder = str(self.folder)
        theirs = block(DOCUMENT, "in pdns.conf, for secondaries") if self.secondary else ""
        (self.folder / "pdns.conf").write_text(
            changed(
                block(DOCUMENT, "/etc/powerdns/pdns.conf") + theirs,
                {
                    "setuid=pdns\nsetgid=pdns\n": f"{_AS_WE_ARE}socket-dir={folder}\n",
                    "local-address=0.0.0.0, ::": f"local-address={self.address.host}",
                    "local-port=53": f"local-port={self.address.port}",
                    "/var/lib/powerdns": folder,
                },
            )
        )
        self._make_database()
        done = subprocess.run(
            ["sh", "-ec", self._commands()], capture_output=True, text=True, timeout=LIMIT, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _commands(self) -> str:
        text = block(DOCUMENT, "the zone")
        if self.secondary:
            theirs = block(DOCUMENT, "for secondaries")
            text += changed(theirs, {f"{SECONDARY}:53": f"{self.secondary.host}:{self.secondary.port}"})
        if self.dnssec:
            text += block(DOCUMENT, "for DNSSEC")
        return changed(
            text,
            {
                "pdnsutil ": f"{find_program('pdnsutil')} --config-dir={self.folder} ",
                "192.0.2.5/32": f"{self.address.host}/32",
                " e164web\n": f" {self.key.name}\n",
                " e164web hmac-sha256 ": f" {self.key.name} {self.key.algorithm} ",
                SECRET: self.key.secret,
                ZONE: self.zone,
            },
        )

    def _make_database(self) -> None:
        if not SCHEMA.exists():
            raise SkipTest("pdns-backend-sqlite3 is not installed")
        with closing(sqlite3.connect(self.folder / "pdns.sqlite3")) as database:
            database.executescript(SCHEMA.read_text())

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), f"--config-dir={self.folder}"]


running = PowerDns.running


if __name__ == "__main__":
    serve(running, __doc__)
