"""The text of a setting becomes a value, or ValueError: what it must be is said where `conf` declares it.

An empty text stands for nothing where that may be: an empty list, or an empty text.
"""

import ipaddress
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from dashboard.enum import Service, check_suffix, domain_name, experimental_service
from dashboard.enum.plans import COUNTRIES
from dashboard.nameservers import Address, Key
from e164web.address import SiteAddress

MIN_SECRET_KEY = 50  # characters; what Django's own deployment check asks for
MAX_DAYS = 3650  # of a token
MAX_COUNT = 1_000_000
EVERY = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 -- compared, not bound
LABELS = re.compile(r"[0-9](?:\.[0-9])*")  # of a number's domain name, below its suffix
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
CACHES = frozenset({"redis", "rediss", "unix"})
ENGINES = {"sqlite": "sqlite3", "postgres": "postgresql", "postgresql": "postgresql"}
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
TAKEN_HEADERS = frozenset(
    {
        "accept", "authorization", "connection", "cookie", "date", "expect", "forwarded", "from", "host", "origin",
        "referer", "te", "transfer-encoding", "upgrade", "user-agent", "via", "x-csrftoken",
    }
)  # fmt: skip
TAKEN = ("accept-", "content-", "hx-", "if-", "sec-", "x-forwarded-")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True)
class RegistrySetting:
    """One entry of E164WEB_REGISTRIES: a registry that an administrator allows."""

    name: str
    url: str


def flag(text: str) -> bool:
    """1 or 0."""
    if text not in {"0", "1"}:
        raise ValueError(text)
    return text == "1"


def seconds(text: str) -> float:
    """A time of at most an hour."""
    value = float(text)
    if not 0 < value <= 3600:
        raise ValueError(text)
    return value


def seconds_or_none(text: str) -> float:
    """The same, or 0."""
    return 0.0 if text == "0" else seconds(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def count(text: str) -> int:
    """A whole number from 0 to MAX_COUNT; 0 where it is left empty."""
    value = int(text or "0")
    if not 0 <= value <= MAX_COUNT:
        raise ValueError(text)
    return value


def days(text: str) -> int:
    """A number of days, ten years at most."""
    value = positive(text)
    if value > MAX_DAYS:
        raise ValueError(text)
    return value


def days_or_none(text: str) -> int:
    """The same, or 0 for no end."""
    return 0 if text in {"", "0"} else days(text)


def bind_address(text: str) -> str:
    """ADDRESS:PORT, an IPv6 address in brackets."""
    if not text.rpartition(":")[2].isdecimal():
        raise ValueError(text)
    SiteAddress.parse(local_url(text))
    return text


def bind_address_or_none(text: str) -> str:
    """The same, or nothing."""
    return bind_address(text) if text else ""


def named_host(bind: str) -> str:
    """The host of such an address; none where it stands for all of the machine's addresses."""
    host = bind.rpartition(":")[0]
    return "" if host in EVERY else host


def local_url(bind: str) -> str:
    """Where a browser on this machine finds a server that is bound to such an address."""
    host, _, port = bind.rpartition(":")
    return f"http://{EVERY.get(host, host)}:{port}/"


def folder(text: str) -> Path:
    """The path of a folder, made absolute."""
    return Path(text).absolute()


def database(text: str) -> dict[str, Any]:
    """A database's address as Django's settings have it: sqlite:////folder/file or postgres://user:password@host/name."""
    engine = ENGINES.get(urlsplit(text).scheme)
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(text)) if engine else {}
    except environ.ImproperlyConfigured as error:
        raise ValueError(text) from error
    # A database in memory would be another one in each process.
    if config.get("NAME", "") in {"", ":memory:"}:
        raise ValueError(text)
    return config | {"NAME": str(Path(config["NAME"]).absolute())} if engine == "sqlite3" else config


def cache(text: str) -> str:
    """The address of Valkey or Redis: redis://, rediss:// (TLS) or unix://; nothing where none is given."""
    parts = urlsplit(text)
    where = parts.path if parts.scheme == "unix" else parts.hostname
    # Django takes these two for what stands between several servers.
    if text and (parts.scheme not in CACHES or not where or re.search(r"[;,\s]", text) or parts.port == 0):
        raise ValueError(text)
    return text


