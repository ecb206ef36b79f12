"""The providers in the environment: E164WEB_OIDC_PROVIDERS names them, and each has settings of its own.

Those of the provider "keycloak" begin with E164WEB_OIDC_KEYCLOAK_. They are declared and read as all settings are.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from e164web.environment import PREFIX, Reader, setting, settings_of

BEGINNING = "OIDC_"
DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ROLES = ("viewer", "editor", "manager")  # models may not be imported this early; a test compares
MAX_TEXT = 100  # characters of a team's name
_NAME = re.compile(r"[a-z][a-z0-9]{0,29}")
_OF_A_PROVIDER = re.compile(rf"{BEGINNING}[A-Z0-9]+_[A-Z]")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749, section 3.3


@dataclass(frozen=True, kw_only=True)
class TeamRule:
    """Whoever is in the group has the role in the team, both by their names."""

    group: str
    team: str
    role: str


def is_allowed_url(text: object) -> bool:
    """Whether secrets may be sent there: https://, or http:// on this very machine, without a user name."""
    if not isinstance(text, str) or re.search(r"[^!-~]|[\"<>\\^`{|}]", text):
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or port == 0 or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def issuer(text: str) -> str:
    """The address of an issuer without the slash at its end; that of its discovery document is taken too."""
    address = text.removesuffix(DISCOVERY).rstrip("/")
    if text and (not is_allowed_url(address) or "?" in address):
        raise ValueError(text)
    return address


def printable(text: str) -> str:
    """One line of text."""
    if not text.isprintable() or len(text) > MAX_TEXT:
        raise ValueError(text)
    return text


def scopes(text: str) -> list[str]:
    """Scopes, separated by blanks, with "openid" among them."""
    found = text.split()
    if "openid" not in found or not all(map(_SCOPE.fullmatch, found)):
        raise ValueError(text)
    return found


def team_rules(text: str) -> list[TeamRule]:
    """group=team:role, several separated by ``;``. A group's name may hold = and :, as those of LDAP do."""
    found = [_team_rule(part) for part in _parts(text)]
    if len({(rule.group, rule.team.casefold()) for rule in found}) != len(found):
        raise ValueError(text)
    return found


def _team_rule(text: str) -> TeamRule:
    pair, _, role = (part.strip() for part in text.rpartition(":"))
    group, _, team = (part.strip() for part in pair.rpartition("="))
    if not group or not team or role not in ROLES:
        raise ValueError(text)
    # As a name that somebody types: letters that look the same are the same.
    name = " ".join(unicodedata.normalize("NFKC", team).split(" "))
    return TeamRule(group=printable_group(group), team=printable(name), role=role)


def printable_group(text: str) -> str:
    """A group's name, which may be long."""
    if not text.isprintable():
        raise ValueError(text)
    return text


def groups(text: str) -> list[str]:
    """Names of groups, separated by ``;``."""
    return [printable_group(part) for part in _parts(text)]


def _parts(text: str) -> Iterable[str]:
    return filter(None, (part.strip() for part in text.split(";")))


def provider_names(text: str) -> list[str]:
    """Names of providers, separated by blanks, each once."""
    found = text.split()
    if len(set(found)) != len(found) or not all(map(_NAME.fullmatch, found)):
        raise ValueError(text)
    return found


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider by which people sign in. What the fields mean is in docs/settings.md."""

    url: str = setting(
        issuer,
        expected="it must be the address of the issuer: https://, or http:// on this machine, such as "
        "https://login.example.org/realms/staff",
    )
    client_id: str = setting(printable_group, expected="it must be the id that the provider gave, in one line")
    client_secret: str = setting(str, has_file=True)
    label: str = setting(printable, expected=f"it must be a line of at most {MAX_TEXT} characters")
    scopes: list[str] = setting(
        scopes, "openid profile email", "it must be scopes separated by blanks, openid among them"
    )
    groups_claim: str = setting(printable, "groups", "it must be the name of a claim")
    teams: list[TeamRule] = setting(
        team_rules,
        expected="it must be group=team:role, several separated by ;, with the role viewer, editor or manager",
    )
    administrators: list[str] = setting(groups, expected="it must be names of groups, separated by ;")
    admitted: list[str] = setting(groups, expected="it must be names of groups, separated by ;")
    name: str

    @property
    def title(self) -> str:
        """What people read on the button."""
        return self.label or self.name.capitalize()

    @property
    def known_groups(self) -> frozenset[str]:
        """The groups that mean something here."""
        return frozenset([*(rule.group for rule in self.teams), *self.administrators, *self.admitted])


SETTINGS = settings_of(Provider)


def take(reader: Reader) -> dict[str, str]:
    """Take the settings of single providers out of what is given, so that they are not refused as unknown."""
    names = [name for name in reader.given if _OF_A_PROVIDER.match(name)]
    return {name: reader.given.pop(name) for name in names}


def read(reader: Reader, names: list[str], taken: dict[str, str]) -> list[Provider]:
    """The providers of these names, from what `take` took. What is wrong becomes a problem of the reader."""
    left = dict(taken)
    found = [_provider(reader, name, left) for name in names]
    for variable in sorted(left):
        reader.problem(
            "E030",
            f"{PREFIX}{variable} is set, but {PREFIX}OIDC_PROVIDERS does not name its provider.",
            "Name the provider there too, in small letters, or unset the setting.",
        )
    for url, count in Counter(provider.url for provider in found if provider.url).items():
        if count > 1:
            reader.problem("E032", f"Two providers of {PREFIX}OIDC_PROVIDERS have the address {url}.", "Keep one.")
    return found


def _provider(reader: Reader, name: str, left: dict[str, str]) -> Provider:
    beginning = f"{BEGINNING}{name.upper()}_"
    own = {f"{PREFIX}{variable}": left.pop(variable) for variable in list(left) if variable.startswith(beginning)}
    single = Reader(own, reader.base_dir, prefix=f"{PREFIX}{beginning}")
    single.read(SETTINGS)
    reader.problems += single.problems
    provider = Provider(**single.values, name=name)
    for field in ("url", "client_id"):
        if not single.given.get(field.upper()):
            reader.problem(
                "E031",
                f"The provider {name} lacks {PREFIX}{beginning}{field.upper()}.",
                f"Set it, or take {name} out of {PREFIX}OIDC_PROVIDERS.",
            )
    return provider
