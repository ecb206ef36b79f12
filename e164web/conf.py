"""The settings of e164web, each declared once, as a field of `Configuration`.

Every setting is an environment variable with the prefix ``E164WEB_``; docs/settings.md has the table.
A value that cannot be used never stops the import: it becomes a :class:`Problem`, and `e164web.checks`
turns each into a system check with an id, so that the start ends with a sentence and not with a traceback.
"""

import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.fernet import Fernet

from dashboard.enum import DEFAULT_SUFFIX, Service
from e164web import keyfile, parse
from e164web.address import SiteAddress
from e164web.environment import PREFIX, Problem, Reader, Setting, setting, settings_of
from e164web.sign_in.oidc import configuration as oidc

SECRET_KEY, CREDENTIAL_KEYS = "secret.key", "credential.keys"  # files in the data folder
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
# What our own addresses begin with (a test compares them). A path that did too could not be told from them where a
# proxy may have taken it off.
OWN_PATHS = frozenset(
    {
        "accounts",
        "admin",
        "api",
        "audit",
        "bulk",
        "credentials",
        "e164",
        "export",
        "healthz",
        "history",
        "import",
        "invitations",
        "jobs",
        "preview",
        "readyz",
        "registries",
        "search",
        "settings",
        "static",
        "teams",
        "templates",
        "tokens",
        "watches",
    }
)
REPLACED = ("ALLOWED_HOSTS", "REQUIRE_TLS")


def _make_data_dir(reader: Reader, one: Setting) -> None:
    data_dir = reader.values[one.field]
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only trying tells: modes say nothing about a read-only disk or a full one.
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError:
        reader.problem(
            "E010",
            f"The data folder {data_dir} cannot be written.",
            f"Give the user that runs e164web write permission there, or set {PREFIX}{one.name} to another folder.",
        )


def _kept(file: str, make: Callable[[], str]) -> Callable[[Reader], str]:
    """The text of a key file, made on first use so that no two installations share a key and none is a default."""

    def default(reader: Reader) -> str:
        path = reader.values["data_dir"] / file
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

    return default


def _only_with(other: str, what: str, id_: str) -> Callable[[Reader, Setting], None]:
    """A setting that means nothing without another one."""

    def check(reader: Reader, one: Setting) -> None:
        if reader.values[one.field] and not reader.given.get(other):
            reader.problem(
                id_,
                f"{PREFIX}{one.name} is set, but {PREFIX}{other} names no {what} that it could be for.",
                f"Set {PREFIX}{other} too, or unset {PREFIX}{one.name}.",
            )

    return check


def _check_deadline(reader: Reader, one: Setting) -> None:
    if reader.values["connect_timeout"] > reader.values[one.field]:
        reader.problem(
            "E006",
            f"{PREFIX}CONNECT_TIMEOUT is longer than {PREFIX}{one.name}.",
            "Make the deadline at least as long as the time to connect.",
        )


def _check_cache(reader: Reader, one: Setting) -> None:
    if reader.values[one.field] and find_spec("redis") is None:
        reader.problem(
            "E036",
            f"{PREFIX}{one.name} is set, but the client of Valkey and Redis is not installed.",
            "Install it with: pip install 'e164web[valkey]'",
        )


def _check_sign_up(reader: Reader, one: Setting) -> None:
    if reader.values[one.field] and not reader.values["mail_server"]:
        reader.problem(
            "E025",
            f"{PREFIX}{one.name} is set, but addresses cannot be verified without {PREFIX}EMAIL_URL.",
            f"Set {PREFIX}EMAIL_URL to your mail server, or unset {PREFIX}{one.name}.",
        )


def _check_path(reader: Reader, one: Setting) -> None:
    address: SiteAddress = reader.values[one.field]
    first = address.prefix.split("/")[1] if address.prefix else ""
    if first in OWN_PATHS:
        reader.problem(
            "E017",
            f"{PREFIX}{one.name} has a path that begins with /{first}, as pages of e164web do.",
            "Choose another path, such as /enum/.",
        )


def _check_remote_user(reader: Reader, one: Setting) -> None:
    if reader.values[one.field] and not reader.values["trusted_proxies"]:
        reader.problem(
            "E033",
            f"{PREFIX}{one.name} is set, but {PREFIX}TRUSTED_PROXIES names no proxy that may send the header.",
            f"Set {PREFIX}TRUSTED_PROXIES to the address of the proxy that signs people in.",
        )


def _check_local_login(reader: Reader, one: Setting) -> None:
    if not reader.values[one.field] and not (reader.values["oidc_names"] or reader.values["remote_user_header"]):
        reader.problem(
            "E034",
            f"{PREFIX}{one.name} is 0, and there is no other way to sign in.",
            f"Set {PREFIX}OIDC_PROVIDERS or {PREFIX}REMOTE_USER_HEADER, or unset {PREFIX}{one.name}.",
        )


