"""nginx, Caddy, Apache and HAProxy from Debian, as docs/proxies.md configures them, on loopback, as an ordinary user.

The blocks of the document are put into a folder with what Debian's own configuration would say around them.
"""

import functools
import os
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import trustme

from tests.interop.documents import block, changed
from tests.interop.process import find_program
from tests.programs import end

DOCUMENT = "proxies.md"
CERTIFICATES = "/etc/ssl/e164web"
HOST = "enum.example.org"
LIMIT = 60  # seconds; only a server that hangs takes so long
NOBODY = 65_534
NAMED = f"    ServerName {HOST}\n"
PATHS = {"whole": "for a path", "off": "for a path that is taken off"}


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA()


def write_authority(path: Path) -> str:
    """Write the certificate of whom a client must trust, and return its path."""
    _authority().cert_pem.write_to_path(str(path))
    return str(path)


@dataclass(frozen=True)
class Front:
    """What a proxy has to do: the host and port to serve, the e164web behind, and what becomes of a path, if any."""

    host: str
    port: int
    behind: str
    path: str = ""


class Proxy(ABC):
    """A proxy in a folder of its own, which listens at a port of 127.0.0.1 and of ::1."""

    name: ClassVar[str]  # in the document
    program: ClassVar[str]

    def __init__(self, folder: Path, front: Front) -> None:
        self.folder = folder
        self.front = front
        self.process: subprocess.Popen[bytes] | None = None
        certificate = _authority().issue_cert(HOST, "::1")
        chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
        key = certificate.private_key_pem.bytes()
        (folder / "fullchain.pem").write_bytes(chain)
        (folder / "key.pem").write_bytes(key)
        (folder / "both.pem").write_bytes(chain + key)
        self.configure()

    @abstractmethod
    def configure(self) -> None:
        """Write the configuration into the folder."""

    @abstractmethod
    def command(self) -> list[str]:
        """What runs the server in the foreground."""

    def block(self, title: str, changes: dict[str, str]) -> str:
        """A block of the document, for this folder and the e164web behind."""
        always = {CERTIFICATES: str(self.folder), "127.0.0.1:8000": self.front.behind, HOST: self.front.host}
        text = block(DOCUMENT, title)
        text = changed(text, changes)
        return changed(text, {before: after for before, after in always.items() if before in text})

    def site(self, title: str, root: str, changes: dict[str, str]) -> str:
        """The block of the whole site; below a path, its line or lines `root` are replaced by the block for it."""
        if not self.front.path:
            return self.block(title, changes)
        instead = block(DOCUMENT, f"{self.name}, {PATHS[self.front.path]}").partition("\n")[2]
        return self.block(title, {root: instead} | changes)

    def start(self) -> None:
        """Start it; return when it listens. Raises RuntimeError with its last words where it ends."""
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C"}
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **identity,
            )
        ends = time.monotonic() + LIMIT
        while not all(_listens(host, self.front.port) for host in ("127.0.0.1", "::1")):
            if self.process.poll() is not None or time.monotonic() > ends:
                self.stop()
                raise RuntimeError(f"{self.program} does not serve: {self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, and wait for that."""
        process, self.process = self.process, None
        if process is not None:
            end(process, limit=LIMIT)

    def log(self) -> str:
        """The end of what it has said."""
        return (self.folder / "log").read_text(errors="replace")[-4000:]


class Nginx(Proxy):
    """`nginx`."""

    name = "nginx"
    program = "nginx"
    LOCATION: ClassVar = """\
    location / {
        proxy_pass http://127.0.0.1:8000;
        include snippets/e164web.conf;
    }
"""

    def configure(self) -> None:
        """What Debian's nginx.conf does: it includes what is in conf.d, inside of http."""
        (self.folder / "snippets").mkdir()
        (self.folder / "snippets" / "e164web.conf").write_text(self.block("/etc/nginx/snippets/e164web.conf", {}))
        site = self.site(
            "/etc/nginx/conf.d/e164web.conf",
            self.LOCATION,
            {
                "listen 443": f"listen 127.0.0.1:{self.front.port}",
                "listen [::]:443": f"listen [::1]:{self.front.port}",
            },
        )
        (self.folder / "site.conf").write_text(site)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in kinds)
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\npid {self.folder}/pid;\nerror_log stderr;\nworker_processes 1;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}include site.conf;\n}}\n"
        )

    def command(self) -> list[str]:
        """In its own folder, from where it includes."""
        return [find_program(self.program), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


class Caddy(Proxy):
    """`caddy`."""

    name = "Caddy"
    program = "caddy"

    def configure(self) -> None:
        """Global options keep it to loopback, and to this one port."""
        reverse = "    reverse_proxy 127.0.0.1:8000 {\n        header_up -Forwarded\n    }\n"
        site = self.site("/etc/caddy/Caddyfile", reverse, {":443 {": f":{self.front.port} {{"})
        options = "{\nadmin off\nauto_https off\nskip_install_trust\ndefault_bind 127.0.0.1 [::1]\n}\n"
        (self.folder / "Caddyfile").write_text(options + site)

    def command(self) -> list[str]:
        """In the foreground."""
        return [
            find_program(self.program),
            "run",
            "--config",
            str(self.folder / "Caddyfile"),
            "--adapter",
            "caddyfile",
        ]


class Apache(Proxy):
    """`apache2`."""

    name = "Apache"
    program = "apache2"

    def configure(self) -> None:
        """The modules that the document enables, and those that Debian always does."""
        site = self.site(
            "/etc/apache2/sites-available/e164web.conf",
            "    ProxyPass / http://127.0.0.1:8000/\n",
            {"*:443": f"*:{self.front.port}"} | ({NAMED: ""} if ":" in self.front.host else {}),
        )
        names = ("mpm_event", "authz_core", "reqtimeout", "ssl", "proxy", "proxy_http", "headers", "socache_shmcb")
        modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in names)
        listening = f"Listen 127.0.0.1:{self.front.port}\nListen [::1]:{self.front.port}\n"
        (self.folder / "apache2.conf").write_text(
            f"ServerRoot {self.folder}\nDefaultRuntimeDir {self.folder}\nPidFile pid\nServerName localhost\n"
            f"ErrorLog {self.folder}/error.log\n{modules}{listening}{site}"
        )

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), "-d", str(self.folder), "-f", "apache2.conf", "-D", "FOREGROUND"]

    def log(self) -> str:
        """Also what it wrote into its own log."""
        own = self.folder / "error.log"
        return super().log() + (own.read_text(errors="replace")[-4000:] if own.exists() else "")


class HAProxy(Proxy):
    """`haproxy`."""

    name = "HAProxy"
    program = "haproxy"

    def configure(self) -> None:
        """The document has all of it but the section `global`."""
        site = self.site(
            "/etc/haproxy/haproxy.cfg",
            "    default_backend e164web\n",
            {":::443 v6only": f"::1:{self.front.port}", "bind :443": f"bind 127.0.0.1:{self.front.port}"},
        )
        (self.folder / "haproxy.cfg").write_text(f"global\n    maxconn 100\n\n{site}")

    def command(self) -> list[str]:
        """In the foreground."""
        return [find_program(self.program), "-db", "-f", str(self.folder / "haproxy.cfg")]


PROXIES: dict[str, type[Proxy]] = {one.program: one for one in (Nginx, Caddy, Apache, HAProxy)}


@contextmanager
def running(program: str, front: Front) -> Iterator[Proxy]:
    """A proxy for as long as the block lasts. Skips the test where the program is not installed."""
    find_program(program)
    # Not below pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory(prefix="e164web-proxy-") as folder:
        proxy = PROXIES[program](Path(folder), front)
        try:
            proxy.start()
            yield proxy
        finally:
            proxy.stop()


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
