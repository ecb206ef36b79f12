"""The safety rules of one record: what it becomes in the DNS, and what is wrong with it, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dashboard.enum.characters import check_controls
from dashboard.enum.limits import MAX_STRING
from dashboard.enum.naptr import Naptr
from dashboard.enum.order import HasRecordData
from dashboard.enum.placeholders import Reading, doubts_about, read_for
from dashboard.enum.problems import TOO_LONG, NaptrError, Problem, UriError, cut, gettext_noop
from dashboard.enum.risks import VOICE_TO_TEL, risks_in
from dashboard.enum.services import Service, find_service
from dashboard.enum.siblings import check_siblings
from dashboard.enum.substitution import substitute
from dashboard.enum.target import Target
from dashboard.enum.wildcards import Name
from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16, RecordState

_TEL = re.compile(r"tel:\+([0-9]+)")
_SEPARATORS = "|,"  # of the protocol's rows, and of the names in `listservices`

_PREFERENCE = gettext_noop("The preference must be a number from 0 to %(limit)d.")
_NO_SERVICE = gettext_noop("Choose a service.")
_BAD_SERVICE = gettext_noop("“%(service)s” cannot be the name of a service.")
_NO_HOSTDATA = gettext_noop("Enter the host data.")
_LOOP = gettext_noop("The record points to its own number, so a call would go round in a circle.")
_WITHIN = gettext_noop(
    "%(number)s is a number of this block itself: unless it has records of its own, calls to it go round in a circle."
)


def naptr_for(draft: HasRecordData, order: int = DEFAULT_ORDER, name: Name | None = None) -> Naptr | None:
    """Return the NAPTR that a record of `name` becomes in the DNS, with `order` as its ORDER.

    None if the service has no known DNS form, or if `check_draft` finds an error in the record (a clash with siblings
    is not one of these). Where `name` is not known, a loop is none, and placeholders mean nothing. Never raises.
    """
    service = find_service(draft.service)
    if service is None:
        return None
    try:
        reading = read_for(service, draft.hostdata, name)
        _refuse_loop(service, reading, name)
        enumservice = service.enumservice_for(reading.target.scheme)
        return Naptr(order, draft.preference, "u", enumservice, reading.regexp)
    except NaptrError:
        return None


def check_draft(
    draft: HasRecordData,
    digits: str,
    siblings: Iterable[RecordState] = (),
    order: int = DEFAULT_ORDER,
    *,
    is_block: bool = False,
) -> list[Problem]:
    """Return what is wrong with a record of the number `digits`, or of the block of that beginning, errors first.

    `siblings` are the number's other records, without the one that `draft` replaces; `order` is the draft's ORDER.
    For a service without a known DNS form only the generic rules hold. Never raises.
    """
    problems = [*_check_preference(draft.preference), *_check_service(draft.service)]
    service, name = find_service(draft.service), Name(digits, is_block)
    problems += _check_hostdata(service, draft.hostdata, name) if service else _check_unknown(draft.hostdata)
    problems += check_siblings(draft, siblings, order)
    return sorted(problems, key=lambda problem: not problem.is_error)


def _check_preference(preference: int) -> Iterator[Problem]:
    if not 0 <= preference <= MAX_UINT16:
        yield Problem("preference", "range", _PREFERENCE, {"limit": MAX_UINT16})


def _check_service(name: str) -> Iterator[Problem]:
    if not name:
        yield Problem("service", "empty", _NO_SERVICE)
    elif len(name.encode("utf-8", "replace")) > MAX_STRING or any(
        character in _SEPARATORS or not character.isprintable() for character in name
    ):
        yield Problem("service", "name", _BAD_SERVICE, {"service": cut(name)})


def _check_hostdata(service: Service, hostdata: str, name: Name) -> list[Problem]:
    try:
        reading = read_for(service, hostdata, name)
        _refuse_loop(service, reading, name)
    except UriError as error:
        return [error.as_problem()]
    doubts = doubts_about(hostdata, is_block=name.is_block)
    return [*doubts, *_check_within(service, reading.target, name), *risks_in(service, reading.target, name.digits)]


def _refuse_loop(service: Service, reading: Reading, name: Name | None) -> None:
    """Raise UriError if each number of `name` leads to itself."""
    if name is None or service.enumservice not in VOICE_TO_TEL:
        return
    target = reading.target.digits
    if name.is_block and not target:
        made = _TEL.match(substitute(reading.regexp, "+" + name.example) or "")
        target = made[1] if made else ""
    if target and target == name.example:
        raise UriError("tel-loop", _LOOP)


def _check_within(service: Service, target: Target, name: Name) -> Iterator[Problem]:
    """Yield a concern where one number of a block leads to itself, if it has no records of its own."""
    if service.enumservice in VOICE_TO_TEL and name.is_block and name.owns(target.digits):
        yield Problem.concern("tel-within", _WITHIN, number=f"+{target.digits}")


def _check_unknown(hostdata: str) -> list[Problem]:
    if not hostdata:
        return [Problem("hostdata", "empty", _NO_HOSTDATA)]
    try:
        check_controls(hostdata[:MAX_STRING])
    except UriError as error:
        return [error.as_problem()]
    return list(_check_length(len(hostdata.encode("utf-8", "surrogatepass")), MAX_STRING))


def _check_length(octets: int, limit: int) -> Iterator[Problem]:
    if octets > limit:
        yield Problem("hostdata", "too-long", TOO_LONG, {"count": octets, "limit": limit})
