"""NAPTR records as zone files and `dig` write them (RFC 1035 s5.1), with or without owner, TTL and class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype
import dns.tokenizer
from dns.tokenizer import Tokenizer

from dashboard.enum.naptr import Naptr
from dashboard.enum.problems import NaptrError, cut, gettext_noop
from dashboard.enum.wildcards import Name, answering

_TYPE = "NAPTR"
_CLASSES = frozenset({"IN", "CH", "HS", "ANY"})
_TTL = re.compile(r"(?:[0-9]+[smhdw]?)+", re.IGNORECASE)
_OWNER = re.compile(r"(\*\.)?((?:[0-9]\.)*[0-9])(?![^.])", re.IGNORECASE)

_UNREADABLE = gettext_noop("Line %(line)d is no NAPTR record: %(reason)s")
_NO_RECORD = gettext_noop("Line %(line)d is no DNS record: “%(text)s”")
_NOT_ITS = gettext_noop("No record belongs to +%(digits)s; they are those of %(names)s.")
_NAMES_SAID = 5


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a line, with its escapes; `text` is as it was written, quotation marks included."""

    value: str
    is_quoted: bool

    @property
    def text(self) -> str:
        return f'"{self.value}"' if self.is_quoted else self.value

    def is_type(self) -> bool:
        return not self.is_quoted and self.value.upper() == _TYPE


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands on one line, or on several within brackets; `number` is that of its end."""

    number: int
    is_indented: bool
    words: list[_Word]


def read_zone_lines(text: str, digits: str) -> list[Naptr]:
    """Return the NAPTR records of the number `digits` in `text`: those without an owner, and those of the name that
    answers for the number, which may be a wildcard's (RFC 4592).

    Other records are passed over. Raises NaptrError for what is no record, and where all are those of other numbers.
    """
    found = list(_records(text))
    names = {name for name, _ in found if name is not None}
    answers = answering(digits, names)
    chosen = [record for name, record in found if name is None or name == answers]
    if names and not chosen:
        said = ", ".join(str(name) for name in sorted(names)[:_NAMES_SAID])
        raise NaptrError("number", _NOT_ITS, {"digits": digits, "names": said})
    return chosen


def _records(text: str) -> Iterator[tuple[Name | None, Naptr]]:
    origin, owner = "", ""
    for line in _lines(text):
        words = line.words
        if words[0].value.upper() == "$ORIGIN" and len(words) > 1:
            origin = words[1].value
            continue
        if words[0].value.startswith("$"):
            continue
        place = next((place for place, word in enumerate(words) if word.is_type()), None)
        if place is None and not _is_bare(words):
            owner = _owner(line, words[:1], owner, origin)
            _refuse_other(line)
            continue
        if place is not None:
            owner = _owner(line, _without_ttl_and_class(words[:place], has_origin=bool(origin)), owner, origin)
        yield _name(owner if place is not None else ""), _record(line, words if place is None else words[place + 1 :])


def _lines(text: str) -> Iterator[_Line]:
    tokens = Tokenizer(text if text.endswith("\n") else text + "\n")
    number = 1
    try:
        while True:
            words: list[_Word] = []
            number = tokens.where()[1]
            token = tokens.get(want_leading=True)
            is_indented = token.is_whitespace()
            while not token.is_eol_or_eof():
                if token.is_identifier() or token.is_quoted_string():
                    words.append(_Word(token.value, token.is_quoted_string()))
                token = tokens.get()
            if words:
                yield _Line(number, is_indented, words)
            if token.is_eof():
                return
    except dns.exception.DNSException as error:
        raise NaptrError("records", _UNREADABLE, {"line": number, "reason": f"{error}."}) from error


def _is_bare(words: list[_Word]) -> bool:
    """Return whether a line begins with order and preference, as `dig +short` prints records."""
    return len(words) >= 5 and all(word.value.isdigit() and not word.is_quoted for word in words[:2])


def _without_ttl_and_class(words: list[_Word], *, has_origin: bool) -> list[_Word]:
    """Return what is left of the words before the type: the owner, if there is one.

    A single digit in front is a TTL, unless an $ORIGIN makes it a name.
    """
    kept = list(words)
    while kept and (kept[-1].value.upper() in _CLASSES or _TTL.fullmatch(kept[-1].value)):
        if len(kept) == 1 and has_origin and len(kept[0].value) == 1:
            break
        kept.pop()
    return kept


def _owner(line: _Line, words: list[_Word], last: str, origin: str) -> str:
    """Return the owner of a line; an indented one has that of the line before (RFC 1035 s5.1)."""
    if line.is_indented or not words:
        return last
    written = words[0].value
    if written == "@":
        return origin
    return written if written.endswith(".") else f"{written}.{origin}"


def _name(owner: str) -> Name | None:
    """Return the number or block that an owner's labels name, None where they name none."""
    found = _OWNER.match(owner)
    return Name(found[2].replace(".", "")[::-1], is_block=found[1] is not None) if found else None


def _record(line: _Line, words: list[_Word]) -> Naptr:
    text = " ".join(word.text for word in words)
    try:
        return Naptr.from_rdata(dns.rdata.from_text("IN", _TYPE, text, origin=dns.name.root, relativize=False))
    except (dns.exception.DNSException, ValueError) as error:
        raise NaptrError("records", _UNREADABLE, {"line": line.number, "reason": f"{error}."}) from error


def _refuse_other(line: _Line) -> None:
    """Raise NaptrError for a line that is no record of another type either."""
    if not any(_is_other_type(word.value) for word in line.words):
        text = " ".join(word.text for word in line.words)
        raise NaptrError("records", _NO_RECORD, {"line": line.number, "text": cut(text)})


def _is_other_type(text: str) -> bool:
    try:
        return dns.rdatatype.from_text(text) != dns.rdatatype.ANY
    except (dns.exception.DNSException, ValueError):
        return False
