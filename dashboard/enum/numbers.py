"""Telephone numbers and their domain names (RFC 6116 s3.1, s3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.enum.problems import NumberError, Problem, cut, gettext_noop

E164_MAX_DIGITS = 15  # ITU-T E.164: country code and national number together
MAX_DOMAIN_LENGTH = 253  # RFC 1035 s2.3.4: 255 octets on the wire, less the length octet and the root
DEFAULT_SUFFIX = "e164.arpa"

_DIGITS = re.compile(r"[0-9]+")  # not \d, which takes digits of every script
_REVERSED_DIGITS = re.compile(r"[0-9](?:\.[0-9])*")
_SUFFIX = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


@dataclass(frozen=True, slots=True)
class NumberRules:
    """What a zone accepts as a number.

    `max_digits` is E.164's 15 unless the zone is private; `leading_zero` allows a number that starts with 0,
    as dn42's +042 does. Both are settings of a zone, not of the protocol.
    """

    max_digits: int = E164_MAX_DIGITS
    leading_zero: bool = False


def domain_name(digits: str, suffix: str = DEFAULT_SUFFIX) -> str:
    """Return the owner name of a number's records: its digits reversed, one a label, below `suffix`.

    The name has no dot at the end and is in lower case. Raises NumberError if `digits` is not ASCII digits
    only, if `suffix` is not a domain name, or if the two are too long for DNS. Source: RFC 6116 s3.2.
    """
    if not _DIGITS.fullmatch(digits):
        raise NumberError(
            "number", gettext_noop("A number is digits only, not “%(number)s”."), {"number": cut(digits)}
        )
    domain = ".".join(reversed(digits)) + "." + _checked_suffix(suffix)
    if len(domain) > MAX_DOMAIN_LENGTH:
        raise NumberError(
            "number",
            gettext_noop("The number has %(count)d digits, more than its domain name can hold."),
            {"count": len(digits)},
        )
    return domain


def digits_of(domain: str, suffix: str = DEFAULT_SUFFIX) -> str:
    """Return the digits of the number whose records live at `domain`; the inverse of `domain_name`.

    Case and a dot at the end do not matter. Raises NumberError if `domain` is not below `suffix` or has a
    label that is not one digit. Source: RFC 6116 s3.2.
    """
    ending = "." + _checked_suffix(suffix)
    plain = domain.lower().removesuffix(".")
    labels = plain.removesuffix(ending)
    if labels == plain or not _REVERSED_DIGITS.fullmatch(labels):
        raise NumberError(
            "number",
            gettext_noop("“%(domain)s” is not a number's domain name below %(suffix)s."),
            {"domain": cut(domain), "suffix": ending[1:]},
        )
    return labels.replace(".", "")[::-1]


def check_suffix(suffix: str) -> str:
    """Return the suffix of a zone as the DNS compares it: in lower case, without a dot at the end.

    Raises NumberError if it is no domain name, or leaves no room for the longest number and the star of a block.
    """
    try:
        domain_name("1" * (E164_MAX_DIGITS + 1), suffix)
    except NumberError:
        message = gettext_noop("This must be a domain name with room for numbers below it, such as e164.arpa.")
        raise NumberError("suffix", message) from None
    return suffix.lower().removesuffix(".")


def check_number(digits: str, rules: NumberRules = NumberRules()) -> list[Problem]:
    """Return what keeps `digits` from being a number under `rules`; all problems name the field "number".

    Sources: RFC 6116 s3.1 (digits only), ITU-T E.164 (at most 15 digits, the first not 0).
    """
    if not digits:
        return [Problem("number", "empty", gettext_noop("Enter a number."))]
    if not _DIGITS.fullmatch(digits):
        message = gettext_noop("A number is digits only, not “%(number)s”.")
        return [Problem("number", "not-digits", message, {"number": cut(digits)})]
    problems = []
    if len(digits) > rules.max_digits:
        message = gettext_noop("The number has %(count)d digits; at most %(limit)d are allowed.")
        params = {"count": len(digits), "limit": rules.max_digits}
        problems.append(Problem("number", "too-long", message, params))
    if digits.startswith("0") and not rules.leading_zero:
        message = gettext_noop("A number starts with its country code, which never begins with 0.")
        problems.append(Problem("number", "leading-zero", message))
    return problems


def _checked_suffix(suffix: str) -> str:
    plain = suffix.lower().removesuffix(".")
    if len(plain) > MAX_DOMAIN_LENGTH or not _SUFFIX.fullmatch(plain):
        raise NumberError("suffix", gettext_noop("“%(suffix)s” is not a domain name."), {"suffix": cut(suffix)})
    return plain
