"""Numbers and records, as `list`, `show` and `getnaptr` describe them, and the rules for every field."""

import re
from dataclasses import dataclass

from dashboard.protocol.errors import LocalProtocolError, gettext_noop

# The protocol sets no bound to ids. Eighteen digits always fit the signed 64 bits of a database column.
MAX_ID_DIGITS = 18
MAX_ID = 10**MAX_ID_DIGITS - 1

# ORDER and PREFERENCE of a NAPTR are unsigned 16-bit integers (RFC 3403, section 4.1).
MAX_UINT16 = 65_535

# "due to policy changes order will always be set to 100 for user records" (spec, show).
DEFAULT_ORDER = 100

# A telephone number has at most 15 digits (ITU-T E.164); this leaves room for any punctuation in each of its fields.
MAX_TELEPHONE = 100

# Registered enumservices have some 30 characters at most, "E2U+" included; three times that is no name.
MAX_SERVICE = 100

# A line end would start a new row and NUL ends a string in C programs; lone surrogates have no UTF-8.
UNSENDABLE = re.compile(r"[\x00\r\n\ud800-\udfff]")

# ASCII only: int() and str.isdigit() also take the digits of other scripts, which are no ids.
_NUMERAL = re.compile(rf"[ \t]*([0-9]{{1,{MAX_ID_DIGITS}}})[ \t]*")
_NOT_DIGITS = re.compile(r"[^0-9]+")


def whole_number(text: str) -> int | None:
    """The non-negative integer that `text` writes in ASCII digits, at most MAX_ID; otherwise None."""
    match = _NUMERAL.fullmatch(text)
    return int(match[1]) if match else None


def check_integer(field: str, value: object, limit: int) -> None:
    """Refuse anything but an integer from 0 to `limit` with a LocalProtocolError."""
    # bool is an int to Python; as an id it would be a slip.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
        raise LocalProtocolError(
            "not-a-number",
            gettext_noop("%(field)s must be a whole number from 0 to %(limit)s."),
            {"field": field, "limit": limit},
        )


def check_text(field: str, value: object) -> None:
    """Refuse text that no field of the protocol can carry with a LocalProtocolError."""
    if not isinstance(value, str):
        raise LocalProtocolError("not-text", gettext_noop("%(field)s must be text."), {"field": field})
    if UNSENDABLE.search(value):
        raise LocalProtocolError(
            "line-break",
            gettext_noop("%(field)s must not contain line breaks, NUL or broken characters."),
            {"field": field},
        )


def check_length(field: str, value: str, limit: int) -> None:
    """Refuse text of more than `limit` characters with a LocalProtocolError."""
    if len(value) > limit:
        raise LocalProtocolError(
            "too-long",
            gettext_noop("%(field)s must not be longer than %(limit)s characters."),
            {"field": field, "limit": limit},
        )


def check_inner_text(field: str, value: str, limit: int) -> None:
    """Refuse text that cannot stand before the last field of a row: a comma would begin the next field."""
    check_text(field, value)
    if "," in value:
        raise LocalProtocolError("comma", gettext_noop("%(field)s must not contain a comma."), {"field": field})
    check_length(field, value, limit)


def joined_digits(country: str, area: str, local: str) -> str:
    """The ASCII digits of the three fields, joined; every other character is dropped."""
    joined = country + area + local
    # A list of 100,000 numbers is sorted by this, and nearly always there is nothing to drop.
    return joined if joined.isascii() and joined.isdecimal() else _NOT_DIGITS.sub("", joined)


def _check_telephone(country: str, area: str, local: str) -> None:
    check_inner_text("country", country, MAX_TELEPHONE)
    check_inner_text("area", area, MAX_TELEPHONE)
    check_inner_text("local", local, MAX_TELEPHONE)
    if not joined_digits(country, area, local):
        raise LocalProtocolError(
            "no-digits", gettext_noop("A telephone number needs at least one digit."), {"field": "local"}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordData:
    """What a person decides about a record; the one value for it everywhere.

    `preference` is from 0 to 65535, and lower ones are tried first (RFC 3403, section 4.1); `service` is a name as in
    `listservices`; `hostdata` is where the service is reached. It may be illegal as long as it is a draft: a command
    refuses it, and `dashboard.enum.check_draft` says what is wrong.
    """

    preference: int
    service: str
    hostdata: str

    @property
    def data(self) -> "RecordData":
        """These three alone."""
        return RecordData(preference=self.preference, service=self.service, hostdata=self.hostdata)

    @property
    def content(self) -> tuple[int, str, str]:
        """These three as every registry keeps them: some keep the name of a service in a case of their own."""
        return self.preference, self.service.upper(), self.hostdata

    def placed(self, record_id: int | None, order: int = DEFAULT_ORDER) -> "RecordState":
        """These three as the record of that id among those of a number."""
        return RecordState(
            id=record_id,
            order=order,
            preference=self.preference,
            service=self.service,
            hostdata=self.hostdata,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState(RecordData):
    """A record among those of its number. `id` is None for one that no registry has yet."""

    id: int | None
    order: int = DEFAULT_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One row of `list`: a telephone number (PSTN record) that a registry keeps for an account.

    The fields are kept as the registry writes them. `area` may be blank ("The area_code may be removed
    without warning"), so only `digits` is comparable. Raises LocalProtocolError for values that no row can
    hold.
    """

    id: int
    country: str
    area: str
    local: str

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        _check_telephone(self.country, self.area, self.local)

    @property
    def digits(self) -> str:
        """The full number without "+": the digits of the three fields joined."""
        return joined_digits(self.country, self.area, self.local)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(RecordState):
    """One row of `show`, or the row of `getnaptr`: a NAPTR record of a number.

    `hostdata` is the last field of its row and may contain commas. Raises LocalProtocolError for values that no row
    can hold.
    """

    id: int
    country: str
    area: str
    local: str
    order: int

    def __post_init__(self) -> None:
        check_integer("id", self.id, MAX_ID)
        _check_telephone(self.country, self.area, self.local)
        check_integer("order", self.order, MAX_UINT16)
        check_integer("preference", self.preference, MAX_UINT16)
        check_inner_text("service", self.service, MAX_SERVICE)
        check_text("hostdata", self.hostdata)

    @property
    def digits(self) -> str:
        """The full number without "+": the digits of the three fields joined."""
        return joined_digits(self.country, self.area, self.local)

    @property
    def state(self) -> RecordState:
        """The record without its number."""
        return self.placed(self.id, self.order)
