"""The data of replies, as values: the one place that knows what each command returns.

A list of a large account has a hundred thousand rows. So rows are read in blocks: one regular expression
takes a block of well-formed rows apart, and their columns become objects without a step of Python per field.
A block with any other row is read again line by line through the constructors, which accept or refuse it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import chain, repeat
from typing import Any, Generic, TypeVar

from dashboard.protocol.encoding import quote
from dashboard.protocol.errors import LocalProtocolError, RemoteProtocolError, gettext_noop
from dashboard.protocol.reply import Reply, single
from dashboard.protocol.values import (
    MAX_ID_DIGITS,
    MAX_SERVICE,
    MAX_TELEPHONE,
    MAX_UINT16,
    Number,
    Record,
    check_inner_text,
    whole_number,
)

# Characters that are taken apart at a time: large enough to be quick, small enough that the intermediate
# strings of a long list do not pile up.
BLOCK = 64 * 1024

# IANA lists some forty enumservices. More names than this are no list for a menu.
MAX_SERVICES = 1_000

Row = TypeVar("Row", Number, Record)

# Possessive ("++", "*+"): a row that does not fit fails at once instead of being tried in every other way. The
# parts are possessive as well, since Python before 3.11.5 errs where one backtracks inside a possessive group.
_ID = rf"[0-9]{{1,{MAX_ID_DIGITS}}}+"
_UINT16 = r"[0-9]{1,5}+"
_TEXT = rf"[^,\n\r\x00]{{0,{min(MAX_TELEPHONE, MAX_SERVICE)}}}+"
_TEXT_WITH_COMMAS = r"[^\n\r\x00]*+"
# Never longer than a field may be; a few that are not too long are left to the constructors.
_HALF = MAX_TELEPHONE // 2
_TEXT_WITH_DIGIT = rf"[^,0-9\n\r\x00]{{0,{_HALF - 1}}}+[0-9][^,\n\r\x00]{{0,{_HALF}}}+"
_TELEPHONE = f"{_ID},{_TEXT},{_TEXT},{_TEXT_WITH_DIGIT}"


def _rows_of(row: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{row}\n)*+")


@dataclass(frozen=True)
class _Layout(Generic[Row]):
    """How the rows of one kind are read.

    `pattern` fits any number of rows whose fields are all well-formed. `common` are the columns whose values
    recur from row to row. `splits` is how often a line is split at a comma, at most.
    """

    row: type[Row]
    pattern: re.Pattern[str]
    integers: frozenset[str]
    common: frozenset[str]
    splits: int
    complaint: str

    @property
    def names(self) -> list[str]:
        return [item.name for item in fields(self.row)]


_NUMBERS = _Layout(
    row=Number,
    pattern=_rows_of(_TELEPHONE),
    integers=frozenset({"id"}),
    common=frozenset({"country", "area"}),
    splits=-1,
    complaint=gettext_noop("The registry sent a row that is not a number: “%(row)s”"),
)
_RECORDS = _Layout(
    row=Record,
    pattern=_rows_of(f"{_TELEPHONE},{_UINT16},{_UINT16},{_TEXT},{_TEXT_WITH_COMMAS}"),
    integers=frozenset({"id", "order", "preference"}),
    common=frozenset({"country", "area", "local", "service"}),
    # "hostrecord data" is the last of eight fields and open-ended: its commas are its own.
    splits=7,
    complaint=gettext_noop("The registry sent a row that is not a record: “%(row)s”"),
)


def numbers_in(reply: Reply) -> list[Number]:
    """The numbers in the answer to `list`, as the registry ordered them.

    Raises RemoteProtocolError when the reply is BAD, a row is malformed, or `numrows` differs from the rows.
    """
    return _rows(reply, _NUMBERS)


def records_in(reply: Reply) -> list[Record]:
    """The records in the answer to `show`, as the registry ordered them. Raises as `numbers_in` does."""
    return _rows(reply, _RECORDS)


def record_in(reply: Reply) -> Record:
    """The record in the answer to `getnaptr`.

    Raises RemoteProtocolError as `numbers_in` does, and when there is not exactly one row.
    """
    records = records_in(reply)
    if len(records) != 1:
        raise RemoteProtocolError(
            "no-record",
            gettext_noop("The registry was asked for one record and sent %(rows)s."),
            {"rows": len(records)},
        )
    return records[0]


def services_in(reply: Reply) -> list[str]:
    """The names in the answer to `listservices`, on one line or several.

    Raises RemoteProtocolError when the reply is BAD, has more than MAX_SERVICES names, or one that no command takes.
    """
    _check_ok(reply)
    text = reply.data.replace("\n", ",")
    if text.count(",") > MAX_SERVICES:
        raise RemoteProtocolError(
            "too-many-rows",
            gettext_noop("The registry names more than %(limit)s services."),
            {"limit": MAX_SERVICES},
        )
    names = [name for name in map(str.strip, text.split(",")) if name]
    for name in names:
        _check_service(name)
    return names


def _check_service(name: str) -> None:
    try:
        check_inner_text("service", name, MAX_SERVICE)
    except LocalProtocolError:
        raise RemoteProtocolError(
            "bad-row",
            gettext_noop("The registry sent a row that is not a service: “%(row)s”"),
            {"row": quote(name)},
        ) from None


def address_in(reply: Reply) -> str:
    """The address in the answer to `myip`: the data as they are, or else the variable `ip` or `myip`.

    Raises RemoteProtocolError when the reply is BAD or has neither.
    """
    _check_ok(reply)
    for text in (reply.data, reply.get("ip"), reply.get("myip")):
        if text and text.strip():
            return text.strip()
    raise RemoteProtocolError("no-address", gettext_noop("The registry did not send an address."))


def new_id_in(reply: Reply) -> int | None:
    """The id of the new record in the answer to `new`.

    The text says that nothing is returned, so None is an ordinary answer. Never an error for an OK: the
    record exists, whatever the variable looks like. Raises RemoteProtocolError when the reply is BAD.
    """
    _check_ok(reply)
    return whole_number(reply.get("id") or "")


def _check_ok(reply: Reply) -> None:
    # A BAD without data must never pass for an empty list.
    if not reply.ok:
        raise RemoteProtocolError("response", gettext_noop("The registry refused the command."))


def _rows(reply: Reply, layout: _Layout[Row]) -> list[Row]:
    _check_ok(reply)
    _check_numrows(reply)
    shared: dict[str, str] = {}
    rows: list[Row] = []
    for block in _blocks(reply.data):
        made = _quick_rows(block, layout, shared)
        rows += _careful_rows(block, layout) if made is None else made
    return rows


def _check_numrows(reply: Reply) -> None:
    """A list that lost rows must not look whole."""
    announced = single(reply.variables, "numrows")
    if announced is not None and whole_number(announced) != len(reply.lines):
        raise RemoteProtocolError(
            "numrows",
            gettext_noop("The registry announced “%(announced)s” rows and sent %(sent)s."),
            {"announced": quote(announced), "sent": len(reply.lines)},
        )


def _blocks(data: str) -> Iterator[str]:
    start = 0
    while start < len(data):
        end = data.find("\n", start + BLOCK) + 1 or len(data)
        yield data[start:end]
        start = end


def _quick_rows(block: str, layout: _Layout[Row], shared: dict[str, str]) -> list[Row] | None:
    """The rows of `block` if every one of them is well-formed; otherwise None.

    The pattern checks what the constructors check, so they are left out. Only lone surrogates are not looked
    for: neither the decoder nor Reply lets them in.
    """
    if not layout.pattern.fullmatch(block):
        return None
    names = layout.names
    texts = _fields_of(block, layout)
    made: list[Row] = list(map(object.__new__, repeat(layout.row, len(texts) // len(names))))
    for position, name in enumerate(names):
        column = texts[position :: len(names)]
        values: Iterable[object] = column
        if name in layout.integers:
            values = integers = list(map(int, column))
            if name != "id" and max(integers) > MAX_UINT16:
                return None
        elif name in layout.common:
            values = map(shared.setdefault, column, column)
        # The slot's own setter: a frozen dataclass refuses setattr(), and a loop in C costs a tenth.
        deque(map(getattr(layout.row, name).__set__, made, values), maxlen=0)
    return made


def _fields_of(block: str, layout: _Layout[Row]) -> list[str]:
    """The fields of all rows of `block`, one after the other."""
    lines = block[:-1]
    if lines.count(",") == (lines.count("\n") + 1) * (len(layout.names) - 1):
        return lines.replace("\n", ",").split(",")
    # Some last fields have commas of their own.
    return list(chain.from_iterable(line.split(",", layout.splits) for line in lines.split("\n")))


def _careful_rows(block: str, layout: _Layout[Row]) -> list[Row]:
    return [_careful_row(line, layout) for line in block.split("\n")[:-1]]


def _careful_row(line: str, layout: _Layout[Row]) -> Row:
    names = layout.names
    texts = line.split(",", layout.splits)
    if len(texts) == len(names):
        values: dict[str, Any] = dict(zip(names, texts, strict=True))
        values |= {name: whole_number(values[name]) for name in layout.integers}
        # The constructor says what is wrong with a value; the row itself says it to the reader.
        with suppress(LocalProtocolError):
            return layout.row(**values)
    raise RemoteProtocolError("bad-row", layout.complaint, {"row": quote(line)})
