"""What was said over the wire, with the secret redacted."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_to_bytes

MASK = "••••"

# Each digit of the secret may come back in either case, as itself or urlencoded: at most three bytes.
LONGEST_SECRET = 3 * 32

# Runs that might hold the secret. The pattern does not name it: `re` keeps patterns in a cache of its own.
_SUSPECT = re.compile(rb"(?:[0-9A-Fa-f]|%3[0-9]|%[46][1-6]){32,}")
_WINDOW = 256 * 1024  # bytes of a long reply that are searched at a time, so that no second copy of it is made


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its reply as they went over the wire, without the secret.

    `reply` is cut where it is long. `outcome` is "ok", "bad" or "failed", and `error` the sentence that the
    caller got ("" for "ok"). `status` is the HTTP status, None where there was none.
    """

    command: str
    url: str
    request: str
    reply: str
    status: int | None
    outcome: str
    error: str
    started_at: datetime
    elapsed_ms: float


def redact(data: bytes, secret: bytes) -> bytes:
    """`data` with MASK in place of every form of `secret` (lower-case hex digits). The same object if there is none.

    The whole run of hex digits around it goes: too much is hidden rather than too little.
    """
    if not _holds(data, secret):
        return data
    return _SUSPECT.sub(lambda run: MASK.encode() if _is_in(run[0], secret) else run[0], data)


def redact_text(text: str, secret: bytes) -> str:
    """`redact` for a line of text, with a sign in place of what is no visible character.

    Header fields may hold any: NUL, which not every database stores, or what drives the terminal of a log's reader.
    """
    redacted = redact(text.encode(errors="backslashreplace"), secret).decode()
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in redacted)


def excerpt(data: bytes, secret: bytes, limit: int) -> str:
    """The first `limit` bytes of `data` as text, redacted. A secret that the cut goes through is not shown either."""
    if len(data) <= limit:
        return _text(redact(data, secret))
    # What follows the cut decides whether digits before it belong to the secret, so it is redacted with them.
    return _text(redact(data[: limit + LONGEST_SECRET], secret)[:-LONGEST_SECRET])


def _holds(data: bytes, secret: bytes) -> bool:
    starts = range(0, len(data), _WINDOW)
    return any(_is_in(data[start : start + _WINDOW + LONGEST_SECRET], secret) for start in starts)


def _is_in(data: bytes, secret: bytes) -> bool:
    # As it is as well: a "%" before the secret would be decoded with its first digits.
    lowered = data.lower()
    return secret in lowered or (b"%" in lowered and secret in unquote_to_bytes(lowered).lower())


def _text(data: bytes) -> str:
    # NUL cannot be stored in every database.
    return data.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
