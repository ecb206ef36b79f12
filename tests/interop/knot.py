"""Knot DNS from Debian with one zone, configured as docs/knot.md says.

    python -m tests.interop.knot --zone e164.test --port 5301

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.nameservers import Key
from tests.interop.command import new_key, serve
from tests.interop.documents import SECRET, ZONE, block, changed
from tests.interop.process import NameServer, find_program, in_folder

DOCUMENT = "knot.md"


class Knot(NameServer):
    """`knotd`."""

    program = "knotd"

    def configure(self) -> None:
        """The document's file, with everything in this folder and run by whoever runs the tests."""
        folder = str(self.folder)
        (self.folder / "knot.conf").write_text(
            changed(
                block(DOCUMENT, "/etc/knot/knot.conf"),
                {
                    "    user: knot:knot\n": "    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n",
                    "0.0.0.0@53, ::@53": f"{self.address.host}@{self.address.port}",
                    "/run/knot": folder,
                    "/var/lib/knot": folder,
                    f"{ZONE}.zone": "zone",
                    "id: e164web\n": f"id: {self.key.name}\n",
                    "key: e164web\n": f"key: {self.key.name}\n",
                    "hmac-sha256": self.key.algorithm,
                    SECRET: self.key.secret,
                    ZONE: self.zone,
                },
            )
        )
        zone = changed(block(DOCUMENT, f"/var/lib/knot/{ZONE}.zone"), {f"$ORIGIN {ZONE}.": f"$ORIGIN {self.zone}."})
        (self.folder / "zone").write_text(zone)

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), "-c", str(self.folder / "knot.conf")]


@contextmanager
def running(*, zone: str, key: Key | None = None, port: int = 0, folder: Path | None = None) -> Iterator[Knot]:
    """Knot with an empty zone that `key` may update and transfer. `port` 0: any that is free."""
    with in_folder(folder) as place, Knot(place, zone, key or new_key(), port).started() as server:
        yield server


if __name__ == "__main__":
    serve(running, __doc__)
