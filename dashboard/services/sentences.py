"""Sentences of the pure packages, in the reader's language, and foreign text that is fit to be read."""

import re
from collections.abc import Mapping
from typing import Protocol

from babel import Locale, UnknownLocaleError
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

# Whole numbers that count something, so that their thousands are set apart. The end of a range ("from 0 to 65535"),
# a port or an id is a value, which is written as it is typed.
_COUNTED = re.compile(r"(?<!to )%\((count|total|limit|size|seconds|rows)\)[ds]")


class Sayable(Protocol):
    """What carries an English sentence with named placeholders, and what fills them: an error or a problem."""

    @property
    def message(self) -> str: ...
    @property
    def params(self) -> Mapping[str, object]: ...


def say(message: Sayable) -> str:
    """The sentence of an error or a problem, translated and filled."""
    return filled(message.message, message.params)


def filled(message: str, params: Mapping[str, object]) -> str:
    """A sentence, translated, with its placeholders filled and the thousands of its counts set apart."""
    sentence = gettext(message)
    return _COUNTED.sub(lambda found: _grouped(found, params), sentence) % params if params else sentence


def grouped(count: int) -> str:
    """A count with its thousands set apart."""
    return number_format(count, force_grouping=True)


def reader_locale() -> Locale:
    """What CLDR knows of the language of the page."""
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _grouped(found: re.Match[str], params: Mapping[str, object]) -> str:
    value = params.get(found[1])
    return grouped(value) if isinstance(value, int) else found[0]


def visible(text: str) -> str:
    """The text with an escape in place of whatever is no visible character: controls, characters without width, and
    those that turn the direction of writing (U+202E and its kind), which would make a page or a terminal show
    something else than is there.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def visible_lines(text: str) -> str:
    """The same for text that may have several lines, whose ends stay."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
