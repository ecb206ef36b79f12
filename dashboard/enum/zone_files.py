"""Zone files (RFC 1035 s5.1), a line at a time: a million records need no memory, and one wrong line costs itself.

Nothing is opened and nobody asked: $INCLUDE and $GENERATE are refused. Of all records only NAPTR are handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype

from dashboard.enum.naptr import Naptr
from dashboard.enum.numbers import DEFAULT_SUFFIX
from dashboard.enum.plans import is_public
from dashboard.enum.problems import NaptrError, cut, gettext_noop
from dashboard.enum.wildcards import Name

MAX_RECORD = 16_384  # characters of one record, over as many lines as it has; the longest NAPTR needs some 3,000
TYPE = "NAPTR"
_CLASSES = frozenset({"IN", "CH", "HS", "CS"})
_TTL = re.compile(r"(?:[0-9]+[smhdw]?)+", re.IGNORECASE)
_DATA = re.compile(r'\\.|"(?:\\.|[^"\\])*"|;.*', re.DOTALL)  # in which brackets mean nothing, and comments
_NUMBER = re.compile(r"(\*\.)?([0-9](?:\.[0-9])*)")
_DIGITS = re.compile(r"(?:\*\.)?(?:[0-9]\.)*")

_TOO_LONG = gettext_noop("The record is longer than %(limit)d characters, or a bracket was not closed.")
_INCLUDE = gettext_noop("$INCLUDE is not followed: put the lines of that file here.")
_DIRECTIVE = gettext_noop("“%(text)s” is not read here: only $ORIGIN and $TTL are.")
_NO_ORIGIN = gettext_noop("“%(name)s” is not a whole name, and no $ORIGIN before it says where it belongs.")
_NO_OWNER = gettext_noop("The record has no name, and there is none before it.")
_BAD_NAME = gettext_noop("“%(name)s” is no domain name.")
_NOT_BELOW = gettext_noop(
    "“%(name)s” is not the name of a number or block below %(suffix)s. "
    "If it is of another tree, enter that as the zone."
)
_UNREADABLE = gettext_noop("The record cannot be read: %(reason)s")
_NO_RECORD = gettext_noop("“%(text)s” is no DNS record.")
_CLASS = gettext_noop("The record is of the class %(text)s, where that of the Internet is IN.")


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """A NAPTR record of a zone file with the line at which it begins, or what is wrong with that line.

    `name` is None where it is not known whose record it is, and `naptr` where `problem` says why there is none.
    """

    line: int
    name: Name | None
    naptr: Naptr | None
    problem: NaptrError | None = None


def read_zone(lines: Iterable[str], *, origin: str = "", suffix: str = DEFAULT_SUFFIX) -> Iterator[ZoneRecord]:
    """Yield the NAPTR records of a zone file and its problems, in its order; records of other types are passed over.

    `origin` is what names without a dot at the end belong to until $ORIGIN says it, and with it a tree of its own is
    named, whose numbers are taken for those below `suffix`. Where these are the public telephone network's, so are
    those of e164.arpa and of all trees called after it: what one has published moves to another. Never raises.
    """
    return read_with(ZoneReader(f"{origin.rstrip('.')}." if origin else "", suffix), lines)


def read_with(reader: ZoneReader, lines: Iterable[str]) -> Iterator[ZoneRecord]:
    """Yield what a reader finds in lines. Never raises."""
    for number, text, problem in _records(lines):
        try:
            if problem is not None:
                raise problem
            found = reader.read(number, text)
        except NaptrError as error:
            found = ZoneRecord(number, None, None, error)
        if found is not None:
            yield found


def _records(lines: Iterable[str]) -> Iterator[tuple[int, str, NaptrError | None]]:
    """Each record with the line at which it begins: brackets go over several lines, a quoted string does not."""
    too_long = NaptrError("naptr", _TOO_LONG, {"limit": MAX_RECORD})
    parts, began, length, depth = list[str](), 0, 0, 0
    for number, line in enumerate(lines, start=1):
        began = began or number
        length += len(line)
        if length > MAX_RECORD:
            # What a bracket that was never closed swallowed is not guessed at: reading goes on behind it.
            yield began, "", too_long
            parts, began, length, depth = [], 0, 0, 0
            continue
        parts.append(line.rstrip("\r\n"))
        bare = _DATA.sub("", line) if '"' in line or ";" in line or "\\" in line else line
        depth = max(0, depth + bare.count("(") - bare.count(")"))
        if depth == 0:
            yield began, "\n".join(parts), None
            parts, began, length = [], 0, 0
    if parts:
        yield began, "", too_long


class ZoneReader:
    """What the lines so far say of those that follow: to which name they belong, and what is its `origin`."""

    def __init__(self, origin: str, suffix: str) -> None:
        self.origin = origin
        self.suffix = suffix
        self.named = _tree(origin.lower())
        self.takes_public = is_public(suffix) and _tree(suffix) == suffix
        self.owner = ""

    def read(self, line: int, text: str) -> ZoneRecord | None:
        """The NAPTR record of a line, None for none. Raises NaptrError."""
        words, tails = first_words(text)
        if not words:
            return None
        if words[0].startswith("$") and not text[0].isspace():
            self._obey(words)
            return None
        if text[0].isspace():
            place = 0
        else:
            # What follows without a name is of this one, also if this record cannot be used.
            self.owner, place = "", 1
            self.owner = self._absolute(words[0])
        while place < len(words) and is_ttl_or_class(words[place]):
            if words[place].upper() in _CLASSES - {"IN"}:
                raise NaptrError("naptr", _CLASS, {"text": words[place]})
            place += 1
        if place == len(words) or words[place].upper() != TYPE:
            _refuse_other(words, place)
            return None
        return self.record(line, self.name(), tails[place])

    def _obey(self, words: list[str]) -> None:
        directive = words[0].upper()
        if directive == "$INCLUDE":
            raise NaptrError("naptr", _INCLUDE)
        if directive == "$ORIGIN" and len(words) > 1:
            self.origin = self._absolute(words[1])
        elif directive != "$TTL":
            raise NaptrError("naptr", _DIRECTIVE, {"text": cut(words[0])})

    def _absolute(self, written: str) -> str:
        """A name as it is in lower case with its dot at the end. Raises NaptrError."""
        if written == "@":
            name = self.origin
        elif written.endswith(".") and not written.endswith("\\."):
            name = written
        else:
            name = f"{written}.{self.origin}" if self.origin else ""
        if not name:
            raise NaptrError("number", _NO_ORIGIN, {"name": cut(written)})
        if "\\" in name or not name.isascii():
            try:
                name = dns.name.from_text(name).to_text()
            except (dns.exception.DNSException, UnicodeError):
                raise NaptrError("number", _BAD_NAME, {"name": cut(written)}) from None
        return name.lower()

    def name(self) -> Name | None:
        """The number or block that the owner's labels name. Raises NaptrError."""
        if not self.owner:
            raise NaptrError("number", _NO_OWNER)
        inside = self.owner.removesuffix(f".{self._counted_from()}.")
        found = _NUMBER.fullmatch(inside) if inside != self.owner else None
        if found is None:
            params = {"name": cut(self.owner.rstrip(".")), "suffix": self.suffix}
            raise NaptrError("number", _NOT_BELOW, params)
        return Name(found[2].replace(".", "")[::-1], is_block=found[1] is not None)

    def _counted_from(self) -> str:
        """What the owner's digits stand before: the suffix, or another tree with the same numbers."""
        if not self.owner.endswith(f".{self.suffix}."):
            tree = _tree(self.owner)
            if tree == self.named or (self.takes_public and tree.startswith("e164.")):
                return tree
        return self.suffix

    def record(self, line: int, name: Name | None, text: str) -> ZoneRecord:
        """The record of a name that is written in `text`, or what is wrong with it."""
        origin = dns.name.from_text(self.origin) if self.origin else dns.name.root
        try:
            rdata = dns.rdata.from_text("IN", TYPE, text, origin=origin, relativize=False)
            return ZoneRecord(line, name, Naptr.from_rdata(rdata))
        except (dns.exception.DNSException, ValueError, OverflowError) as error:
            problem = NaptrError("naptr", _UNREADABLE, {"reason": cut(f"{error}".rstrip(".") + ".")})
            return ZoneRecord(line, name, None, problem)


