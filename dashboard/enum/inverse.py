"""From a NAPTR record back to service and host data, wherever that is exact: the inverse of `naptr_for`.

What comes back is tried: it is the record only if `naptr_for` makes the same of it again, but for the case of the
service and of the flag, which mean nothing (RFC 6116 s3.4.2, s3.4.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from dashboard.enum.naptr import Naptr
from dashboard.enum.problems import NaptrError, cut, gettext_noop
from dashboard.enum.rules import naptr_for
from dashboard.enum.services import SERVICES, Service, find_service
from dashboard.enum.substitution import split_regexp, substitute
from dashboard.enum.wildcards import Name
from dashboard.protocol import RecordData

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_EVERYTHING = "^.*$"
_REFERENCE = re.compile(r"\\([0-9])")
_PREFIX = "E2U+"
_PUBLISHED: dict[str, Service] = {}
for _service in SERVICES:
    for _scheme in _service.schemes:
        _PUBLISHED.setdefault(_service.enumservice_for(_scheme).upper(), _service)

_FLAGS = gettext_noop("Its flags are “%(flags)s”; service and host data are published with “u”.")
_REPLACEMENT = gettext_noop("It leads to another name, %(name)s, where service and host data are a URI.")
_NO_ENUM = gettext_noop("“%(service)s” is no service of ENUM: it does not begin with E2U+.")
_COMPOUND = gettext_noop("“%(service)s” names several services at once; a record has one.")
_SERVICE = gettext_noop("No service is published as “%(service)s”.")
_REGEXP = gettext_noop("“%(regexp)s” is no legal substitution.")
_BACK_REFERENCE = gettext_noop("“%(regexp)s” puts parts of the dialled number into the address.")
_PATTERN = gettext_noop("“%(regexp)s” is for some numbers only, or written in another way than ours.")
_URI = gettext_noop("“%(uri)s” is no address of the service %(service)s.")


@dataclass(frozen=True, slots=True)
class Inexact:
    """Why a NAPTR record is no service with host data. `instead` are records that lead the number to the same places
    in one step each, where there are such.
    """

    message: str
    params: dict[str, object]
    instead: tuple[RecordData, ...] = ()

    def __str__(self) -> str:
        return self.message % self.params


def record_of(naptr: Naptr, name: Name) -> RecordData | Inexact:
    """Return the record of `name` that is published as `naptr`, whatever its order; or why there is none.

    Of services that are published alike it is the short one. Never raises.
    """
    reason = _reason(naptr)
    if reason is None:
        found = _exact(naptr, name)
        if not isinstance(found, NaptrError):
            return found
        reason = found
    return Inexact(reason.message, reason.params, tuple(_instead(naptr, name)))


def _reason(naptr: Naptr) -> NaptrError | None:
    """What keeps a record from being a single service with a URI, whatever its regexp."""
    if naptr.replacement != ".":
        return NaptrError("replacement", _REPLACEMENT, {"name": cut(naptr.replacement)})
    if naptr.flags.lower() != "u":
        return NaptrError("flags", _FLAGS, {"flags": cut(naptr.flags)})
    if naptr.service[: len(_PREFIX)].upper() != _PREFIX:
        return NaptrError("service", _NO_ENUM, {"service": cut(naptr.service)})
    if "+" in naptr.service[len(_PREFIX) :]:
        return NaptrError("service", _COMPOUND, {"service": cut(naptr.service)})
    if _published_as(naptr.service) is None:
        return NaptrError("service", _SERVICE, {"service": cut(naptr.service)})
    return None


def _exact(naptr: Naptr, name: Name) -> RecordData | NaptrError:
    service = _published_as(naptr.service)
    parts = split_regexp(naptr.regexp)
    if service is None or parts is None:
        return NaptrError("regexp", _REGEXP, {"regexp": cut(naptr.regexp)})
    uri = _with_placeholders(parts[0], parts[1], name)
    published = replace(naptr, order=0, flags="u", service=_enumservice(service, uri))
    for hostdata in _host_data(service, uri):
        draft = RecordData(preference=naptr.preference, service=service.name, hostdata=hostdata)
        if naptr_for(draft, 0, name) == published:
            return draft
    if _REFERENCE.search(parts[1]):
        return NaptrError("regexp", _BACK_REFERENCE, {"regexp": cut(naptr.regexp)})
    if parts[0] != _EVERYTHING or not naptr.regexp.startswith("!"):
        return NaptrError("regexp", _PATTERN, {"regexp": cut(naptr.regexp)})
    return NaptrError("regexp", _URI, {"uri": cut(uri), "service": service.name})


def _enumservice(service: Service, uri: str) -> str:
    found = _SCHEME.match(uri)
    return service.enumservice_for(found[1].lower() if found else service.schemes[0])


def _host_data(service: Service, uri: str) -> Iterator[str]:
    """What people would write for a URI: without its scheme where the service adds that one, unless // follows."""
    scheme, colon, rest = uri.partition(":")
    if colon and scheme == service.schemes[0] and rest and not rest.startswith("//"):
        yield rest
    yield uri


