"""NAPTR records as zone files and `dig` write them, with or without owner, TTL and class."""

from __future__ import annotations

import io
import re

from dashboard.enum.naptr import Naptr
from dashboard.enum.numbers import DEFAULT_SUFFIX
from dashboard.enum.problems import NaptrError, gettext_noop
from dashboard.enum.wildcards import Name, answering
from dashboard.enum.zone_files import TYPE, ZoneReader, ZoneRecord, first_words, is_ttl_or_class, read_with

_OWNER = re.compile(r"(\*\.)?((?:[0-9]\.)*[0-9])(?![^.])")
_ORIGIN = f"{DEFAULT_SUFFIX}."

_WRONG = gettext_noop("Line %(line)d: %(problem)s")
_NOT_ITS = gettext_noop("No record belongs to +%(digits)s; they are those of %(names)s.")
_NAMES_SAID = 5


def read_zone_lines(text: str, digits: str) -> list[Naptr]:
    """Return the NAPTR records of the number `digits` in `text`: those without an owner, and those of the name that
    answers for the number, which may be a wildcard's (RFC 4592).

    Other records are passed over. Raises NaptrError for what is no record, and where all are those of other numbers.
    """
    found = list[tuple[Name | None, Naptr]]()
    for record in read_with(_LineReader(_ORIGIN, DEFAULT_SUFFIX), io.StringIO(text)):
        if record.naptr is None:
            raise NaptrError("records", _WRONG, {"line": record.line, "problem": record.problem})
        found.append((record.name, record.naptr))
    names = {name for name, _ in found if name is not None}
    answers = answering(digits, names)
    chosen = [record for name, record in found if name is None or name == answers]
    if names and not chosen:
        said = ", ".join(str(name) for name in sorted(names)[:_NAMES_SAID])
        raise NaptrError("number", _NOT_ITS, {"digits": digits, "names": said})
    return chosen


class _LineReader(ZoneReader):
    """Also reads lines that begin behind their owner, or behind their type as those of `dig +short`."""

    def read(self, line: int, text: str) -> ZoneRecord | None:
        words, _ = first_words(text)
        if len(words) >= 5 and all(word.isdigit() for word in words[:2]) and TYPE not in map(str.upper, words):
            return self.record(line, None, text)
        return super().read(line, f" {text}" if words and self._is_behind_owner(words[0]) else text)

    def _is_behind_owner(self, word: str) -> bool:
        """Whether no owner stands before a word. A single digit is a TTL, unless an $ORIGIN makes it a name."""
        if len(word) == 1 and self.origin != _ORIGIN:
            return False
        return word.upper() == TYPE or is_ttl_or_class(word)

    def name(self) -> Name | None:
        """The number or block below any name; None where the owner names none."""
        found = _OWNER.match(self.owner)
        return Name(found[2].replace(".", "")[::-1], is_block=found[1] is not None) if found else None
