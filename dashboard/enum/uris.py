"""Host data as people and registries write it, turned into the URI that a record carries."""

from __future__ import annotations

import re

from dashboard.enum.characters import check_characters, check_controls
from dashboard.enum.limits import MAX_HOSTDATA, MAX_URI
from dashboard.enum.problems import TOO_LONG, UriError, cut, gettext_noop
from dashboard.enum.schemes import KNOWN_SCHEMES, read_target
from dashboard.enum.services import Service, find_service
from dashboard.enum.target import Target

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_FOREIGN_SCHEMES = KNOWN_SCHEMES | {"callto", "data", "file", "javascript", "skype", "sms", "urn", "vbscript"}

# A number as people write it; an IPv4 address is none.
_NUMBER = re.compile(r"(?=\+|(?:[^0-9]*[0-9]){5})(?![0-9]+(?:\.[0-9]+){3})\+?[(]?[0-9][0-9().\s-]*")
_NAME_AND_ADDRESS = re.compile(r"[^<>]*<[^<>]+>\s*")  # as mail programs copy it (RFC 5322 s3.4, RFC 3261 s25.1)
_NEED_HOST = KNOWN_SCHEMES - {"tel", "h323"}  # which schemes take no number without a host

# What stands for the number that was dialled; it means something in the records of a block only.
PLACEHOLDER = re.compile(r"\{(number|rest)\}")

_EMPTY = gettext_noop("Enter the host data.")
_WRONG_SCHEME = gettext_noop("“%(scheme)s:” does not belong to %(service)s, which uses %(schemes)s.")
_NUMBER_ALONE = gettext_noop(
    "“%(number)s” is a telephone number without a host. Write @ and the host that takes its calls behind it, or "
    "choose the service TEL."
)
_NAMED = gettext_noop("Write the address alone, without a name before it and without < and > around it.")
_NO_BLOCK = gettext_noop(
    "“%(placeholder)s” stands for what was dialled, which only the records of a block can hold. This is one number: "
    "write its digits."
)
_TWICE = gettext_noop("There is a second “%(scheme)s:” in the host data.")


def uri_of(service: str, hostdata: str) -> str | None:
    """Return the URI that `hostdata` makes for the service a registry calls `service`.

    The scheme may be there already or not. What a URI may hold only percent-encoded becomes so, a name in another
    script becomes its ASCII form, and a number loses its visual separators. None if the service is unknown or
    the host data has no legal URI; `check_draft` says why. The URI may still be too long for a record. Never raises.
    """
    known = find_service(service)
    try:
        return read_hostdata(known, hostdata).uri if known else None
    except UriError:
        return None


def read_hostdata(service: Service, hostdata: str) -> Target:
    """Return the URI of `hostdata` for `service`, with its parts. Raises UriError if there is no legal one."""
    if not hostdata:
        raise UriError("empty", _EMPTY)
    if len(hostdata) > MAX_HOSTDATA:
        raise UriError("too-long", TOO_LONG, {"count": len(hostdata), "limit": MAX_URI})
    placeholder = PLACEHOLDER.search(hostdata)
    if placeholder:
        raise UriError("placeholder", _NO_BLOCK, {"placeholder": placeholder[0]})
    return _read(service, hostdata)


def _read(service: Service, hostdata: str) -> Target:
    check_controls(hostdata)
    if _NAME_AND_ADDRESS.fullmatch(hostdata):
        raise UriError("brackets", _NAMED)
    written, rest = _split_scheme(service, hostdata)
    scheme = written or service.schemes[0]
    if scheme in _NEED_HOST and _NUMBER.fullmatch(rest):
        raise UriError("number-alone", _NUMBER_ALONE, {"number": cut(rest)})
    if scheme != "tel":
        check_characters(hostdata)
    if written and _foreign(rest.removeprefix("//")):
        raise UriError("scheme-twice", _TWICE, {"scheme": cut(rest.removeprefix("//").partition(":")[0])})
    return read_target(scheme, rest, has_scheme=bool(written))


def _split_scheme(service: Service, hostdata: str) -> tuple[str, str]:
    """Return the scheme as written, in lower case (FreeSWITCH knows no other), and the rest; "" if there is none."""
    scheme, colon, rest = hostdata.partition(":")
    if colon and scheme.lower() in service.schemes:
        return scheme.lower(), rest
    if _foreign(hostdata):
        schemes = ", ".join(f"{known}:" for known in service.schemes)
        params = {"scheme": cut(scheme), "service": service.name, "schemes": schemes}
        raise UriError("scheme", _WRONG_SCHEME, params)
    return "", hostdata


def _foreign(text: str) -> bool:
    """Return whether `text` begins with a scheme.

    `alice:secret@host` and `host:5060` do not, so only schemes that people mix up with ours count.
    """
    found = _SCHEME.match(text)
    return found is not None and (found[1].lower() in _FOREIGN_SCHEMES or text.startswith("//", found.end()))
