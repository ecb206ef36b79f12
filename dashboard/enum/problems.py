"""What can be wrong with a record or a number, as data that a page can translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

Field = Literal["preference", "service", "hostdata", "number", "order", "flags", "regexp", "replacement"]
Severity = Literal["error", "warning"]


SHOWN_LENGTH = 60  # of a wrong value in an error's text


def cut(text: str) -> str:
    """Return `text`, shortened with an ellipsis if it is too long for a sentence."""
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def gettext_noop(message: str) -> str:
    """Mark `message` for the translators and return it unchanged; the page translates it later."""
    return message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (error) or deserves a second look (warning).

    `field` names the form field at fault, `code` is a stable slug for programs, `message` is the English
    template (a translator's msgid) with named %-placeholders that `params` fills; `str()` is that, filled. A warning
    that `is_concern` must be read before the record is saved.
    """

    field: Field
    code: str
    message: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict, hash=False)
    severity: Severity = "error"
    is_concern: bool = False

    @classmethod
    def concern(cls, code: str, message: str, **params: object) -> Problem:
        """Return one about host data that is legal, and must be read before the record is saved."""
        return cls("hostdata", code, message, params, "warning", is_concern=True)

    def __str__(self) -> str:
        return self.message % self.params

    @property
    def is_error(self) -> bool:
        """True if the record must not be saved like this."""
        return self.severity == "error"


TOO_LONG = gettext_noop("The host data makes %(count)d octets in the DNS; %(limit)d fit into a record.")


class NaptrError(ValueError):
    """A value that no DNS record or number can have; `field` names it, the rest is as in Problem."""

    def __init__(self, field: str, message: str, params: Mapping[str, object] | None = None) -> None:
        self.field = field
        self.message = message
        self.params = dict(params or {})
        super().__init__(message % self.params)


class NumberError(NaptrError):
    """Digits that have no domain name, or a domain name that is not a number's."""


class UriError(NaptrError):
    """Host data that makes no URI of its service; `code` is the slug of the Problem that it becomes."""

    def __init__(self, code: str, message: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__("hostdata", message, params)
        self.code = code

    def as_problem(self) -> Problem:
        """Return the same as data."""
        return Problem("hostdata", self.code, self.message, self.params)
