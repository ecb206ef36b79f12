"""The environment, read once and strictly.

Every setting is an environment variable with the prefix ``E164WEB_``; docs/settings.md has the table.
A value that cannot be used never stops the import: it becomes a :class:`Problem`, and `e164web.checks`
turns each into a system check with an id, so that the start ends with a sentence and not with a traceback.
"""

import difflib
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet

from dashboard.enum import DEFAULT_SUFFIX
from e164web import keyfile, parse

PREFIX = "E164WEB_"
KNOWN = frozenset({
    "ADMIN_PASSWORD", "ADMIN_PASSWORD_FILE", "ALLOWED_HOSTS", "BIND", "CONNECT_TIMEOUT", "CREDENTIAL_KEYS",
    "CREDENTIAL_KEYS_FILE", "DATABASE_URL", "DATA_DIR", "DEADLINE", "DNS_TIMEOUT", "NAME_SERVERS", "PUBLISHER",
    "REGISTRIES", "REGISTRY_CA", "REPLY_LIMIT", "REQUIRE_TLS", "RESOLVERS", "SAMPLE_DATA", "SECRET_KEY",
    "SECRET_KEY_FILE", "SUFFIX", "THREADS", "TRUSTED_PROXIES", "TSIG_KEY", "TSIG_KEY_FILE", "WORKERS",
})  # fmt: skip
# What each setting must be, as the end of the sentence that refuses it.
EXPECTED = {
    "BIND": "it must be ADDRESS:PORT, such as 127.0.0.1:8000",
    "ALLOWED_HOSTS": "it must be host names without ports, separated by commas",
    "REGISTRIES": "it must be Name=https://host/path, several separated by ;, each name and address once",
    "REGISTRY_CA": "it must name a readable file of PEM certificates",
    "SAMPLE_DATA": "it must be 1 or 0",
    "TRUSTED_PROXIES": "it must be addresses or networks, separated by commas",
    "REQUIRE_TLS": "it must be 1 or 0",
    "CONNECT_TIMEOUT": "it must be seconds, such as 5 or 2.5",
    "DEADLINE": "it must be seconds, such as 20",
    "REPLY_LIMIT": "it must be a number of bytes",
    "WORKERS": "it must be a number of processes, such as 4",
    "THREADS": "it must be a number of threads, such as 16",
    "SUFFIX": "it must be a domain name, such as e164.arpa or tel.dn42",
    "NAME_SERVERS": "it must be addresses such as 192.0.2.1, ns.example.org:5300 or [::1]:53, separated by commas",
    "RESOLVERS": "it must be addresses such as 192.0.2.1 or [::1]:53, separated by commas",
    "DNS_TIMEOUT": "it must be seconds, such as 3",
    "PUBLISHER": "it must be 1 or 0",
}
TEST_PREFIX = "TEST_"  # the test suite's own switches (E164WEB_TEST_REQUIRE), which the product ignores
MIN_SECRET_KEY = 50  # characters; what Django's own deployment check asks for
ENGINES = frozenset({"django.db.backends.sqlite3", "django.db.backends.postgresql"})
SQLITE = "django.db.backends.sqlite3"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why the configuration cannot be used: a stable id, one sentence, and what to do about it."""

    id: str
    message: str
    hint: str


@dataclass(kw_only=True)
class Configuration:
    """What the environment says, with defaults filled in. ``problems`` is empty when all of it can be used."""

    data_dir: Path
    bind: str
    allowed_hosts: list[str]
    database: dict[str, Any] = field(repr=False)  # with the password of its server
    secret_key: str = field(repr=False)
    credential_keys: list[str] = field(repr=False)
    credential_keys_file: Path | None  # None where the keys are in the environment itself
    registries: list[parse.RegistrySetting]
    registry_ca: str
    sample_data: bool
    admin_password: str = field(repr=False)
    trusted_proxies: list[parse.Network]
    require_tls: bool
    connect_timeout: float
    deadline: float
    reply_limit: int
    workers: int
    threads: int
    suffix: str
    name_servers: list[str]
    tsig_key: str = field(repr=False)
    resolvers: list[str]
    dns_timeout: float
    publisher: bool
    problems: list[Problem] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The address that the server binds to, without the port; an IPv6 address without its brackets."""
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The TCP port that the server binds to."""
        return int(self.bind.rpartition(":")[2])

    @property
    def address(self) -> str:
        """The address to open in a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 -- compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


