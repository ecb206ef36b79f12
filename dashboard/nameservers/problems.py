"""What can go wrong with a name server, as errors that say what to do next and that a page can translate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

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


@dataclass(frozen=True, slots=True)
class Request:
    """What a server was asked for: whether it has a zone (its SOA), an update, a transfer, or any other record.

    `types` are those that an update would write.
    """

    doing: Literal["zone", "update", "transfer", "record"]
    zone: str
    types: str = ""


# What each code means for the sender: RFC 2136 s2.2 and RFC 8945 s5.2, and what BIND, Knot and PowerDNS were seen to
# answer (tests/interop/test_refusals.py). Each sentence names every cause that is known, the likeliest first.
NOT_DONE: Final[Mapping[str, tuple[type[NameServerError], str]]] = {
    "SERVFAIL": (Busy, gettext_noop("%(server)s has a fault of its own just now (SERVFAIL).")),
    "FORMERR": (Rejected, gettext_noop("%(server)s takes a record in the message for malformed (FORMERR).")),
    "NOTZONE": (Rejected, gettext_noop("%(server)s says that a name is outside the zone (NOTZONE).")),
    "NXDOMAIN": (Rejected, gettext_noop("%(server)s misses a name that the message needs (NXDOMAIN).")),
    "YXDOMAIN": (Rejected, gettext_noop("%(server)s has a name that the message excludes (YXDOMAIN).")),
    "YXRRSET": (Rejected, gettext_noop("%(server)s has records that the message excludes (YXRRSET).")),
    "NXRRSET": (Rejected, gettext_noop("%(server)s misses records that the message needs (NXRRSET).")),
    "NOTIMP": (Denied, gettext_noop("%(server)s does not do this at all (NOTIMP).")),
    "REFUSED": (
        Denied,
        gettext_noop(
            "%(server)s refuses to answer for %(zone)s (REFUSED): it has no such zone, or does not let us ask."
        ),
    ),
    "NOTAUTH": (
        Denied,
        gettext_noop(
            "%(server)s does not accept the key for %(zone)s (NOTAUTH). Most likely its name, secret or algorithm "
            "differs; or the clocks do, by more than five minutes (PowerDNS does not tell which; its log does); or "
            "the server has no such zone."
        ),
    ),
    "BADSIG": (Denied, gettext_noop("%(server)s finds the signature wrong: the key's secret differs (BADSIG).")),
    "BADKEY": (
        Denied,
        gettext_noop(
            "%(server)s does not know the key (BADKEY): its name or its algorithm differs, or the server has not "
            "read its configuration anew."
        ),
    ),
    "BADTRUNC": (Denied, gettext_noop("%(server)s wants longer signatures (BADTRUNC).")),
}
NOT_DONE_WHEN: Final[Mapping[tuple[str, str], str]] = {
    ("REFUSED", "zone"): gettext_noop(
        "%(server)s refuses to answer for the zone %(zone)s (REFUSED). Most likely it has no zone of this name: "
        "compare it with the server's configuration, letter by letter. Or it does not let us ask (allow-query)."
    ),
    ("SERVFAIL", "zone"): gettext_noop(
        "%(server)s has no usable copy of the zone %(zone)s (SERVFAIL). Most likely the zone was not loaded, for "
        "an error in its file, or has expired at a secondary. The server's log says which."
    ),
    ("REFUSED", "update"): gettext_noop(
        "%(server)s refuses the update of the zone %(zone)s (REFUSED). Most likely the key has no right to write "
        "%(types)s records there: update-policy (BIND), TSIG-ALLOW-DNSUPDATE, ALLOW-DNSUPDATE-FROM or "
        "dnsupdate=yes (PowerDNS). Or the zone is frozen: rndc thaw. Or this is a secondary, and the primary must "
        "be entered here. Or, with PowerDNS, the key or the clock is wrong, or the zone is not there."
    ),
    ("NOTAUTH", "update"): gettext_noop(
        "%(server)s is no primary of the zone %(zone)s (NOTAUTH). Most likely it has no zone of this name. Or it "
        "is a secondary, and the primary must be entered here."
    ),
    ("BADKEY", "update"): gettext_noop(
        "%(server)s does not let the key do this (BADKEY). Most likely no ACL of the zone %(zone)s allows it to "
        "update %(types)s records, from this computer's address (Knot). Or the key's name or its algorithm differs."
    ),
    ("SERVFAIL", "update"): gettext_noop(
        "%(server)s could not make the update (SERVFAIL). Most likely it cannot write: its disk is full, it has no "
        "right to write its folder or journal, or its database is locked. Or this is a secondary that cannot reach "
        "its primary (Knot, PowerDNS). The server's log says which."
    ),
    ("REFUSED", "transfer"): gettext_noop(
        "%(server)s refuses the transfer of the zone %(zone)s (REFUSED). Most likely the key has no right to it: "
        "allow-transfer (BIND). Or the server has no zone of this name."
    ),
    ("NOTAUTH", "transfer"): gettext_noop(
        "%(server)s does not give the zone %(zone)s away (NOTAUTH). Most likely the key has no right to it: "
        "TSIG-ALLOW-AXFR (PowerDNS). Or the server has no zone of this name. Or, with PowerDNS, the key or the "
        "clock is wrong."
    ),
    ("BADKEY", "transfer"): gettext_noop(
        "%(server)s does not let the key do this (BADKEY). Most likely no ACL of the zone %(zone)s allows it to "
        "transfer (Knot). Or the key's name or its algorithm differs."
    ),
}


def not_done(server: "Address", rcode: str, request: Request) -> NameServerError:
    """The error for a reply's code, such as "REFUSED" or the TSIG error "BADKEY". Codes nobody expects are Busy."""
    unexpected = gettext_noop("%(server)s answered with the unexpected code %(rcode)s.")
    kind, message = NOT_DONE.get(rcode, (Busy, unexpected))
    message = NOT_DONE_WHEN.get((rcode, request.doing), message)
    return kind(server, rcode.lower(), message, {"rcode": rcode, "zone": request.zone, "types": request.types})


def no_zone(server: "Address", zone: str, above: str | None) -> Denied:
    """The error for a server that answers, and has no zone of this name; `above` is the one that it has instead."""
    message = gettext_noop(
        "%(server)s has no zone %(zone)s of its own. Most likely the apex is another, or the zone is not set up "
        "there."
    )
    if above is not None:
        message = gettext_noop(
            "%(server)s has no zone %(zone)s, but %(above)s above it. Most likely that is the apex, or the zone is "
            "not set up there yet."
        )
    return Denied(server, "no-zone", message, {"zone": zone, "above": above})


def wrong_clock(server: "Address", seconds: int | None) -> Denied:
    """The error for BADTIME; `seconds` is how far the server's clock is ahead of ours, None if it does not say."""
    if seconds is None:
        return Denied(
            server,
            "badtime",
            gettext_noop("%(server)s and this computer differ on the time (BADTIME): set both by NTP."),
        )
    ahead = gettext_noop(
        "The clock of %(server)s is %(seconds)d seconds ahead of this computer's (BADTIME): set both by NTP."
    )
    behind = gettext_noop(
        "The clock of %(server)s is %(seconds)d seconds behind this computer's (BADTIME): set both by NTP."
    )
    return Denied(server, "badtime", ahead if seconds >= 0 else behind, {"seconds": abs(seconds)})
