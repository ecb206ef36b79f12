"""Octets of a text that somebody brings in, as lines: in constant memory, whatever its encoding."""

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import Final

from dashboard.enum.problems import gettext_noop

# By the names that people know.
ENCODINGS: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "latin-1"}
MAX_LINE: Final = 65_536  # characters; a row of a table has a few hundred
LOOKED_AT: Final = 1_000  # octets

_TOO_LONG = gettext_noop("Line %(line)d has more than %(limit)d characters, so this is no such text.")
_NOT_DECODED = gettext_noop("The text is not %(encoding)s, from the line %(line)d on.")


class Unreadable(Exception):
    """The text as a whole cannot be read; `message` and `params` as in a Problem."""

    def __init__(self, message: str, params: dict[str, object] | None = None) -> None:
        self.message = message
        self.params = params or {}
        super().__init__(message % self.params)


def encoding_of(parts: Iterable[bytes]) -> str:
    """One of ENCODINGS: what a byte order mark says; else UTF-8 if it is that, and Latin-1, which is anything.

    UTF-16 without a mark is told by its zeros: text has none elsewhere.
    """
    decoder, is_first = codecs.getincrementaldecoder("utf-8")(), True
    try:
        for part in parts:
            if is_first and (part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _zeros(part)):
                return "utf-16"
            is_first = False
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def lines_of(parts: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The lines of a text, each with the one end that all get. Raises Unreadable for what is not of this encoding (of
    ENCODINGS), and for a line that is none.
    """
    left, number = "", 1
    try:
        for text in _decoded(parts, encoding):
            *whole, left = (left + text).split("\n")
            for line in whole:
                yield _checked(line, number) + "\n"
                number += 1
            _checked(left, number)
    except UnicodeError:
        raise Unreadable(_NOT_DECODED, {"encoding": encoding.upper(), "line": number}) from None
    if left:
        yield left + "\n"


def _decoded(parts: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The text in parts, with one kind of ends of lines. Raises UnicodeError."""
    decoder: io.IncrementalNewlineDecoder | None = None
    for part in parts:
        if decoder is None:
            name = ENCODINGS[encoding]
            if encoding == "utf-16" and not part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                name = "utf-16-be" if _zeros(part) == "be" else "utf-16-le"
            decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(name)(), translate=True)
        yield decoder.decode(part)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _checked(line: str, number: int) -> str:
    if len(line) > MAX_LINE:
        raise Unreadable(_TOO_LONG, {"line": number, "limit": MAX_LINE})
    return line


def _zeros(part: bytes) -> str:
    """Which octets of two are zeros in nearly all of the first: "le" for the second, "be" for the first, or ""."""
    head = part[:LOOKED_AT]
    for name, zeros, others in (("le", head[1::2], head[::2]), ("be", head[::2], head[1::2])):
        if zeros and zeros.count(0) * 2 > len(zeros) and others.count(0) * 8 < len(others) + 8:
            return name
    return ""
