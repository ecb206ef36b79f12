"""FreePBX: the script enumlookup.agi, which runs each regexp through PHP's preg_replace.

Its trunks of the kind ENUM then dial `sip/…`, a channel of chan_sip, which was taken out of Asterisk 21.
"""

from __future__ import annotations

import re

from dashboard.enum.naptr import Naptr
from dashboard.telephones import perl, sentences
from dashboard.telephones.system import System
from dashboard.telephones.values import Telephone, Unfit

_WANTED = ("sip", "iax")
_REFERENCE = re.compile(r"\\([\\$])|\$\{([0-9]{1,2})\}|[\\$]([0-9]{1,2})")


def read(record: Naptr, number: str) -> str:
    """Return the URI that FreePBX makes of `record`; raises Unfit where there is none. Flags are not read."""
    if not any(name in record.service.lower() for name in _WANTED):
        raise Unfit("service", sentences.SERVICE, {"service": record.service})
    if not record.regexp:
        raise Unfit("empty", sentences.EMPTY)
    parts = record.regexp.split("!")
    if len(parts) < 3:
        raise Unfit("delimiter", sentences.DELIMITER)
    uri = _replaced(_checked(parts[1]), parts[2], number)
    if not uri:
        raise Unfit("nothing", sentences.NOTHING)
    return uri


def _checked(pattern: str) -> str:
    """Return `pattern`, which PHP gets between two slashes. Raises Unfit if it ends them too early or not at all."""
    escaped = False
    for character in pattern:
        if character == "/" and not escaped:
            raise Unfit("pattern", sentences.BROKEN_PATTERN)
        escaped = character == "\\" and not escaped
    if escaped:
        raise Unfit("pattern", sentences.PATTERN)
    return pattern


def _replaced(pattern: str, template: str, number: str) -> str:
    """Return `number` with every match replaced, as preg_replace does; what is around a match stays."""
    result: list[str] = []
    place = 0
    while place <= len(number) and (found := perl.search(pattern, number, place)):
        result += [number[place : found.start], _expand(template, found.texts)]
        place = found.end
        if found.start == found.end:
            if perl.matches_more(pattern, number, found.end):
                raise Unfit("unpredictable", sentences.UNPREDICTABLE)
            result.append(number[place : place + 1])
            place += 1
    if not result:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    return "".join(result) + number[place:]


def _expand(template: str, groups: tuple[str | None, ...]) -> str:
    """Return `template` with groups in place of \\1, $1, $12 and ${1}; \\\\ and \\$ are a backslash and a $."""

    def piece(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        number = int(found[2] or found[3])
        return (groups[number] or "") if number < len(groups) else ""

    return _REFERENCE.sub(piece, template)


def _sort_key(record: Naptr) -> tuple[int, int, str]:
    """PHP compares rows that are equal in order and preference field by field: the service comes next."""
    return record.order, record.preference, record.service


FREEPBX = System(Telephone("freepbx", "FreePBX"), read, _sort_key, sip_needs="chan_sip")