def mail_server(text: str) -> dict[str, Any]:
    """A mail server's address as Django's settings have it; nothing where none is given."""
    if not text:
        return {}
    scheme, colon, rest = text.partition(":")
    if scheme not in MAIL_PORTS or not urlsplit(text).hostname or "?" in text:
        raise ValueError(text)
    # What django-environ takes "smtps" for is STARTTLS: others mean TLS from the first byte.
    config = dict(environ.Env.email_url_config({"smtps": "smtp+ssl"}.get(scheme, scheme) + colon + rest))
    if config.pop("EMAIL_FILE_PATH"):
        raise ValueError(text)
    return config | {"EMAIL_PORT": config["EMAIL_PORT"] or MAIL_PORTS[scheme]}


def mail_address(text: str) -> str:
    """An e-mail address."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(text) from error
    return text


def mail_address_at(host: str) -> str:
    """Our address at a host, or at this machine where mail takes no such host."""
    try:
        return mail_address(f"e164web@{host}")
    except ValueError:
        return "e164web@localhost"


def domains(text: str) -> list[str]:
    """Domain names in lower case, separated by commas or blanks, each once."""
    found = [domain(part) for part in text.replace(",", " ").split()]
    if (text and not found) or len(set(found)) != len(found):
        raise ValueError(text)
    return found


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def secret_key(text: str) -> str:
    """Django's secret key."""
    if 0 < len(text) < MIN_SECRET_KEY:
        raise ValueError(text)
    return text


def fernet_keys(text: str) -> list[str]:
    """Fernet keys, separated by blanks or commas."""
    keys = text.replace(",", " ").split()
    if text and not keys:
        raise ValueError(text)
    return [key for key in keys if Fernet(key)]


def networks(text: str) -> list[Network]:
    """Addresses or networks, separated by commas."""
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def header(text: str) -> str:
    """The name of a header that only a proxy may send. None that servers and browsers use for something else."""
    if text and (not _HEADER.fullmatch(text) or text.lower() in TAKEN_HEADERS or text.lower().startswith(TAKEN)):
        raise ValueError(text)
    return text


def ca_bundle(text: str) -> str:
    """The path of a file of PEM certificates, made absolute."""
    if not text:
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=text)
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(text) from error
    return str(Path(text).absolute())


def registries(text: str) -> list[RegistrySetting]:
    """Name=https://host/path, several separated by ``;``, each name and address once."""
    found: list[RegistrySetting] = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        name, _, url = (part.strip() for part in entry.partition("="))
        parts = urlsplit(url)
        if not name or parts.scheme != "https" or not parts.hostname or parts.port == 0:
            raise ValueError(entry)
        if parts.username or parts.password or parts.fragment or re.search(r"[^!-~]", url):
            raise ValueError(entry)
        found.append(RegistrySetting(name=name, url=url))
    if len({entry.name for entry in found}) != len(found) or len({entry.url for entry in found}) != len(found):
        raise ValueError(text)
    return found


def suffix(text: str) -> str:
    """The domain name below which numbers are published, in lower case and without a dot at the end."""
    return check_suffix(text)  # NumberError is a ValueError


def country(text: str) -> str:
    """The code of a country (ISO 3166 alpha-2), in capitals."""
    if text and text.upper() not in COUNTRIES:
        raise ValueError(text)
    return text.upper()


def experimental_services(text: str) -> list[Service]:
    """Services that nobody has registered (RFC 6117, section 4.2) with their URI schemes, separated by blanks."""
    found = [experimental_service(part) for part in text.split()]
    if len({service.name for service in found}) != len(found):
        raise ValueError(text)
    return found


def domain(text: str) -> str:
    """A domain name in lower case and without a dot at the end, or nothing."""
    return domain_name("1", text)[2:] if text else ""  # NumberError is a ValueError


def name_servers(text: str) -> list[str]:
    """Addresses of name servers or resolvers with or without a port, separated by commas, each once."""
    found = [str(Address.parse(part.strip())) for part in text.split(",") if part.strip()]
    if (text and not found) or len(set(found)) != len(found):
        raise ValueError(text)
    return found


def tsig_key(text: str) -> str:
    """A TSIG key as the ``key`` statement of BIND, or as algorithm:name:secret. The text is kept as it is."""
    if text:
        Key.parse(text)  # TsigKeyError is a ValueError
    return text
