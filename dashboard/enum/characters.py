"""Which characters host data may hold, and how the others are written in a URI (RFC 3986 s2)."""

from __future__ import annotations

import re
import string
import unicodedata

from dashboard.enum.problems import UriError, gettext_noop

UNRESERVED = string.ascii_letters + string.digits + "-._~"  # RFC 3986 s2.3
_JOINERS = "\u200c\u200d"  # parts of words in some scripts and of emoji
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PERCENT_OR_OTHER = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)

_CONTROL = gettext_noop("The host data holds a control character (U+%(code)04X).")
_BLANK = gettext_noop("The host data holds a blank, which breaks the record in some telephone systems.")
_QUOTE = gettext_noop("The host data holds a double quote, which no URI can hold.")
_INVISIBLE = gettext_noop("The host data holds an invisible character (U+%(code)04X).")
_PERCENT = gettext_noop("A %% in the host data must be followed by two hexadecimal digits.")


def check_characters(text: str) -> None:
    """Raise UriError if `text` holds what no URI may hold: control characters, blanks, double quotes, invisible
    characters, halves of surrogate pairs, or a percent sign that escapes nothing."""
    check_controls(text)
    # Nearly all host data is ASCII, of which the blank and the quotation mark are all that can be wrong now.
    for character in '" ' if text.isascii() else text:
        category = unicodedata.category(character)
        if category in ("Zs", "Zl", "Zp") and character in text:
            raise UriError("blank", _BLANK)
        if character == '"' and character in text:
            raise UriError("quote", _QUOTE)
        if category == "Cf" and character not in _JOINERS:
            raise UriError("invisible", _INVISIBLE, {"code": ord(character)})
    if _BAD_PERCENT.search(text):
        raise UriError("percent", _PERCENT)


def check_controls(text: str) -> None:
    """Raise UriError if `text` holds a control character or half of a surrogate pair."""
    if text.isprintable():
        return
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise UriError("control", _CONTROL, {"code": ord(character)})


def quote(text: str, safe: str) -> str:
    """Return `text` with everything but unreserved characters and `safe` percent-encoded as UTF-8.

    What is percent-encoded already stays. `!` and `'` are always encoded: `!` ends the parts of a NAPTR's regexp,
    and FreeSWITCH takes `'` for a quotation mark. A backslash becomes %5C: typed, it is data and no back-reference.
    """
    allowed = frozenset(UNRESERVED + safe)
    if allowed.issuperset(text):
        return text
    return "".join(_quoted(piece, allowed) for piece in _PERCENT_OR_OTHER.findall(text))


def _quoted(piece: str, allowed: frozenset[str]) -> str:
    if len(piece) == 3 or piece in allowed:
        return piece
    return "".join(f"%{octet:02X}" for octet in piece.encode("utf-8"))
