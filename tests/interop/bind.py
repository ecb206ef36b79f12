"""BIND from Debian with one zone, configured as docs/bind.md says.

    python -m tests.interop.bind --zone e164.test --port 5300

starts one in the foreground and prints what to enter in the dashboard. Ctrl-C stops it.
"""

import shutil
from pathlib import Path

from dashboard.nameservers import Address
from tests.interop.command import serve
from tests.interop.documents import PRIMARY, SECONDARY, SECRET, ZONE, block, changed
from tests.interop.process import NameServer, find_program

DOCUMENT = "bind.md"
_APPARMOR = Path("/sys/module/apparmor/parameters/enabled")


class Bind(NameServer):
    """`named`."""

    program = "named"

    def configure(self) -> None:
        """One configuration of the document's parts; they would be files of Debian's."""
        (self.folder / "named.conf").write_text(self._options() + self._zone() + "controls {};\n")
        (self.folder / "e164web.key").write_text(
            changed(
                block(DOCUMENT, "/etc/bind/e164web.key"),
                {"e164web": self.key.name, "hmac-sha256": self.key.algorithm, SECRET: self.key.secret},
            )
        )
        (self.folder / "zone").write_text(block(DOCUMENT, f"/var/lib/bind/{ZONE}.zone"))

    def _options(self) -> str:
        return changed(
            block(DOCUMENT, "/etc/bind/named.conf.options"),
            {
                'directory "/var/cache/bind";': f'directory "{self.folder}"; pid-file none; session-keyfile none;',
                "listen-on port 53 { any; };": f"listen-on port {self.address.port} {{ {self.address.host}; }};",
                "listen-on-v6 port 53 { any; };": "listen-on-v6 { none; };",
            },
        )

    def _zone(self) -> str:
        zone, include = block(DOCUMENT, "/etc/bind/named.conf.local"), 'include "/etc/bind/e164web.key";\n'
        if self.delegations:
            theirs = block(DOCUMENT, "in the zone, for delegations").partition("\n")[2]
            zone = changed(zone, {"        grant e164web subdomain e164.example NAPTR TXT;\n": theirs})
        if self.dnssec:
            zone = changed(zone, {"primary;\n": f"primary;\n{block(DOCUMENT, 'in the zone, for DNSSEC')}"})
        if self.secondary:
            theirs = changed(
                block(DOCUMENT, "in the zone, for secondaries"),
                {f"{SECONDARY} port 53": f"{self.secondary.host} port {self.secondary.port}"},
            )
            zone = changed(zone, {"    allow-transfer { key e164web; };\n": theirs, include: include + _their_key()})
        return changed(
            zone,
            {
                "/etc/bind/e164web.key": f"{self.folder}/e164web.key",
                f"/var/lib/bind/{ZONE}.zone": f"{self.folder}/zone",
                "key e164web;": f'key "{self.key.name}";',
                "grant e164web ": f'grant "{self.key.name}" ',
                ZONE: self.zone,
            },
        )

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


def _their_key() -> str:
    return block("name-servers.md", "the secondary's /etc/bind/named.conf.local").partition("\n\n")[0] + "\n"


class Secondary(Bind):
    """A BIND that gets the zone from a primary of any kind, as docs/name-servers.md says."""

    def configure(self) -> None:
        """Nothing yet: the primary has to be known."""

    def follow(self, primary: Address) -> None:
        """Write the configuration."""
        zone = changed(
            block("name-servers.md", "the secondary's /etc/bind/named.conf.local"),
            {
                f"{PRIMARY} port 53": f"{primary.host} port {primary.port}",
                "/var/cache/bind/": f"{self.folder}/",
                ZONE: self.zone,
            },
        )
        (self.folder / "named.conf").write_text(self._options() + zone + "controls {};\n")


running = Bind.running


if __name__ == "__main__":
    serve(running, __doc__)
