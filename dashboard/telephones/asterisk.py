"""Asterisk: ENUMLOOKUP and ENUMQUERY, asked for "sip" (main/enum.c)."""

from __future__ import annotations

import re

from dashboard.enum.naptr import Naptr
from dashboard.enum.sizes import MAX_ANSWER
from dashboard.telephones import posix, sentences
from dashboard.telephones.system import System
from dashboard.telephones.values import Telephone, Unfit

_WANTED = "sip"
_SHORTEST = 7  # characters of a regexp
_MOST_GROUPS = 10
_REFERENCE = re.compile(r"\\([0-9])")
_ROOM = 510  # characters of the URI while it is made
_MOST_CHARACTERS = 255  # of the URI that is handed over


def read(record: Naptr, number: str) -> str:
    """Return the URI that Asterisk makes of `record`; raises Unfit, and a breaking one for all but other services.

    Every record of the answer is read to its end before its service is looked at, so any of them can break it.
    """
    try:
        uri = _uri(record, number)
    except Unfit as unfit:
        raise Unfit(unfit.code, unfit.message, unfit.params, breaks=True) from unfit
    if _technology(posix.c_string(record.service)).lower() != _WANTED:
        raise Unfit("service", sentences.SERVICE, {"service": record.service})
    if not uri:
        raise Unfit("nothing", sentences.NOTHING)
    return uri


def _uri(record: Naptr, number: str) -> str:
    if record.flags[:1] not in ("u", "U"):
        raise Unfit("flags", sentences.FLAGS if record.flags else sentences.NO_FLAGS, {"flags": record.flags})
    pattern, template = _split(posix.c_string(record.regexp))
    uri = _expand(template, posix.match(pattern, number, _MOST_GROUPS))
    return uri[:_MOST_CHARACTERS].strip(" ")


def _split(regexp: str) -> tuple[str, str]:
    if not regexp:
        raise Unfit("empty", sentences.EMPTY)
    if len(regexp) < _SHORTEST:
        raise Unfit("short", sentences.SHORT, {"count": len(regexp), "limit": _SHORTEST})
    delimiter = regexp[0]
    pattern, middle, rest = regexp[1:].partition(delimiter)
    # The flag i is understood since 2020, but then it is what is cut off the end, and the delimiter stays.
    if not middle or delimiter not in rest or not rest.endswith((delimiter, delimiter + "i")):
        raise Unfit("delimiter", sentences.DELIMITERS)
    return pattern, rest[:-1]


def _expand(template: str, groups: posix.Groups) -> str:
    """Return `template` with groups in place; a backslash before anything else than a digit stays."""
    result, room = "", _ROOM
    for place, piece in enumerate(_REFERENCE.split(template)):
        added = _group(int(piece), groups, room) if place % 2 else piece[:room]
        if not (added.isascii() and added.isprintable()):
            raise Unfit("character", sentences.CHARACTER)
        result, room = result + added, room - len(added)
        if room <= 0:
            break
    return result


def _group(number: int, groups: posix.Groups, room: int) -> str:
    if number not in groups:
        raise Unfit("reference", sentences.REFERENCE, {"group": number})
    if len(groups[number]) > room:
        raise Unfit("too-long", sentences.TOO_LONG, {"limit": _ROOM})
    return groups[number]


def _technology(service: str) -> str:
    """Return what Asterisk compares with the technology that was asked for."""
    for prefix in ("e2u+", "E2U+"):
        if prefix in service:
            rest = service.partition(prefix)[2]
            return rest.partition(":")[2] if ":" in rest else rest
    for suffix in ("+e2u", "+E2U"):
        if suffix in service:
            return service.partition(suffix)[0].partition(":")[0]
    return ""


ASTERISK = System(Telephone("asterisk", "Asterisk"), read, most_octets=MAX_ANSWER)
