"""FreeSWITCH: mod_enum with the one route that it is shipped with, E2U+SIP to `sip:(.*)`.

It turns a record into its text as in a zone file, takes that apart at blanks, and the regexp at exclamation marks,
with a splitter that has quotes and escapes of its own. What follows from this is easiest told by doing the same.
"""

from __future__ import annotations

from dashboard.naptr.naptr import Naptr
from dashboard.naptr.telephones import perl, sentences
from dashboard.naptr.telephones.splitting import split_at, split_at_blanks
from dashboard.naptr.telephones.system import System
from dashboard.naptr.telephones.values import Telephone, Unfit

_SERVICE = "e2u+sip"
_ROUTE = "sip:"
_SERVICE_WORD, _REGEXP_WORD = 3, 4  # after order, preference and flags
_PARTS = 4
_LAST_GROUP = 256
_DIGITS = frozenset("0123456789")


def read(record: Naptr, number: str) -> str:
    """Return the URI behind FreeSWITCH's route; raises Unfit where it goes on to the next. It reads no flags."""
    words = [*_words(record), *[""] * (_REGEXP_WORD + 1)]
    service, regexp = words[_SERVICE_WORD], words[_REGEXP_WORD]
    if service.lower() != _SERVICE:
        raise Unfit("service", sentences.SERVICE, {"service": record.service})
    if not regexp:
        raise Unfit("empty", sentences.EMPTY)
    parts = split_at(regexp, "!", _PARTS)
    if len(parts) < _PARTS - 1:
        raise Unfit("delimiter", sentences.DELIMITER)
    uri = _substituted(parts[1], parts[2].replace("\\", "$"), number)
    _, route, rest = uri.partition(_ROUTE)
    if not route:
        raise Unfit("no-route", sentences.NO_ROUTE, {"uri": uri})
    return route + rest.partition("\n")[0]


def _words(record: Naptr) -> list[str]:
    strings = [f'"{_escaped(text)}"' for text in (record.flags, record.service, record.regexp)]
    text = " ".join([str(record.order), str(record.preference), *strings, record.replacement]).replace("\t", " ")
    # A dot after a blank ends the text. It is meant to be the replacement, but any other does it too.
    return [_unquoted(word) for word in split_at_blanks(text.partition(" .")[0])]


def _escaped(text: str) -> str:
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    return character if " " <= character <= "~" or character == "\t" else f"\\{ord(character):03d}"


def _unquoted(word: str) -> str:
    return word.removeprefix('"').removesuffix('"')


def _substituted(pattern: str, template: str, number: str) -> str:
    """Return the result of the regexp. References count only where the pattern has an opening parenthesis."""
    subject = number.encode("latin-1")
    match = _compiled(pattern).search(subject)
    if match is None:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    if "(" not in pattern:
        return template
    groups = perl.texts(match, subject)
    last = max(place for place, text in enumerate(groups) if text is not None)
    room = (len(number) + len(template) + 10) * (last + 1) - 1
    return _expand(template, groups)[:room]


def _compiled(pattern: str) -> perl.Pattern:
    if pattern.startswith("_"):  # a pattern of Asterisk's dialplan, which it translates by rules of its own
        raise Unfit("unpredictable", sentences.UNPREDICTABLE)
    if not pattern.startswith("/"):
        return perl.compiled(pattern)
    inner, slash, options = pattern[1:].rpartition("/")
    if not slash:
        raise Unfit("pattern", sentences.PATTERN)
    return perl.compiled(inner, ignore_case="i" in options, dot_all="s" in options)


def _expand(template: str, groups: tuple[str | None, ...]) -> str:
    result, place = [], 0
    while place < len(template):
        number, end = _reference(template, place)
        if number is None:
            result.append(template[place])
        elif number < len(groups):
            result.append(groups[number] or "")
        place = end
    return "".join(result)


def _reference(template: str, place: int) -> tuple[int | None, int]:
    """Return the group that $1 or ${1} at `place` names and where to go on; None if there is no such thing."""
    braced = template.startswith("${", place)
    start = place + (2 if braced else 1)
    end = start
    while template[place] == "$" and end < len(template) and template[end] in _DIGITS:
        end += 1
    if end == start or (braced and not template.startswith("}", end)):
        return None, place + 1
    number = int(template[start:end]) if end - start < 4 else _LAST_GROUP + 1
    return number, end + (1 if braced else 0)


FREESWITCH = System(Telephone("freeswitch", "FreeSWITCH"), read)
