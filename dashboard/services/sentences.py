"""Sentences of the pure packages, in the reader's language, and foreign text that is fit to be read."""

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext


class Sayable(Protocol):
    """What carries an English sentence with named placeholders, and what fills them: an error or a problem."""

    @property
    def message(self) -> str: ...
    @property
    def params(self) -> Mapping[str, object]: ...


def say(message: Sayable) -> str:
    """The sentence of an error or a problem, translated and filled."""
    sentence = gettext(message.message)
    return sentence % message.params if message.params else sentence


def visible(text: str) -> str:
    """The text with an escape in place of whatever is no visible character: controls, characters without width, and
    those that turn the direction of writing (U+202E and its kind), which would make a page or a terminal show
    something else than is there.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def visible_lines(text: str) -> str:
    """The same for text of several lines, whose ends stay."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
