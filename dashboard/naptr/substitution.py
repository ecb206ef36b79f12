"""Running a NAPTR's regexp field: delimiter, pattern, replacement, flags (RFC 3402 s3.2)."""

from __future__ import annotations

import re


def substitute(regexp: str, subject: str) -> str | None:
    """Return the replacement of the substitution expression `regexp` for `subject`, None if there is none."""
    parts = regexp.split(regexp[:1] or "!")
    if len(parts) != 4 or not re.search(parts[1], subject):
        return None
    return parts[2]
