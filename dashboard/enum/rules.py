"""The safety rules of one record: what it becomes in the DNS, and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dashboard.enum.characters import check_controls
from dashboard.enum.limits import MAX_STRING, MAX_URI, REGEXP
from dashboard.enum.naptr import Naptr
from dashboard.enum.order import HasRecordData
from dashboard.enum.problems import TOO_LONG, NaptrError, Problem, UriError, cut, gettext_noop
from dashboard.enum.risks import VOICE_TO_TEL, risks_in
from dashboard.enum.services import Service, find_service
from dashboard.enum.siblings import check_siblings
from dashboard.enum.target import Target
from dashboard.enum.uris import read_hostdata, uri_of
from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16, RecordState

_SEPARATORS = "|,"  # of the protocol's rows, and of the names in `listservices`

_PREFERENCE = gettext_noop("The preference must be a number from 0 to %(limit)d.")
_NO_SERVICE = gettext_noop("Choose a service.")
_BAD_SERVICE = gettext_noop("“%(service)s” cannot be the name of a service.")
_NO_HOSTDATA = gettext_noop("Enter the host data.")
_LOOP = gettext_noop("The record points to its own number, so a call would go round in a circle.")


def naptr_for(draft: HasRecordData, order: int = DEFAULT_ORDER) -> Naptr | None:
    """Return the NAPTR that a record becomes in the DNS, with `order` as its ORDER.

    None if the service has no known DNS form, or if `check_draft` finds an error in the record itself (a loop or
    a clash with siblings is not one of these). Never raises.
    """
    service, uri = find_service(draft.service), uri_of(draft.service, draft.hostdata)
    if service is None or uri is None:
        return None
    enumservice = service.enumservice_for(uri.partition(":")[0])
    try:
        return Naptr(order, draft.preference, "u", enumservice, REGEXP % uri)
    except NaptrError:
        return None


def check_draft(
    draft: HasRecordData, digits: str, siblings: Iterable[RecordState] = (), order: int = DEFAULT_ORDER
) -> list[Problem]:
    """Return what is wrong with a record of the number `digits`, errors first.

    `siblings` are the number's other records, without the one that `draft` replaces; `order` is the draft's ORDER.
    For a service without a known DNS form only the generic rules hold. Never raises.
    """
    problems = [*_check_preference(draft.preference), *_check_service(draft.service)]
    service = find_service(draft.service)
    problems += _check_hostdata(service, draft.hostdata, digits) if service else _check_unknown(draft.hostdata)
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


def _check_hostdata(service: Service, hostdata: str, digits: str) -> list[Problem]:
    try:
        target = read_hostdata(service, hostdata)
    except UriError as error:
        return [error.as_problem()]
    length, loop = _check_length(len(target.uri), MAX_URI), _check_loop(service, target, digits)
    return [*length, *loop, *risks_in(service, target, digits)]


def _check_loop(service: Service, target: Target, digits: str) -> Iterator[Problem]:
    if service.enumservice in VOICE_TO_TEL and target.digits and target.digits == digits:
        yield Problem("hostdata", "tel-loop", _LOOP)


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
