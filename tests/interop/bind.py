"""BIND from Debian with one zone, configured as docs/bind.md says.

    python -m tests.interop.bind --zone e164.test --port 5300

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.nameservers import Key
from tests.interop.command import new_key, serve
from tests.interop.documents import SECRET, ZONE, block, changed
from tests.interop.process import NameServer, find_program, in_folder

DOCUMENT = "bind.md"
_APPARMOR = Path("/sys/module/apparmor/parameters/enabled")


class Bind(NameServer):
    """`named`."""

    program = "named"

    def configure(self) -> None:
        """One configuration of the document's parts; they would be files of Debian's."""
        folder = str(self.folder)
        options = changed(
            block(DOCUMENT, "/etc/bind/named.conf.options"),
            {
                'directory "/var/cache/bind";': f'directory "{folder}"; pid-file none; session-keyfile none;',
                "listen-on port 53 { any; };": f"listen-on port {self.address.port} {{ {self.address.host}; }};",
                "listen-on-v6 port 53 { any; };": "listen-on-v6 { none; };",
            },
        )
        zone = changed(
            block(DOCUMENT, "/etc/bind/named.conf.local"),
            {
                "/etc/bind/e164web.key": f"{folder}/e164web.key",
                f"/var/lib/bind/{ZONE}.zone": f"{folder}/zone",
                "e164web;": f'"{self.key.name}";',
                "grant e164web ": f'grant "{self.key.name}" ',
                ZONE: self.zone,
            },
        )
        (self.folder / "named.conf").write_text(f"{options}{zone}controls {{}};\n")
        (self.folder / "e164web.key").write_text(
            changed(
                block(DOCUMENT, "/etc/bind/e164web.key"),
                {"e164web": self.key.name, "hmac-sha256": self.key.algorithm, SECRET: self.key.secret},
            )
        )
        (self.folder / "zone").write_text(block(DOCUMENT, f"/var/lib/bind/{ZONE}.zone"))

    def command(self) -> list[str]:
        """With one thread, for tests have few cores to share."""
        return [self._program(), "-g", "-n", "1", "-c", str(self.folder / "named.conf")]

    def _program(self) -> str:
        program = find_program(self.program)
        if not _APPARMOR.exists() or _APPARMOR.read_text().strip() != "Y":
            return program
        # Debian's AppArmor profile binds /usr/sbin/named to Debian's folders; it does not know a copy.
        copy = self.folder / self.program
        if not copy.exists():
            shutil.copy(program, copy)
        return str(copy)


@contextmanager
def running(*, zone: str, key: Key | None = None, port: int = 0, folder: Path | None = None) -> Iterator[Bind]:
    """BIND with an empty zone that `key` may update and transfer. `port` 0: any that is free."""
    with in_folder(folder) as place, Bind(place, zone, key or new_key(), port).started() as server:
        yield server


if __name__ == "__main__":
    serve(running, __doc__)
