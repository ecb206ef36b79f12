"""TSIG keys (RFC 8945): what a name server knows its writers by."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final, Self

import dns.exception
import dns.name
import dns.tsig

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers.problems import TsigKeyError

ALGORITHMS: Final = ("hmac-sha256", "hmac-sha384", "hmac-sha512")
MIN_SECRET: Final = 16  # octets: 128 bits; RFC 8945 s8 wants as many as the digest has

_STATEMENT = re.compile(
    r"""\s*key\s+"?(?P<name>[^\s"{;]+)"?\s*\{(?P<body>[^{}]*)\}\s*;?\s*""",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|#[^\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """A TSIG key: its name, its secret in base64, and its algorithm. Raises TsigKeyError when made of bad parts."""

    name: str
    secret: str = field(repr=False)
    algorithm: str = "hmac-sha256"

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _name(self.name))
        object.__setattr__(self, "algorithm", _algorithm(self.algorithm))
        object.__setattr__(self, "secret", _secret(self.secret))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a BIND `key "name" { algorithm ...; secret "..."; };` statement, or `[algorithm:]name:secret`.

        Raises TsigKeyError, which never quotes what could be the secret.
        """
        statement = _STATEMENT.fullmatch(_COMMENT.sub(" ", text)) if "{" in text else None
        if statement:
            options = _options(statement["body"])
            return cls(statement["name"], options.get("secret", ""), options.get("algorithm", ""))
        parts = text.strip().split(":")
        if "{" in text or len(parts) not in {2, 3}:
            raise TsigKeyError(gettext_noop("A key is a key statement of BIND, or algorithm:name:secret."))
        return cls(parts[-2], parts[-1], *parts[:-2])

    def __str__(self) -> str:
        # What logs and pages may show.
        return f"{self.algorithm}:{self.name}"

    def as_dnspython(self) -> dns.tsig.Key:
        """The same for dnspython."""
        return dns.tsig.Key(dns.name.from_text(self.name), base64.b64decode(self.secret), self.algorithm)


def _options(body: str) -> dict[str, str]:
    statements = (statement.split(None, 1) for statement in body.split(";"))
    return {words[0].lower(): words[1].strip().strip('"') for words in statements if len(words) == 2}


def _name(name: str) -> str:
    try:
        parsed = dns.name.from_text(name.strip())
    except (dns.exception.DNSException, UnicodeError):
        parsed = dns.name.root
    if parsed == dns.name.root:
        raise TsigKeyError(gettext_noop("The key's name is no domain name."))
    return parsed.to_text(omit_final_dot=True).lower()


def _algorithm(algorithm: str) -> str:
    algorithm = algorithm.strip().rstrip(".").lower()
    if algorithm not in ALGORITHMS:
        # Not quoted: who mixes up the order has put the secret here.
        message = gettext_noop("The key's algorithm must be one of %(allowed)s.")
        raise TsigKeyError(message, {"allowed": ", ".join(ALGORITHMS)})
    return algorithm


def _secret(secret: str) -> str:
    try:
        octets = base64.b64decode("".join(secret.split()), validate=True)
    except (binascii.Error, ValueError):
        raise TsigKeyError(gettext_noop("The key's secret is not written in base64.")) from None
    if len(octets) < MIN_SECRET:
        raise TsigKeyError(
            gettext_noop("The key's secret has %(count)d octets; fewer than %(limit)d are too easy to guess."),
            {"count": len(octets), "limit": MIN_SECRET},
        )
    return base64.b64encode(octets).decode("ascii")
