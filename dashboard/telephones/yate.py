"""Yate: the module enumroute with its default protocols (modules/enumroute.cpp, engine/Resolver.cpp)."""

from __future__ import annotations

import re

from dashboard.enum.naptr import Naptr
from dashboard.telephones import posix, sentences
from dashboard.telephones.system import System
from dashboard.telephones.values import Telephone, Unfit

_SERVICES = frozenset({"E2U+SIP", "E2U+IAX2", "E2U+H323", "E2U+XMPP"})
_SWITCHED_OFF = ("E2U+PSTN", "E2U+VOICE")
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_MOST_GROUPS = 255  # more than fit into a record
_LAST_GROUP = 8  # of the nine matches that it keeps the first is the whole


def read(record: Naptr, number: str) -> str:
    """Return the URI that Yate makes of `record`; raises Unfit where it goes on to the next. It reads no flags."""
    service = posix.c_string(record.service).upper()
    if service not in _SERVICES:
        raise _other_service(record.service, service)
    pattern, template = _split(posix.c_string(record.regexp))
    groups = posix.match(pattern, number, _MOST_GROUPS)
    uri = _expand(template, groups).strip(" ")
    if not uri:
        raise Unfit("nothing", sentences.NOTHING)
    return uri


def _other_service(written: str, service: str) -> Unfit:
    params = {"service": written}
    if service.startswith("E2U+VOID"):
        return Unfit("unassigned", sentences.UNASSIGNED)
    if service.startswith(_SWITCHED_OFF) or service == "E2U+TEL":
        return Unfit("switched-off", sentences.SWITCHED_OFF, params)
    return Unfit("service", sentences.SERVICE, params)


def _split(regexp: str) -> tuple[str, str]:
    if not regexp:
        raise Unfit("empty", sentences.EMPTY)
    pattern, middle, rest = regexp[1:].partition(regexp[0])
    if not (pattern and middle and regexp[1:].endswith(regexp[0])):
        raise Unfit("delimiter", sentences.DELIMITERS)
    return pattern, rest[:-1]


def _expand(template: str, groups: posix.Groups) -> str:
    """Return `template` with groups in place; two backslashes make one, other pairs stay."""
    return _ESCAPED.sub(lambda pair: _escaped(pair[1], groups), template) if "\\" in template else template


def _escaped(character: str, groups: posix.Groups) -> str:
    if character in posix.DIGITS:
        return _group(int(character), groups)
    return "\\" if character == "\\" else "\\" + character


def _group(number: int, groups: posix.Groups) -> str:
    # Where no group took part Yate has the whole match in the first one's place too.
    if number == 1 and not any(1 <= group <= _LAST_GROUP for group in groups):
        return groups[0]
    return groups.get(number, "") if number <= _LAST_GROUP else ""


YATE = System(Telephone("yate", "Yate"), read, fewest_digits=8, most_octets=2048)
