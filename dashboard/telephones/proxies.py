"""Kamailio and OpenSIPS: enum_query of their modules “enum”, which have one ancestor and differ in limits only."""

from __future__ import annotations

import re

from dashboard.enum.naptr import Naptr
from dashboard.telephones import posix, sentences
from dashboard.telephones.system import System
from dashboard.telephones.values import Telephone, Unfit

_SERVICES = frozenset({"e2u+sip", "sip+e2u"})
_MOST_GROUPS = 6  # SR_RE_MAX_MATCH
_LAST_GROUP = 5  # the array of matches ends here; what lies behind it is read all the same
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_MOST_CHARACTERS = 1023  # MAX_URI_SIZE, less the NUL
_MOST_OCTETS = 8192  # of an answer: MAX_QUERY_SIZE


def read(record: Naptr, number: str) -> str:
    """Return the URI that enum_query makes of `record`; raises Unfit where it goes on to the next."""
    if record.service.lower() not in _SERVICES:
        raise Unfit("service", sentences.SERVICE, {"service": record.service})
    if record.flags not in ("u", "U"):
        raise Unfit("flags", sentences.FLAGS if record.flags else sentences.NO_FLAGS, {"flags": record.flags})
    if not record.regexp:
        raise Unfit("empty", sentences.EMPTY)
    parts = record.regexp.split("!")
    if len(parts) < 4 or parts[0]:
        raise Unfit("delimiter", sentences.DELIMITER)
    groups = posix.match(posix.c_string(parts[1]), number, _MOST_GROUPS)
    uri = _expand(posix.c_string(parts[2]), groups)
    if not uri:
        raise Unfit("nothing", sentences.NOTHING)
    if len(uri) > _MOST_CHARACTERS:
        raise Unfit("too-long", sentences.TOO_LONG, {"limit": _MOST_CHARACTERS})
    return uri


def _expand(template: str, groups: posix.Groups) -> str:
    """Return `template` with groups in place; a backslash before anything else than a digit goes away."""
    return _ESCAPED.sub(lambda pair: _escaped(pair[1], groups), template) if "\\" in template else template


def _escaped(character: str, groups: posix.Groups) -> str:
    if not character:
        raise Unfit("backslash", sentences.BACKSLASH)
    if character not in posix.DIGITS:
        return character
    group = int(character)
    if group > _LAST_GROUP:
        raise Unfit("crash", sentences.CRASH, {"group": group}, breaks=True)
    if group not in groups:
        raise Unfit("reference", sentences.REFERENCE, {"group": group})
    return groups[group]


def _sort_key(record: Naptr) -> tuple[int, int]:
    """Order and preference share a signed number of 32 bits, so an order above 32767 is negative."""
    return (record.order ^ 0x8000) - 0x8000, record.preference


KAMAILIO = System(
    Telephone("kamailio", "Kamailio"),
    read,
    _sort_key,
    most_digits=31,
    most_octets=_MOST_OCTETS,
    most_uris=12,
    repeats_first=True,
)
OPENSIPS = System(
    Telephone("opensips", "OpenSIPS"), read, _sort_key, fewest_digits=2, most_digits=15, most_octets=_MOST_OCTETS
)