class _Reader:
    """Reads variables one at a time and collects what is wrong with them."""

    def __init__(self, environ_: Mapping[str, str]) -> None:
        self.values = {
            name.removeprefix(PREFIX): value for name, value in environ_.items() if name.startswith(PREFIX)
        }
        self.problems: list[Problem] = []

    def problem(self, id_: str, message: str, hint: str) -> None:
        self.problems.append(Problem(id=f"e164web.{id_}", message=message, hint=hint))

    def get(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        text = self.values.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except (ValueError, environ.ImproperlyConfigured):
            self.problem("E002", f"{PREFIX}{name} cannot be used: {EXPECTED[name]}.", "Correct it, or unset it.")
            return default

    def secret(self, name: str) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names; both at once contradict each other."""
        text, path = self.values.get(name, ""), self.values.get(f"{name}_FILE", "")
        if text and path:
            self.problem(
                "E003",
                f"{PREFIX}{name} and {PREFIX}{name}_FILE contradict each other.",
                "Set only one of them.",
            )
        if text or not path:
            return text.strip()
        content = ""
        try:
            content = Path(path).read_text(encoding="utf-8").strip()
            why = "" if content else "it is empty"
        except (OSError, UnicodeDecodeError) as error:
            why = str(error.strerror) if isinstance(error, OSError) else "it is not text"
        if why:
            self.problem("E004", f"{PREFIX}{name}_FILE cannot be used: {path}: {why}.", "Name a file that holds it.")
        return content

    def refuse_unknown(self) -> None:
        for name in sorted(self.values):
            if name in KNOWN or name.startswith(TEST_PREFIX):
                continue
            near = difflib.get_close_matches(name, KNOWN, n=1)
            hint = f"Did you mean {PREFIX}{near[0]}?" if near else "Unset it, or look it up in docs/settings.md."
            self.problem("E001", f"{PREFIX}{name} is no setting of e164web.", hint)


def read(environ_: Mapping[str, str], base_dir: Path) -> Configuration:
    """Read the settings of one environment. Creates the data folder and the key files where they are missing."""
    reader = _Reader(environ_)
    reader.refuse_unknown()
    data_dir = Path(reader.values.get("DATA_DIR", "").strip() or base_dir / "var").absolute()
    _make_data_dir(reader, data_dir)
    bind = reader.get("BIND", "127.0.0.1:8000", parse.bind_address)
    configuration = Configuration(
        data_dir=data_dir,
        bind=bind,
        allowed_hosts=reader.get("ALLOWED_HOSTS", parse.default_hosts(bind), parse.hosts),
        database=_database(reader, data_dir),
        secret_key=_secret_key(reader, data_dir),
        credential_keys=_credential_keys(reader, data_dir),
        credential_keys_file=_credential_keys_file(reader, data_dir),
        registries=reader.get("REGISTRIES", [], parse.registries),
        registry_ca=reader.get("REGISTRY_CA", "", parse.ca_bundle),
        sample_data=reader.get("SAMPLE_DATA", True, parse.flag),
        admin_password=reader.secret("ADMIN_PASSWORD"),
        trusted_proxies=reader.get("TRUSTED_PROXIES", [], parse.networks),
        require_tls=reader.get("REQUIRE_TLS", False, parse.flag),
        connect_timeout=reader.get("CONNECT_TIMEOUT", 5.0, parse.seconds),
        deadline=reader.get("DEADLINE", 20.0, parse.seconds),
        reply_limit=reader.get("REPLY_LIMIT", 32 * 1024 * 1024, parse.positive),
        workers=reader.get("WORKERS", 4, parse.positive),
        threads=reader.get("THREADS", 16, parse.positive),
        suffix=reader.get("SUFFIX", DEFAULT_SUFFIX, parse.suffix),
        name_servers=reader.get("NAME_SERVERS", [], parse.name_servers),
        tsig_key=_tsig_key(reader),
        resolvers=reader.get("RESOLVERS", [], parse.name_servers),
        dns_timeout=reader.get("DNS_TIMEOUT", 3.0, parse.seconds),
        publisher=reader.get("PUBLISHER", True, parse.flag),
    )
    if configuration.registry_ca and not reader.values.get("REGISTRIES"):
        reader.problem(
            "E005",
            f"{PREFIX}REGISTRY_CA is set, but {PREFIX}REGISTRIES names no registry that it could be for.",
            f"Set {PREFIX}REGISTRIES too, or unset {PREFIX}REGISTRY_CA.",
        )
    if configuration.connect_timeout > configuration.deadline:
        reader.problem(
            "E006",
            f"{PREFIX}CONNECT_TIMEOUT is longer than {PREFIX}DEADLINE.",
            "Make the deadline at least as long as the time to connect.",
        )
    if configuration.tsig_key and not reader.values.get("NAME_SERVERS"):
        reader.problem(
            "E014",
            f"{PREFIX}TSIG_KEY is set, but {PREFIX}NAME_SERVERS names no server that it could be for.",
            f"Set {PREFIX}NAME_SERVERS too, or unset {PREFIX}TSIG_KEY.",
        )
    configuration.problems = reader.problems
    return configuration


def _make_data_dir(reader: _Reader, data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only trying tells: modes say nothing about a read-only disk or a full one.
        with tempfile.TemporaryFile(dir=data_dir):
            writable = True
    except OSError:
        writable = False
    if not writable:
        reader.problem(
            "E010",
            f"The data folder {data_dir} cannot be written.",
            f"Give the user that runs e164web write permission there, or set {PREFIX}DATA_DIR to another folder.",
        )


def _kept_in_file(reader: _Reader, path: Path, make: Callable[[], str]) -> str:
    """The text of a key file, made on first use so that no two installations share a key and none is a default."""
    try:
        text = keyfile.read_or_make(path, make)
        if not keyfile.is_private(path):
            reader.problem("E011", f"The key file {path} can be read by others.", f"Run: chmod 600 {path}")
        if not text:
            reader.problem("E013", f"The key file {path} is empty.", "Put its content back from your backup.")
    except (OSError, UnicodeDecodeError):
        if not any(problem.id == "e164web.E010" for problem in reader.problems):
            reader.problem(
                "E012", f"The key file {path} cannot be read or written.", "Check its owner and mode (0600)."
            )
        return ""
    return text


def _secret_key(reader: _Reader, data_dir: Path) -> str:
    key = reader.secret("SECRET_KEY")
    if key and len(key) < MIN_SECRET_KEY:
        reader.problem(
            "E007",
            f"{PREFIX}SECRET_KEY is shorter than {MIN_SECRET_KEY} characters.",
            "Unset it: a good one is then made and kept in the data folder.",
        )
    if not key and not reader.values.get("SECRET_KEY_FILE"):
        key = _kept_in_file(reader, data_dir / "secret.key", lambda: secrets.token_urlsafe(64))
    return key


def _tsig_key(reader: _Reader) -> str:
    text = reader.secret("TSIG_KEY")
    try:
        return parse.tsig_key(text) if text else ""
    except ValueError as error:
        reader.problem(
            "E015",
            f"{PREFIX}TSIG_KEY (or its file) holds no TSIG key that can be used. {error}",
            "Make one with tsig-keygen or keymgr -t; docs/name-servers.md shows how.",
        )
        return ""


def _credential_keys_file(reader: _Reader, data_dir: Path) -> Path | None:
    if reader.values.get("CREDENTIAL_KEYS"):
        return None
    named = reader.values.get("CREDENTIAL_KEYS_FILE")
    return Path(named).absolute() if named else data_dir / "credential.keys"


def _credential_keys(reader: _Reader, data_dir: Path) -> list[str]:
    text = reader.secret("CREDENTIAL_KEYS")
    if not reader.values.get("CREDENTIAL_KEYS") and not reader.values.get("CREDENTIAL_KEYS_FILE"):
        text = _kept_in_file(reader, data_dir / "credential.keys", lambda: Fernet.generate_key().decode())
    keys = text.replace(",", " ").split()
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        keys = []
    if text and not keys:
        reader.problem(
            "E008",
            f"{PREFIX}CREDENTIAL_KEYS (or its file) holds something that is no Fernet key.",
            "Each key is 32 bytes in URL-safe base64; several are separated by blanks or commas, the newest first.",
        )
    return keys


def _database(reader: _Reader, data_dir: Path) -> dict[str, Any]:
    default = {"ENGINE": SQLITE, "NAME": str(data_dir / "e164web.sqlite3")}
    url = reader.values.get("DATABASE_URL", "").strip()
    if not url:
        return default
    try:
        return _database_url(url)
    except (ValueError, environ.ImproperlyConfigured):
        reader.problem(
            "E009",
            f"{PREFIX}DATABASE_URL cannot be used.",
            "It must be sqlite:////folder/file or postgres://user:password@host/name.",
        )
        return default


def _database_url(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    # A database in memory would be another one in each process.
    if config.get("ENGINE") not in ENGINES or config.get("NAME", "") in {"", ":memory:"}:
        raise ValueError
    if config["ENGINE"] == SQLITE:
        config["NAME"] = str(Path(config["NAME"]).absolute())
    return config
