"""FreeSWITCH: mod_enum with the one route that it is shipped with, E2U+SIP to `sip:(.*)`.

It turns a record into its text as in a zone file, takes that apart at blanks, and the regexp at exclamation marks,
with a splitter that has quotes and escapes of its own. What follows from this is easiest told by doing the same.
"""

from __future__ import annotations

import re

from dashboard.enum.naptr import Naptr
from dashboard.telephones import perl, sentences
from dashboard.telephones.splitting import split_at, split_at_blanks
from dashboard.telephones.system import System
from dashboard.telephones.values import Telephone, Unfit

_SERVICE = "e2u+sip"
_ROUTE = "sip:"
_VARIABLE = "${"  # switch_event_expand_headers puts a variable or the output of a command here
_PARTS = 4
_REFERENCE = re.compile(r"\$(?:([0-9]+)|\{([0-9]+)\})")
_SPECIAL = re.compile(r"[^\t !#-\[\]-~]")


def read(record: Naptr, number: str) -> str:
    """Return the URI behind FreeSWITCH's route; raises Unfit where it goes on to the next. It reads no flags."""
    service, regexp = _service_and_regexp(record)
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
    uri = route + rest.partition("\n")[0]
    if _VARIABLE in uri:
        raise Unfit("unpredictable", sentences.EXPANDED)
    return uri


def _service_and_regexp(record: Naptr) -> tuple[str, str]:
    words = _words(record)
    return (words[3], words[4]) if len(words) > 4 else ("", "")  # after order, preference and flags


def _words(record: Naptr) -> list[str]:
    strings = [f'"{_escaped(text)}"' for text in (record.flags, record.service, record.regexp)]
    text = " ".join([str(record.order), str(record.preference), *strings, record.replacement]).replace("\t", " ")
    # A dot after a blank ends the text. It is meant to be the replacement, but any other does it too.
    return [_unquoted(word) for word in split_at_blanks(text.partition(" .")[0])]


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    return "\\" + character if character in '\\"' else f"\\{ord(character):03d}"


def _unquoted(word: str) -> str:
    return word.removeprefix('"').removesuffix('"')


def _substituted(pattern: str, template: str, number: str) -> str:
    """Return the result of the regexp. References count only where the pattern has an opening parenthesis."""
    found = _search(pattern, number)
    if found is None:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    if "(" not in pattern or "$" not in template:
        return template
    last = max(place for place, text in enumerate(found.texts) if text is not None)
    room = (len(number) + len(template) + 10) * (last + 1) - 1
    return _expand(template, found.texts)[:room]


def _search(pattern: str, number: str) -> perl.Found | None:
    if pattern.startswith("_"):  # a pattern of Asterisk's dialplan, which it translates by rules of its own
        raise Unfit("unpredictable", sentences.UNPREDICTABLE)
    if not pattern.startswith("/"):
        return perl.search(pattern, number)
    inner, slash, options = pattern[1:].rpartition("/")
    if not slash:
        raise Unfit("pattern", sentences.PATTERN)
    return perl.search(inner, number, ignore_case="i" in options, dot_all="s" in options)


def _expand(template: str, groups: tuple[str | None, ...]) -> str:
    """Return `template` with groups in place of $1 and ${1}; all digits count, and what is not there is nothing."""

    def group(reference: re.Match[str]) -> str:
        number = int(reference[1] or reference[2])
        return (groups[number] or "") if number < len(groups) else ""

    return _REFERENCE.sub(group, template)


FREESWITCH = System(Telephone("freeswitch", "FreeSWITCH"), read)
