"""Kamailio and OpenSIPS: enum_query of their modules “enum”, which have one ancestor and differ in limits only."""

from __future__ import annotations

from dashboard.naptr.naptr import Naptr
from dashboard.naptr.telephones import posix, sentences
from dashboard.naptr.telephones.system import System
from dashboard.naptr.telephones.values import Telephone, Unfit

_SERVICES = frozenset({"e2u+sip", "sip+e2u"})
_MOST_GROUPS = 6  # SR_RE_MAX_MATCH
_LAST_GROUP = 5  # the array of matches ends here; what lies behind it is read all the same
_MOST_CHARACTERS = 1023  # MAX_URI_SIZE, less the NUL


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
    result, characters = [], iter(template)
    for character in characters:
        if character != "\\":
            result.append(character)
            continue
        escaped = next(characters, "")
        if not escaped:
            raise Unfit("backslash", sentences.BACKSLASH)
        if escaped not in "0123456789":
            result.append(escaped)
        elif int(escaped) > _LAST_GROUP:
            raise Unfit("crash", sentences.CRASH, {"group": int(escaped)}, breaks=True)
        elif int(escaped) not in groups:
            raise Unfit("reference", sentences.REFERENCE, {"group": int(escaped)})
        else:
            result.append(groups[int(escaped)])
    return "".join(result)


def _arrange(records: list[Naptr]) -> list[Naptr]:
    """Sort by order and preference, which share a signed number of 32 bits: an order above 32767 is negative."""
    return sorted(records, key=lambda record: ((record.order ^ 0x8000) - 0x8000, record.preference))


KAMAILIO = System(Telephone("kamailio", "Kamailio"), read, _arrange, most_digits=31, most_uris=12)
OPENSIPS = System(Telephone("opensips", "OpenSIPS"), read, _arrange, fewest_digits=2, most_digits=15)
