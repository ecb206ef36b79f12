"""What is legal in a record and yet may not be what its owner wants: warnings, never errors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dashboard.enum.doubts import doubts_in
from dashboard.enum.hosts import is_address
from dashboard.enum.problems import Problem, gettext_noop
from dashboard.enum.services import Service
from dashboard.enum.target import Target

# A call through these to the number itself never ends, so there it is an error and not our subject. Other services
# may name the number that they belong to: `sms:tel` that it takes texts, `pstn:tel` where it was ported to.
VOICE_TO_TEL = frozenset({"E2U+voice:tel", "E2U+voicemsg:tel"})
_ENCODED_CONTROL = re.compile(r"%(?:[01][0-9A-F]|7F)", re.IGNORECASE)
_TRANSPORT = re.compile(r";transport=", re.IGNORECASE)

_SELF = gettext_noop("The record points to its own number.")
_PLUS = gettext_noop("The number was read as %(uri)s. Check that it begins with the country code.")
_PRIVACY = gettext_noop("Anyone can look this mail address up in the DNS, also people who send junk mail.")
_DEVICE = gettext_noop("This is the address of one device. A permanent address, user@domain, survives a move.")
_FIXED = gettext_noop("This fixes the port or the transport, which the domain's own DNS records should decide.")
_PASSWORD = gettext_noop("There is a password in the host data. Everybody can read it in the DNS.")
_SIPS = gettext_noop("FreeSWITCH does not dial sips: addresses unless it is told to.")
_CONTROL = gettext_noop("A control character is hidden in the host data as %(octet)s.")


def risks_in(service: Service, target: Target, digits: str) -> Iterator[Problem]:
    """Yield a warning for each thing in a legal record that may not be what its owner wants."""
    if target.scheme == "tel":
        yield from _tel_risks(service, target, digits)
    if target.scheme == "acct" and digits and target.user.removeprefix("+") == digits:
        yield _warning("self-reference", _SELF)  # RFC 7566 s6
    if target.scheme == "mailto":
        yield _warning("privacy", _PRIVACY)
    if target.scheme in ("sip", "sips"):
        yield from _sip_risks(target)
    if target.scheme == "sips" and service.enumservice == "E2U+sip":
        yield _warning("sips", _SIPS)
    if target.has_password:
        yield Problem.concern("password", _PASSWORD)
    hidden = _ENCODED_CONTROL.search(target.uri)
    if hidden:
        yield _warning("encoded-control", _CONTROL, octet=hidden[0])
    yield from doubts_in(target, digits)


def _tel_risks(service: Service, target: Target, digits: str) -> Iterator[Problem]:
    is_self = bool(digits) and target.digits == digits
    if is_self and service.enumservice not in VOICE_TO_TEL | {"E2U+pstn:tel"}:
        yield _warning("self-reference", _SELF)
    if target.plus_added:
        yield Problem.concern("plus-added", _PLUS, uri=target.uri)


def _sip_risks(target: Target) -> Iterator[Problem]:
    """Yield what RFC 3824 s5 advises against: device addresses, and what the host's SRV records should say."""
    if is_address(target.host):
        yield _warning("device-address", _DEVICE)
    elif target.port is not None or _TRANSPORT.search(target.tail):
        yield _warning("fixed-transport", _FIXED)


def _warning(code: str, message: str, **params: object) -> Problem:
    return Problem("hostdata", code, message, params, "warning")
