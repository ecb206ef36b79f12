"""The configurations of docs/, which are those that the tests start: there is no second copy that could differ."""

import re
from pathlib import Path

from dashboard.nameservers import Key

DOCS = Path(__file__).parents[2] / "docs"

# What the documents use as examples.
ZONE = "e164.example"
SECRET = "c2VjcmV0IG9mIGFuIGV4YW1wbGUsIG1ha2UgYW5vdGhlcg=="
PRIMARY, SECONDARY = "192.0.2.10", "192.0.2.20"
SECONDARIES_KEY = Key("e164web-secondaries", "YW5vdGhlciBleGFtcGxlLCBtYWtlIHlvdXIgb3duIGhlcmU=")

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def block(document: str, title: str) -> str:
    """The block of docs/`document` whose first line is a comment with `title`, mostly a file's path."""
    blocks = [found["text"] for found in _BLOCK.finditer((DOCS / document).read_text())]
    (text,) = [text for text in blocks if text.partition("\n")[0].partition(" ")[2] == title]
    return text


def blocks(document: str, language: str) -> list[str]:
    """All blocks of docs/`document` in one language, in their order."""
    found = _BLOCK.finditer((DOCS / document).read_text())
    return [block["text"] for block in found if block["language"] == language]


def changed(text: str, changes: dict[str, str]) -> str:
    """The text with each key replaced by its value. Every key must be there."""
    for before, after in changes.items():
        assert before in text, f"{before!r} is not in the document"
        text = text.replace(before, after)
    return text


def links(document: str) -> list[str]:
    """The files that docs/`document` points to."""
    return re.findall(r"\]\(([^)#:]+)\)", (DOCS / document).read_text())