def _with_placeholders(pattern: str, uri: str, name: Name) -> str:
    """The URI with placeholders in place of the back-references that a block's records are published with."""
    if not name.is_block or pattern == _EVERYTHING:
        return uri
    return _REFERENCE.sub(lambda found: _groups(pattern, name).get(found[1], found[0]), uri)


@lru_cache(maxsize=256)
def _groups(pattern: str, name: Name) -> dict[str, str]:
    """What the groups of the patterns that a block is published with hold (`placeholders`)."""
    return {
        r"^\+?(.*)$": {"1": "{number}"},
        rf"^\+?{name.digits}(.*)$": {"1": "{rest}"},
        rf"^\+?({name.digits}(.*))$": {"1": "{number}", "2": "{rest}"},
    }.get(pattern, {})


def _published_as(enumservice: str) -> Service | None:
    """The service whose records have this services field, in any case; of several the short one."""
    key = enumservice.upper()
    experimental = find_service(enumservice)
    if experimental is not None and experimental.enumservice.upper() != key:
        experimental = None
    return _PUBLISHED.get(key) or experimental


def _instead(naptr: Naptr, name: Name) -> Iterator[RecordData]:
    """Records that lead to where a terminal record leads, a service each; for a block only where no part of the
    number is in the address, or one of the patterns is that puts it there as ours do."""
    if naptr.replacement != "." or naptr.flags.lower() != "u" or naptr.service[: len(_PREFIX)].upper() != _PREFIX:
        return
    regexp = _regexp_instead(naptr.regexp, name)
    if regexp is None:
        return
    for part in naptr.service[len(_PREFIX) :].split("+"):
        service = find_service(part) or _published_as(_PREFIX + part)
        if service is None:
            continue
        try:
            one = replace(naptr, flags="u", service=_enumservice(service, regexp.split("!")[2]), regexp=regexp)
        except NaptrError:
            continue
        found = _exact(one, name)
        if isinstance(found, RecordData):
            yield found


def _regexp_instead(regexp: str, name: Name) -> str | None:
    """A regexp of our own form that makes of `name`, or of each number of a block, what `regexp` makes of it."""
    parts = split_regexp(regexp)
    if parts is None or "!" in parts[1]:
        return None
    if not name.is_block:
        uri = substitute(regexp, "+" + name.digits)
        return f"!{_EVERYTHING}!{uri}!" if uri and "!" not in uri else None
    pattern, uri = parts[0], parts[1]
    # Numbers are dialled as a + and digits, with which these match all of a block.
    whole = {"^(.*)$": "+", r"^(\+.*)$": "+", "^(.+)$": "+", r"^\+(.*)$": "", r"^\+?(.*)$": "", r"^\+(.+)$": ""}
    if not _REFERENCE.search(uri):
        everything = {*whole, ".*", "^.*", ".*$", "^.+$", ".+"}
        return f"!{_EVERYTHING}!{uri}!" if pattern in everything or pattern == _EVERYTHING else None
    if pattern in whole and set(_REFERENCE.findall(uri)) == {"1"}:
        plus = whole[pattern]
        return rf"!^\+?(.*)$!{_REFERENCE.sub(lambda found: plus + found[0], uri)}!"
    if pattern == rf"^\+{name.digits}(.*)$" and set(_REFERENCE.findall(uri)) == {"1"}:
        return rf"!^\+?{name.digits}(.*)$!{uri}!"
    return None
