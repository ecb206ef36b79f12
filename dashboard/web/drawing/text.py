"""Text in pictures: SVG breaks no lines and cuts nothing off, so both are done by counting characters."""

import functools
import html
import textwrap

CACHED = 1_000  # sentences; a few hundred bytes each


def cut(text: str, limit: int) -> str:
    """`text`, its middle replaced by an ellipsis where it has more than `limit` characters: the ends tell most."""
    if len(text) <= limit:
        return text
    tail = limit // 3
    return f"{text[: limit - tail - 1]}…{text[-tail:]}"


@functools.lru_cache(maxsize=CACHED)
def lines(text: str, width: int, limit: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` characters, escaped; what is beyond `limit` lines ends in an ellipsis."""
    wrapped = textwrap.wrap(text, width, max_lines=limit, placeholder=" …")
    return tuple(html.escape(line) for line in wrapped)
