"""Running a NAPTR's regexp field: delimiter, pattern, replacement, flags (RFC 3402 s3.2)."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.enum.ere import count_groups, search
from dashboard.enum.ere_parser import EreError

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


def substitute(regexp: str, subject: str) -> str | None:
    """Return what the substitution expression `regexp` makes of `subject`; None if no match, or not legal.

    The result is the replacement alone; text around the match is dropped, as telephone systems do.
    `\\0` stands for the whole match: RFC 3402 does not have it, the systems do. Never raises.
    """
    parts = split_regexp(regexp)
    if parts is None or parts[2] not in ("", "i"):
        return None
    pattern, replacement, flags = parts
    try:
        groups = search(pattern, subject, ignore_case=bool(flags))
        return None if groups is None else _expand(replacement, groups, count_groups(pattern))
    except EreError:
        return None


def _expand(replacement: str, groups: Mapping[int, str], count: int) -> str | None:
    result, characters = [], iter(replacement)
    for character in characters:
        escaped = next(characters, "") if character == "\\" else ""
        if character != "\\":
            result.append(character)
        elif escaped in _DIGITS and int(escaped) <= count:
            result.append(groups.get(int(escaped), ""))
        elif escaped and escaped not in _DIGITS:
            result.append(escaped)
        else:
            return None
    return "".join(result)
