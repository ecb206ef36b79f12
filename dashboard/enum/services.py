"""The services that a record can name, and the DNS form (enumservice) and URI schemes of each.

Sources: IANA's enumservice registry (RFC 6117); for the short names also what telephone systems read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.enum.problems import gettext_noop

_PREFIX = "E2U+"  # RFC 6116 s3.4.3; readers compare it in this case or in small letters


@dataclass(frozen=True, slots=True)
class Service:
    """One service: how a registry names it and what it becomes in the DNS.

    `enumservice` is the NAPTR services field (`E2U+sip`). `schemes` are the URI schemes it allows; the first
    is added where the host data has none. With `by_scheme` the scheme is the subtype (`E2U+web:https`).
    `label`, `hint` and `example` (host data as typed) are for people; `label` and `hint` are msgids.
    """

    name: str
    enumservice: str
    schemes: tuple[str, ...]
    label: str
    hint: str
    example: str
    by_scheme: bool = False

    def enumservice_for(self, scheme: str) -> str:
        """Return the NAPTR services field of a record of this service whose URI has `scheme`."""
        return f"{self.enumservice}:{scheme}" if self.by_scheme else self.enumservice


_PRIVACY = gettext_noop("Anyone can look this address up in the DNS, also people who send junk mail.")
_TEL = gettext_noop("A number with + and its country code, without blanks.")
_WEB = gettext_noop("A web address. Without http:// or https:// it becomes https://.")
_SIP = gettext_noop("A SIP address, best a permanent one (user@domain) and not the address of a device.")
_IAX = gettext_noop("The form of RFC 6315. Asterisk finds it when asked for “iax”; Yate reads IAX2 only.")
_IAX2 = gettext_noop("Not registered, but what Yate and most IAX set-ups read. A host alone is enough.")
_ADDRESS = gettext_noop("An address of the form user@domain.")
_FTP = gettext_noop("An FTP address: host and path.")
_LDAP = gettext_noop("An LDAP address: host and path.")

_EXPERIMENTAL_LABEL = gettext_noop("Experimental service")
_EXPERIMENTAL_HINT = gettext_noop("An address, with or without the scheme behind the colon of the service's name.")

# Hint and example of the services that have no short name of their own, by their first scheme.
_BY_SCHEME: dict[str, tuple[str, str]] = {
    "acct": (_ADDRESS, "alice@example.org"),
    "ftp": (_FTP, "ftp://ftp.example.org/alice"),
    "http": (gettext_noop("A web address with http://."), "http://www.example.org/"),
    "https": (gettext_noop("A web address with https://."), "https://www.example.org/"),
    "im": (_ADDRESS, "alice@example.org"),
    "ldap": (_LDAP, "ldap://ldap.example.org/cn=Alice"),
    "mailto": (_PRIVACY, "alice@example.org"),
    "pres": (_ADDRESS, "alice@example.org"),
    "sip": (_SIP, "alice@example.org"),
    "sips": (_SIP, "alice@example.org"),
    "tel": (_TEL, "+16045550100"),
}

_SHORT_NAMES = (
    Service("SIP", "E2U+sip", ("sip", "sips"), gettext_noop("Internet telephony"), _SIP, "alice@example.org"),
    Service(
        "IAX2",
        "E2U+IAX2",
        ("iax2",),
        gettext_noop("Asterisk to Asterisk"),
        _IAX2,
        "100@pbx.example.org",
    ),
    Service(
        "IAX",
        "E2U+iax",
        ("iax",),
        gettext_noop("Asterisk to Asterisk, the registered form"),
        _IAX,
        "pbx.example.org/100",
    ),
    Service(
        "H323",
        "E2U+h323",
        ("h323",),
        gettext_noop("Telephony and video"),
        gettext_noop("An H.323 address: user@domain, or a host alone."),
        "alice@example.org",
    ),
    Service("XMPP", "E2U+xmpp", ("xmpp",), gettext_noop("Messages and presence"), _ADDRESS, "alice@example.org"),
    Service("MAILTO", "E2U+email:mailto", ("mailto",), gettext_noop("E-mail"), _PRIVACY, "alice@example.org"),
    Service("TEL", "E2U+voice:tel", ("tel",), gettext_noop("Another telephone number"), _TEL, "+16045550100"),
    Service(
        "WEB",
        "E2U+web",
        ("https", "http"),
        gettext_noop("Web page"),
        _WEB,
        "https://www.example.org/",
        by_scheme=True,
    ),
)

# type[:subtype], schemes, label; without those that a short name equals (sip, iax, h323, xmpp).
_REGISTERED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("acct", ("acct",), gettext_noop("Account (WebFinger)")),
    ("email:mailto", ("mailto",), gettext_noop("E-mail")),
    ("ems:mailto", ("mailto",), gettext_noop("Enhanced message by e-mail")),
    ("ems:tel", ("tel",), gettext_noop("Enhanced message to a number")),
    ("fax:tel", ("tel",), gettext_noop("Fax to a number")),
    ("ft:ftp", ("ftp",), gettext_noop("Files by FTP")),
    ("ical-access:http", ("http",), gettext_noop("Calendar by HTTP")),
    ("ical-access:https", ("https",), gettext_noop("Calendar by HTTPS")),
    ("ical-sched:mailto", ("mailto",), gettext_noop("Invitations by e-mail")),
    ("ifax:mailto", ("mailto",), gettext_noop("Fax by e-mail")),
    ("im", ("im",), gettext_noop("Instant messages")),
    ("mms:mailto", ("mailto",), gettext_noop("Multimedia message by e-mail")),
    ("mms:tel", ("tel",), gettext_noop("Multimedia message to a number")),
    ("pres", ("pres",), gettext_noop("Presence")),
    ("pstn:sip", ("sip",), gettext_noop("Telephone network through SIP")),
    ("pstn:tel", ("tel",), gettext_noop("Telephone network, ported numbers")),
    ("sms:mailto", ("mailto",), gettext_noop("Text message by e-mail")),
    ("sms:tel", ("tel",), gettext_noop("Text message to a number")),
    ("unifmsg:http", ("http",), gettext_noop("Unified messages by HTTP")),
    ("unifmsg:https", ("https",), gettext_noop("Unified messages by HTTPS")),
    ("unifmsg:sip", ("sip",), gettext_noop("Unified messages by SIP")),
    ("unifmsg:sips", ("sips",), gettext_noop("Unified messages by secure SIP")),
    ("vcard", ("https", "http"), gettext_noop("Business card (vCard)")),
    ("videomsg:http", ("http",), gettext_noop("Video messages by HTTP")),
    ("videomsg:https", ("https",), gettext_noop("Video messages by HTTPS")),
    ("videomsg:sip", ("sip",), gettext_noop("Video messages by SIP")),
    ("videomsg:sips", ("sips",), gettext_noop("Video messages by secure SIP")),
    ("voice:tel", ("tel",), gettext_noop("Another telephone number")),
    ("voicemsg:http", ("http",), gettext_noop("Voice messages by HTTP")),
    ("voicemsg:https", ("https",), gettext_noop("Voice messages by HTTPS")),
    ("voicemsg:sip", ("sip",), gettext_noop("Voice messages by SIP")),
    ("voicemsg:sips", ("sips",), gettext_noop("Voice messages by secure SIP")),
    ("voicemsg:tel", ("tel",), gettext_noop("Voice messages by telephone")),
    ("vpim:ldap", ("ldap",), gettext_noop("Voice mail directory (LDAP)")),
    ("vpim:mailto", ("mailto",), gettext_noop("Voice mail by e-mail")),
    ("web:http", ("http",), gettext_noop("Web page by HTTP")),
    ("web:https", ("https",), gettext_noop("Web page by HTTPS")),
)

SERVICES: tuple[Service, ...] = _SHORT_NAMES + tuple(
    Service(name, _PREFIX + name, schemes, label, *_BY_SCHEME[schemes[0]]) for name, schemes, label in _REGISTERED
)

_BY_NAME = {service.name.upper(): service for service in SERVICES}

# RFC 6116 s3.4.3 and RFC 6117 s4.2: a type that begins with "x-" needs no registration. Its subtype is its scheme.
_EXPERIMENTAL = re.compile(r"(x-[a-z0-9-]{1,30}):([a-z][a-z0-9-]{0,31})", re.IGNORECASE)
UNSAFE_SCHEMES = frozenset({"data", "file", "javascript", "vbscript"})  # a browser would run or open these
_experimental: dict[str, Service] = {}


def experimental_service(text: str) -> Service:
    """Return the experimental service that `text` names with its URI scheme, as `x-skype:callto`.

    Raises ValueError for another text, and for a scheme that only browsers could want.
    """
    found = _EXPERIMENTAL.fullmatch(text)
    if found is None or found[2].lower() in UNSAFE_SCHEMES:
        message = f"“{text}” names no experimental service with its scheme"
        raise ValueError(message)
    scheme = found[2].lower()
    hint, example = _BY_SCHEME.get(scheme, (_EXPERIMENTAL_HINT, "alice"))
    name = f"{found[1].lower()}:{scheme}"
    return Service(name, _PREFIX + name, (scheme,), _EXPERIMENTAL_LABEL, hint, example)


def allow_experimental(services: Iterable[Service]) -> None:
    """Know these services from now on besides the registered ones, and no others: the administrator's list."""
    allowed = {service.name.upper(): service for service in services}
    _experimental.clear()
    _experimental.update(allowed)


def known_services() -> tuple[Service, ...]:
    """Return every service that a record can name here: the registered ones, and the administrator's."""
    return (*SERVICES, *_experimental.values())


def find_service(name: str) -> Service | None:
    """Return the service that a registry calls `name`, or None if no DNS form of it is known.

    Case does not matter, nor an `E2U+` in front: `SIP`, `sip` and `E2U+sip` are the same service.
    """
    key = name.upper() if name.isascii() else ""  # upper() maps a dotless i to I
    key = key.removeprefix(_PREFIX)
    return _BY_NAME.get(key) or _experimental.get(key)
