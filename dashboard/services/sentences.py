"""Sentences of the pure packages, in the reader's language."""

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
