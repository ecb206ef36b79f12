"""What can go wrong with a name server, as errors that say what to do next and that a page can translate."""

from collections.abc import Mapping
from typing import Final

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers.addresses import Address


class NameServerError(Exception):
    """A name server did not do what it was asked for.

    `code` is a stable slug for programs, `message` an English msgid with named %-placeholders that `params` fills,
    `server` who it was. The subclass says what to do: Unreachable and Busy: try again; Rejected: send less at once;
    Denied: a person has to look.
    """

    def __init__(self, server: Address, code: str, message: str, params: Mapping[str, object] | None = None) -> None:
        self.server = server
        self.code = code
        self.message = message
        self.params = {"server": str(server), **(params or {})}
        super().__init__(message % self.params)


class Unreachable(NameServerError):
    """No answer that can be believed: silence, a broken connection, garbage, or a wrong signature."""


class Busy(NameServerError):
    """The server could not do it now; nothing says that it is our fault."""


class Rejected(NameServerError):
    """The server will not have this message, though it would take others."""


class Denied(NameServerError):
    """The server takes no such messages from us: the key, the clock, the zone or its policy is wrong."""


class TsigKeyError(ValueError):
    """A text that is no TSIG key, or one too weak to use. Never quotes the secret."""

    def __init__(self, message: str, params: Mapping[str, object] | None = None) -> None:
        self.message = message
        self.params = dict(params or {})
        super().__init__(message % self.params)


NOT_DONE: Final[Mapping[str, tuple[type[NameServerError], str]]] = {
    # RFC 2136 s2.2 and RFC 8945 s5.2: what each code of a reply means for the sender.
    "SERVFAIL": (Busy, gettext_noop("%(server)s has a fault of its own just now (SERVFAIL).")),
    "FORMERR": (Rejected, gettext_noop("%(server)s takes a record in the message for malformed (FORMERR).")),
    "NOTZONE": (Rejected, gettext_noop("%(server)s says that a name is outside the zone (NOTZONE).")),
    "NXDOMAIN": (Rejected, gettext_noop("%(server)s misses a name that the message needs (NXDOMAIN).")),
    "YXDOMAIN": (Rejected, gettext_noop("%(server)s has a name that the message excludes (YXDOMAIN).")),
    "YXRRSET": (Rejected, gettext_noop("%(server)s has records that the message excludes (YXRRSET).")),
    "NXRRSET": (Rejected, gettext_noop("%(server)s misses records that the message needs (NXRRSET).")),
    "NOTIMP": (Denied, gettext_noop("%(server)s does not do this at all (NOTIMP).")),
    "REFUSED": (Denied, gettext_noop("%(server)s refuses: its policy or the key does not allow it (REFUSED).")),
    "NOTAUTH": (
        Denied,
        gettext_noop("%(server)s does not serve this zone, or does not accept the key for it (NOTAUTH)."),
    ),
    "BADSIG": (Denied, gettext_noop("%(server)s finds the signature wrong: the key's secret differs (BADSIG).")),
    "BADKEY": (Denied, gettext_noop("%(server)s does not know the key, or does not allow it to do this (BADKEY).")),
    "BADTRUNC": (Denied, gettext_noop("%(server)s wants longer signatures (BADTRUNC).")),
}


def not_done(server: "Address", rcode: str) -> NameServerError:
    """The error for a reply's code, such as "REFUSED" or the TSIG error "BADKEY". Codes nobody expects are Busy."""
    unexpected = gettext_noop("%(server)s answered with the unexpected code %(rcode)s.")
    kind, message = NOT_DONE.get(rcode, (Busy, unexpected))
    return kind(server, rcode.lower(), message, {"rcode": rcode})


def wrong_clock(server: "Address", seconds: int | None) -> Denied:
    """The error for BADTIME; `seconds` is how far the server's clock is ahead of ours, None if it does not say."""
    if seconds is None:
        return Denied(server, "badtime", gettext_noop("%(server)s and this computer differ on the time (BADTIME)."))
    ahead = gettext_noop("The clock of %(server)s is %(seconds)d seconds ahead of this computer's (BADTIME).")
    behind = gettext_noop("The clock of %(server)s is %(seconds)d seconds behind this computer's (BADTIME).")
    return Denied(server, "badtime", ahead if seconds >= 0 else behind, {"seconds": abs(seconds)})
