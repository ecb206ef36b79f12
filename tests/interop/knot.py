"""Knot DNS from Debian with one zone, configured as docs/knot.md says.

    python -m tests.interop.knot --zone e164.test --port 5301

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

from tests.interop.command import serve
from tests.interop.documents import SECONDARY, SECRET, ZONE, block, changed
from tests.interop.process import NameServer, find_program

DOCUMENT = "knot.md"


class Knot(NameServer):
    """`knotd`."""

    program = "knotd"

    def configure(self) -> None:
        """The document's file, with everything in this folder and run by whoever runs the tests."""
        folder = str(self.folder)
        (self.folder / "knot.conf").write_text(
            changed(
                self._configuration(),
                {
                    "    user: knot:knot\n": "    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n",
                    "0.0.0.0@53, ::@53": f"{self.address.host}@{self.address.port}",
                    "/run/knot": folder,
                    "/var/lib/knot": folder,
                    f"{ZONE}.zone": "zone",
                    "id: e164web\n": f"id: {self.key.name}\n",
                    f"hmac-sha256\n    secret: {SECRET}": f"{self.key.algorithm}\n    secret: {self.key.secret}",
                    "key: e164web\n": f"key: {self.key.name}\n",
                    ZONE: self.zone,
                },
            )
        )
        zone = changed(block(DOCUMENT, f"/var/lib/knot/{ZONE}.zone"), {f"$ORIGIN {ZONE}.": f"$ORIGIN {self.zone}."})
        (self.folder / "zone").write_text(zone)

    def _configuration(self) -> str:
        text = block(DOCUMENT, "/etc/knot/knot.conf")
        acl = "    acl: [ e164web-updates, e164web-transfers ]\n"
        if self.delegations:
            theirs = block(DOCUMENT, "in the acl, for delegations").partition("\n")[2]
            text = changed(text, {"    update-type: [ NAPTR, TXT ]\n": theirs})
        if self.dnssec:
            text = changed(text, {acl: acl + block(DOCUMENT, "in the zone, for DNSSEC")})
        if self.secondary:
            theirs = changed(
                block(DOCUMENT, "before the zones, for secondaries"),
                {f"{SECONDARY}@53": f"{self.secondary.host}@{self.secondary.port}"},
            )
            text = changed(
                text, {"\nzone:\n": f"\n{theirs}\nzone:\n", acl: block(DOCUMENT, "in the zone, for secondaries")}
            )
        return text

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), "-c", str(self.folder / "knot.conf")]


running = Knot.running


if __name__ == "__main__":
    serve(running, __doc__)