def _check_zone(reader: Reader, one: Setting) -> None:
    suffix, apex = reader.values["suffix"], reader.values[one.field]
    digits = apex.removesuffix(f".{suffix}")
    if apex in {"", suffix} or suffix.endswith(f".{apex}") or (digits != apex and parse.LABELS.fullmatch(digits)):
        return
    reader.problem(
        "E018",
        f"{PREFIX}{one.name} is {apex}, and no number that counts from {suffix} could be in that zone.",
        f"It must be {PREFIX}SUFFIX with digits before it, a label each, or a name that {PREFIX}SUFFIX is below.",
    )


@dataclass(kw_only=True)
class Configuration:
    """What the environment says, with defaults filled in. ``problems`` is empty when all of it can be used."""

    data_dir: Path = setting(parse.folder, lambda reader: str(reader.base_dir / "var"), check=_make_data_dir)
    bind: str = setting(parse.bind_address, "127.0.0.1:8000", "it must be ADDRESS:PORT, such as 127.0.0.1:8000")
    url: SiteAddress = setting(
        SiteAddress.parse,
        lambda reader: parse.local_url(reader.values["bind"]),
        "it must be http:// or https:// with a host in ASCII, and perhaps a port and a path, such as "
        "https://example.org/enum/",
        check=_check_path,
    )
    database: dict[str, Any] = setting(
        parse.database,
        lambda reader: f"sqlite:///{quote(str(reader.values['data_dir'] / 'e164web.sqlite3'))}",
        "it must be sqlite:////folder/file or postgres://user:password@host/name",
        id="E009",
        is_secret=True,  # the password of its server
        name="DATABASE_URL",
    )
    cache: str = setting(
        parse.cache,
        expected="it must be redis://user:password@host:port/0, so with rediss:// (TLS), or unix:///folder/socket",
        id="E035",
        has_file=True,
        name="CACHE_URL",
        check=_check_cache,
    )
    secret_key: str = setting(
        parse.secret_key,
        _kept(SECRET_KEY, lambda: secrets.token_urlsafe(64)),
        f"it must have {parse.MIN_SECRET_KEY} characters or more",
        id="E007",
        hint="Put a longer one there, or remove it: a good one is then made and kept in the data folder.",
        has_file=True,
    )
    credential_keys: list[str] = setting(
        parse.fernet_keys,
        _kept(CREDENTIAL_KEYS, lambda: Fernet.generate_key().decode()),
        "it must be Fernet keys, separated by blanks or commas, the newest first",
        id="E008",
        hint="Each key is 32 bytes in URL-safe base64.",
        has_file=True,
    )
    registries: list[parse.RegistrySetting] = setting(
        parse.registries,
        expected="it must be Name=https://host/path, several separated by ;, each name and address once",
    )
    registry_ca: str = setting(
        parse.ca_bundle,
        expected="it must name a readable file of PEM certificates",
        check=_only_with("REGISTRIES", "registry", "E005"),
    )
    sample_data: bool = setting(parse.flag, "1", "it must be 1 or 0")
    admin_password: str = setting(str, has_file=True)
    trusted_proxies: list[parse.Network] = setting(
        parse.networks, expected="it must be addresses or networks, separated by commas"
    )
    oidc_names: list[str] = setting(
        oidc.provider_names,
        expected="it must be names of small letters and digits, separated by blanks, each once",
        name="OIDC_PROVIDERS",
    )
    oidc_ca: str = setting(
        parse.ca_bundle,
        expected="it must name a readable file of PEM certificates",
        check=_only_with("OIDC_PROVIDERS", "provider", "E005"),
    )
    remote_user_header: str = setting(
        parse.header,
        expected="it must be the name of a header, such as X-Remote-User, that nothing else uses; with hyphens",
        check=_check_remote_user,
    )
    remote_user_creates: bool = setting(parse.flag, "0", "it must be 1 or 0")
    local_login: bool = setting(parse.flag, "1", "it must be 1 or 0", check=_check_local_login)
    sign_ins: int = setting(
        parse.positive, "30", "it must be a number of sign-ins, such as 30", name="SIGN_INS_PER_MINUTE"
    )
    mail_server: dict[str, Any] = setting(
        parse.mail_server,
        expected="it must be smtp://user:password@host:port, or so with smtp+tls (STARTTLS) or smtps (TLS at once)",
        has_file=True,
        name="EMAIL_URL",
    )
    mail_sender: str = setting(
        parse.mail_address,
        lambda reader: parse.mail_address_at(reader.values["url"].relying_party),
        "it must be the address from which mail is sent, such as enum@example.org",
        name="EMAIL_FROM",
    )
    signup_domains: list[str] = setting(
        parse.domains,
        expected="it must be names of domains, such as example.org, separated by commas",
        check=_check_sign_up,
    )
    require_second_factor: str = setting(parse.one_of("0", "managers", "all"), "0", "it must be 0, managers or all")
    connect_timeout: float = setting(parse.seconds, "5", "it must be seconds, such as 5 or 2.5")
    deadline: float = setting(parse.seconds, "20", "it must be seconds, such as 20", check=_check_deadline)
    reply_limit: int = setting(parse.positive, str(32 * 1024 * 1024), "it must be a number of bytes")
    workers: int = setting(parse.positive, "4", "it must be a number of processes, such as 4")
    threads: int = setting(parse.positive, "16", "it must be a number of threads, such as 16")
    drain: float = setting(parse.seconds_or_none, "0", "it must be seconds, such as 3, or 0")
    suffix: str = setting(parse.suffix, DEFAULT_SUFFIX, "it must be a domain name, such as e164.arpa or tel.dn42")
    zone: str = setting(
        parse.domain, "", "it must be the name at which a zone begins, such as 4.2.4.tel.dn42", check=_check_zone
    )
    country: str = setting(parse.country, expected="it must be the two letters of a country, such as GB")
    experimental_services: list[Service] = setting(
        parse.experimental_services,
        expected="it must be names with their URI schemes, such as x-skype:callto, separated by blanks, each once",
    )
    name_servers: list[str] = setting(
        parse.name_servers,
        expected="it must be addresses such as 192.0.2.1, ns.example.org:5300 or [::1]:53, separated by commas",
    )
    tsig_key: str = setting(
        parse.tsig_key,
        expected="it must be a key statement of BIND, or algorithm:name:secret",
        id="E015",
        hint="Make one with tsig-keygen or keymgr -t; docs/name-servers.md shows how.",
        has_file=True,
        check=_only_with("NAME_SERVERS", "server", "E014"),
    )
    resolvers: list[str] = setting(
        parse.name_servers, expected="it must be addresses such as 192.0.2.1 or [::1]:53, separated by commas"
    )
    dns_timeout: float = setting(parse.seconds, "3", "it must be seconds, such as 3")
    history_days: int = setting(
        parse.days_or_none, "0", "it must be a number of days, at most 3650, such as 365; 0 keeps everything"
    )
    refresh_hours: int = setting(parse.count, "24", "it must be a number of hours, such as 24; 0 for never")
    refresh_parallel: int = setting(parse.positive, "4", "it must be a number of commands, such as 4")
    refresh_rate: int = setting(parse.count, "100", "it must be a number of commands a second; 0 for no limit")
    log: str = setting(parse.one_of("plain", "json"), "plain", "it must be plain or json")
    metrics: str = setting(parse.bind_address_or_none, expected="it must be ADDRESS:PORT, such as 127.0.0.1:9464")
    publisher: bool = setting(parse.flag, "1", "it must be 1 or 0")
    worker: bool = setting(parse.flag, "1", "it must be 1 or 0")
    webhook_networks: list[parse.Network] = setting(
        parse.networks, expected="it must be addresses or networks, separated by commas"
    )
    webhook_ca: str = setting(parse.ca_bundle, expected="it must name a readable file of PEM certificates")
    import_mb: int = setting(parse.positive, "20", "it must be a number of megabytes, such as 20")
    transfer_networks: list[parse.Network] = setting(
        parse.networks, expected="it must be addresses or networks, separated by commas"
    )
    api: bool = setting(parse.flag, "1", "it must be 1 or 0")
    token_days: int = setting(parse.days, "365", "it must be a number of days, from 1 to 3650")
    api_rate: int = setting(parse.positive, "600", "it must be a number of requests, such as 600")
    oidc_providers: list[oidc.Provider]
    credential_keys_file: Path | None  # None where the keys are in the environment itself
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
    def allowed_hosts(self) -> list[str]:
        """The hosts that a request may name, without ports: the site's, and those of this server.

        Health checks, programs on this machine, and proxies that write a Host of their own name the server.
        """
        return sorted({self.url.named_host, *LOCAL_NAMES, *filter(None, [parse.named_host(self.bind)])})


