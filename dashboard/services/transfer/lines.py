"""What a line of a text says: a number and a record of it, or what is wrong, and in which field."""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.enum import Naptr, NumberError, NumberRules, Problem, check_number, read_number, without_star
from dashboard.enum.characters import check_controls
from dashboard.enum.problems import UriError, cut, gettext_noop
from dashboard.nameservers import ZoneFacts
from dashboard.protocol import MAX_UINT16, RecordData
from dashboard.services.transfer.options import Options

MAX_SERVICE = 255  # characters that are looked at; no service is as long

_WRITTEN_OUT = re.compile(r"\+[1-9][0-9]{6,14}")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_FRACTION = re.compile(r"\+?[0-9]+[.,]0+")
_PLAIN = re.compile(r"[1-9][0-9]*")
_SEPARATORS = re.compile(r"[\s./()-]")

_MANGLED = gettext_noop(
    "A spreadsheet made “%(text)s” of the number, and its last digits are lost. Give that column the format Text "
    "there, and enter the numbers again."
)
_DECIMALS = gettext_noop(
    "A spreadsheet put decimals behind the number: “%(text)s”. Give that column the format Text there."
)
_APOSTROPHE = gettext_noop(
    "A spreadsheet's apostrophe is before the number: %(text)s. Take it off, and write + before the country code."
)
_NO_PLUS = gettext_noop(
    "“%(text)s” has no +: spreadsheets take it off. Write it with + and the country code, or say that all numbers "
    "here begin with their country code."
)
_PREFERENCE = gettext_noop("“%(text)s” is no preference: a number from 0 to %(limit)d.")
_HALF = gettext_noop("There is no service and no host data, but a preference. Leave all three empty for no records.")
_TOO_LONG = gettext_noop("It has more than %(limit)d characters.")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What a line says. `name` is the number's digits, with a star behind those of a block; empty where not known.

    `record` is None where the number is to have none, and where there is a `problem`. One that `is_left_out` keeps
    the number from nothing: its record is left out, as was chosen. `order` is that of a zone's record, and `raw` such
    a record that is kept word for word.
    """

    line: int
    name: str = ""
    record: RecordData | None = None
    order: int | None = None
    problem: Problem | None = None
    is_left_out: bool = False
    raw: Naptr | None = None


class Wrong(Exception):
    """What is wrong with a line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def wrong(name: str, message: str, **params: object) -> Wrong:
    """What is wrong with a field of a line; the fields are those of `field_name`."""
    return Wrong(Problem(name, "line", message, params))  # type: ignore[arg-type]  # and "naptr", "line"


def field_name(name: str) -> str:
    """What people call a field, in the language of the page."""
    return {
        "number": _("number"),
        "preference": _("preference"),
        "service": _("service"),
        "hostdata": _("host data"),
        "naptr": _("NAPTR record"),
    }.get(name, "")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads numbers and records as the tree of a registry and the `options` of a text want them."""

    options: Options
    rules: NumberRules = field(default_factory=NumberRules)
    is_public: bool = True

    @classmethod
    def of(cls, zone: ZoneFacts, options: Options) -> "Reader":
        """The reader for numbers of a zone."""
        return cls(options=options, rules=zone.rules, is_public=zone.is_public)

    def name(self, text: str) -> str:
        """The name of a number that was written. Raises Wrong, also for what a spreadsheet has mangled."""
        text = text.strip()
        if self.is_public and _WRITTEN_OUT.fullmatch(text):
            return text[1:]
        written, is_block = without_star(text)
        self._refuse_mangled(written.strip())
        try:
            digits = read_number(written, settings.E164WEB.country, public=self.is_public)
        except NumberError as error:
            raise wrong("number", error.message, **error.params) from None
        for problem in check_number(digits, self.rules):
            raise Wrong(problem)
        return f"{digits}{'*' * is_block}"

    def _refuse_mangled(self, text: str) -> None:
        """Raise Wrong where nobody can know which digits were there."""
        if _EXPONENT.fullmatch(text):
            raise wrong("number", _MANGLED, text=cut(text))
        if _FRACTION.fullmatch(text):
            raise wrong("number", _DECIMALS, text=cut(text))
        if text.startswith("'"):
            raise wrong("number", _APOSTROPHE, text=cut(text))
        is_plain = _PLAIN.fullmatch(_SEPARATORS.sub("", text)) is not None
        if is_plain and self.is_public and not self.options.takes_plain:
            raise wrong("number", _NO_PLUS, text=cut(text))

    def record(self, preference: str, service: str, hostdata: str) -> RecordData | None:
        """The record that three cells say; None where all are empty. Raises Wrong for what no text may hold; what is
        wrong with a record among its siblings is for later.
        """
        service = service.strip()
        if not hostdata.strip() and not service:
            if preference.strip():
                raise wrong("hostdata", _HALF)
            return None
        for name, text, limit in (("service", service, MAX_SERVICE), ("hostdata", hostdata, 10_000)):
            if len(text) > limit:
                raise wrong(name, _TOO_LONG, limit=limit)
            self._refuse_controls(name, text)
        return RecordData(
            preference=self._preference(preference), service=service or self.options.service, hostdata=hostdata
        )

    def _preference(self, text: str) -> int:
        text = text.strip()
        if not text:
            return self.options.preference
        if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= MAX_UINT16):
            raise wrong("preference", _PREFERENCE, text=cut(text), limit=MAX_UINT16)
        return int(text)

    def _refuse_controls(self, name: str, text: str) -> None:
        try:
            check_controls(text)
        except UriError as error:
            raise wrong(name, error.message, **error.params) from None
