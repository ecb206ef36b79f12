"""Running a NAPTR's regexp field: delimiter, pattern, replacement, flags (RFC 3402 s3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.enum.regexps import Unpredictable, search_posix

_DIGITS = frozenset("0123456789")
_FORBIDDEN_DELIMITERS = "123456789i\\"  # RFC 3402 s3.2; the backslash is RFC 2915's


def split_regexp(regexp: str) -> tuple[str, str, str] | None:
    """Return pattern, replacement and flags of a regexp field, None if it does not have these three parts.

    A delimiter after a backslash is data. The backslash stays; `substitute` reads it.
    """
    delimiter = regexp[:1]
    if not delimiter or delimiter in _FORBIDDEN_DELIMITERS:
        return None
    parts, escaped = [""], False
    for character in regexp[1:]:
        if character == delimiter and not escaped:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == "\\" and not escaped
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def substitute(regexp: str, number: str) -> str | None:
    """Return what the substitution expression `regexp` makes of `number`, "+digits".

    None if it does not match, is not legal, or what it makes cannot be told. The result is the replacement alone;
    text around the match is dropped, as telephone systems do. `\\0` stands for the whole match: RFC 3402 does not
    have it, the systems do. The flag i is legal and changes nothing, as numbers have no letters.
    """
    parts = split_regexp(regexp)
    if parts is None or parts[2] not in ("", "i"):
        return None
    try:
        found = search_posix(parts[0], number)
    except Unpredictable:
        return None
    return _expand(parts[1], found.texts) if found else None


def _expand(replacement: str, texts: Sequence[str | None]) -> str | None:
    result, characters = [], iter(replacement)
    for character in characters:
        escaped = next(characters, "") if character == "\\" else ""
        if character != "\\":
            result.append(character)
        elif escaped in _DIGITS and int(escaped) < len(texts):
            result.append(texts[int(escaped)] or "")
        elif escaped and escaped not in _DIGITS:
            result.append(escaped)
        else:
            return None
    return "".join(result)
