"""FreePBX: the script enumlookup.agi, which runs each regexp through PHP's preg_replace."""

from __future__ import annotations

from dashboard.naptr.naptr import Naptr
from dashboard.naptr.telephones import perl, sentences
from dashboard.naptr.telephones.system import System
from dashboard.naptr.telephones.values import Telephone, Unfit

_WANTED = ("sip", "iax")
_DIGITS = frozenset("0123456789")


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
    ready, subject = perl.compiled(pattern), number.encode("latin-1")
    result, place, found = [], 0, False
    while place <= len(subject) and (match := ready.search(subject, place)):
        start, end = match.span()
        found = True
        result += [number[place:start], _expand(template, perl.texts(match, subject))]
        place = end
        if start == end:
            if any(ready.fullmatch(subject, end, more) for more in range(end + 1, len(subject) + 1)):
                raise Unfit("unpredictable", sentences.UNPREDICTABLE)
            result.append(number[end : end + 1])
            place = end + 1
    if not found:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    return "".join(result) + number[place:]


def _expand(template: str, groups: tuple[str | None, ...]) -> str:
    result: list[str] = []
    place, literal = 0, False  # after a backslash that stayed, a backslash or a dollar replaces it
    while place < len(template):
        character = template[place]
        if character in "\\$":
            if literal:
                result[-1], literal, place = character, False, place + 1
                continue
            number, end = _reference(template, place)
            if number is not None:
                result.append((groups[number] or "") if number < len(groups) else "")
                place = end
                continue
        result.append(character)
        literal, place = character == "\\", place + 1
    return "".join(result)


def _reference(template: str, place: int) -> tuple[int | None, int]:
    """Return the group that \\1, $1, $12 or ${1} at `place` names and where to go on; None if there is none."""
    braced = template.startswith("${", place)
    start = end = place + (2 if braced else 1)
    while end < min(start + 2, len(template)) and template[end] in _DIGITS:
        end += 1
    if end == start or (braced and not template.startswith("}", end)):
        return None, place + 1
    return int(template[start:end]), end + (1 if braced else 0)


def _arrange(records: list[Naptr]) -> list[Naptr]:
    """Sort by order, preference and then service: PHP compares rows that are equal up to there field by field."""
    return sorted(records, key=lambda record: (record.order, record.preference, record.service))


FREEPBX = System(Telephone("freepbx", "FreePBX"), read, _arrange)