def _tree(name: str) -> str:
    """What the labels of digits in a name stand before, without the dot at its end."""
    return _DIGITS.sub("", name, count=1).rstrip(".")


def is_ttl_or_class(word: str) -> bool:
    """Return whether a word is what may stand between a record's owner and its type."""
    return word.upper() in _CLASSES or _TTL.fullmatch(word) is not None


def first_words(text: str) -> tuple[list[str], list[str]]:
    """The first words of a record, and what follows each, up to its type.

    The values of the words keep their escapes; what follows is as it stands, brackets included.
    """
    words, tails = list[str](), list[str]()
    rest = text
    while len(words) < 6:
        found = _WORD.match(rest)
        if found is None:
            break
        words.append(found[1])
        rest = rest[found.end() :]
        tails.append(rest if "(" not in text[: len(text) - len(rest)] else f"({rest}")
    return words, tails


# Blanks, brackets and comments go before a word; quoted strings come only behind the type.
_WORD = re.compile(r'(?:[\s()]|;[^\n]*+)*+((?:\\.|[^\s()";\\])+|"(?:\\.|[^"\\\n])*")', re.DOTALL)


def _refuse_other(words: list[str], place: int) -> None:
    """Raise NaptrError for what is no record of another type either."""
    text = words[place] if place < len(words) else words[0]
    try:
        dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError):
        raise NaptrError("naptr", _NO_RECORD, {"text": cut(" ".join(words))}) from None
