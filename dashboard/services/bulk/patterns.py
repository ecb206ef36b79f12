"""Host data by a pattern: `{local}@pbx.example.net` says of each number and record where it is reached.

What a block's own host data says of the number that was dialled, `{number}` and `{rest}`, stays as it is there.
"""

import re
from dataclasses import dataclass

from dashboard.enum import NaptrError, find_service
from dashboard.enum.placeholders import read_for
from dashboard.enum.problems import cut, gettext_noop
from dashboard.protocol import Number, RecordData
from dashboard.services.numbers.formatting import is_block, name_of

OF_NUMBER = ("number", "country", "area", "subscriber")
OF_RECORD = ("local", "host", "tail")
OF_BLOCK = ("number", "rest")

_PLACEHOLDER = re.compile(r"\{([\w. -]*)\}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?")
_HOST = re.compile(r"(\[[^\]]*\]|[^:/;?#]*)(.*)", re.DOTALL)

_UNKNOWN = gettext_noop("“%(text)s” is no placeholder; these are: %(known)s.")
_NO_USER = gettext_noop("“%(hostdata)s” has nothing before an @, which {local} stands for.")
_UNREADABLE = gettext_noop("“%(hostdata)s” cannot be read, so nothing of it can be kept.")
_NO_REST = gettext_noop("{rest} is something of a block only, and this is one number.")


class CannotBeDone(NaptrError):
    """Why an action can do nothing with a number: a sentence, as of a Problem."""


def placeholders(*, of_record: bool) -> list[str]:
    """The placeholders of a pattern, as they are written; those of a record where it changes one."""
    names = dict.fromkeys((*(OF_RECORD if of_record else ()), *OF_NUMBER, *OF_BLOCK))
    return [f"{{{name}}}" for name in names]


def unknown_in(pattern: str, *, of_record: bool) -> NaptrError | None:
    """What is wrong with a pattern, whatever the number: something in it looks like a placeholder and is none."""
    known = placeholders(of_record=of_record)
    text = next((found[0] for found in _PLACEHOLDER.finditer(pattern) if found[0] not in known), None)
    if text is None:
        return None
    return NaptrError("pattern", _UNKNOWN, {"text": cut(text), "known": ", ".join(known)})


@dataclass(frozen=True, slots=True)
class _Parts:
    """Host data, taken apart as it is written."""

    scheme: str
    local: str
    host: str
    tail: str


def fill(pattern: str, number: Number, record: RecordData | None = None) -> str:
    """What a pattern makes for a number, and for the record whose host data it is to replace.

    A scheme that stands before the present host data (`sips:`) stays, unless the pattern has one. Raises
    CannotBeDone.
    """
    values = {
        "number": number.digits,
        "country": _digits(number.country),
        "area": _digits(number.area),
        "subscriber": _digits(number.local),
    }
    if is_block(number):
        values |= {name: f"{{{name}}}" for name in OF_BLOCK}
    elif "{rest}" in pattern:
        raise CannotBeDone("pattern", _NO_REST)
    used = {found[1] for found in _PLACEHOLDER.finditer(pattern)}
    scheme = ""
    if record is not None:
        parts = _taken_apart(record, number, insist=not used.isdisjoint(OF_RECORD))
        if "local" in used and not parts.local:
            raise CannotBeDone("pattern", _NO_USER, {"hostdata": cut(record.hostdata)})
        values |= {"local": parts.local, "host": parts.host, "tail": parts.tail}
        scheme = "" if _scheme_of(record.service, pattern) else parts.scheme
    return scheme + _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), pattern)


def _taken_apart(record: RecordData, number: Number, *, insist: bool) -> _Parts:
    scheme = _scheme_of(record.service, record.hostdata)
    if not insist:
        return _Parts(scheme, "", "", "")
    service, rest = find_service(record.service), record.hostdata.removeprefix(scheme)
    try:
        if service is None:
            raise CannotBeDone("pattern", _UNREADABLE, {"hostdata": cut(record.hostdata)})
        target = read_for(service, record.hostdata, name_of(number)).target
    except NaptrError:
        raise CannotBeDone("pattern", _UNREADABLE, {"hostdata": cut(record.hostdata)}) from None
    # Of an address without a user, an @ may stand in what follows the host.
    local, _at, place = rest.partition("@") if target.user and "@" in rest else ("", "", rest)
    found = _HOST.fullmatch(place)
    host, tail = (found[1], found[2]) if found else (place, "")
    return _Parts(scheme, local, host, tail)


def _scheme_of(service: str, text: str) -> str:
    """The scheme that is written before host data, with all that belongs to it; empty where there is none."""
    known, found = find_service(service), _SCHEME.match(text)
    return found[0] if known and found and found[1].lower() in known.schemes else ""


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())
