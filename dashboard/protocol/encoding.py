"""Text on the wire: character sets, urlencoding the PHP way, and short quotes for error messages."""

import re
from urllib.parse import quote_plus, unquote_to_bytes

# "an error that quotes the row (cut to 200 characters)": enough to find the row, too little to flood a page.
QUOTE_LIMIT = 200

# C0, DEL and C1 control characters. In a quote they could forge log lines or confuse a terminal.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def urlencode(text: str) -> str:
    """`text` as PHP's urlencode() writes it, in UTF-8 (spec: "See http://php.net/urlencode for quirks")."""
    # PHP leaves only letters, digits and "-_." alone. Python spares "~" as well.
    return quote_plus(text).replace("~", "%7E")


def urldecode(raw: bytes) -> str:
    """`raw` as PHP's urldecode() reads it: "+" is a space, and a "%" without two hex digits stays."""
    return decode_text(unquote_to_bytes(raw.replace(b"+", b" ")))


def decode_text(raw: bytes) -> str:
    """`raw` as UTF-8, or as Latin-1 where that fails. Never an error: Latin-1 knows every byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def quote(text: str) -> str:
    """`text` fit for an error message: at most QUOTE_LIMIT characters, control characters made visible."""
    cut = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text[:QUOTE_LIMIT])
    return cut if len(text) <= QUOTE_LIMIT else cut + "…"