SETTINGS = settings_of(Configuration)


def _refuse_replaced(reader: Reader) -> None:
    """Say what takes the place of the settings of version 0.1 that E164WEB_URL replaced."""
    given = {name: reader.given.pop(name) for name in REPLACED if name in reader.given}
    if not any(given.values()):
        return
    host = next((name.strip() for name in given.get("ALLOWED_HOSTS", "").split(",") if name.strip()), "HOST")
    scheme = "https" if given.get("REQUIRE_TLS") == "1" else "http"
    named = " and ".join(PREFIX + name for name, value in given.items() if value)
    hint = f"Unset it, and set {PREFIX}URL to the address of the site, such as {scheme}://{host.lstrip('.')}/."
    reader.problem("E016", f"{PREFIX}URL took the place of {named}.", hint)


def read(environ_: Mapping[str, str], base_dir: Path) -> Configuration:
    """Read the settings of one environment. Creates the data folder and the key files where they are missing."""
    reader = Reader(environ_, base_dir)
    _refuse_replaced(reader)
    of_providers = oidc.take(reader)
    reader.read(SETTINGS)
    keys_file = Path(reader.given.get("CREDENTIAL_KEYS_FILE") or reader.values["data_dir"] / CREDENTIAL_KEYS)
    return Configuration(
        **reader.values,
        oidc_providers=oidc.read(reader, reader.values["oidc_names"], of_providers),
        credential_keys_file=None if reader.given.get("CREDENTIAL_KEYS") else keys_file.absolute(),
        problems=reader.problems,
    )
