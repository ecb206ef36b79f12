"""Zone files: NAPTR records, which become service and host data again wherever that is exact."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from dashboard.enum import (
    Inexact,
    Name,
    Naptr,
    NaptrError,
    Problem,
    ZoneRecord,
    check_number,
    check_raw,
    read_raw,
    read_zone,
    record_of,
)
from dashboard.enum.problems import gettext_noop
from dashboard.enum.raw import ROOT
from dashboard.services.sentences import say
from dashboard.services.transfer.lines import DraftLine, Reader
from dashboard.telephones import predict

_LEFT_OUT = gettext_noop("%(reason)s It is left out: %(record)s. %(systems)s")
_SPLIT_NOT = gettext_noop(
    "%(reason)s Nothing that leads to the same is known, so it is left out: %(record)s. %(systems)s"
)

_RAW_NOT = gettext_noop(
    "%(reason)s As a raw record it could not be published either: %(why_not)s It is left out: %(record)s. %(systems)s"
)


def read_records(lines: Iterable[str], reader: Reader, suffix: str) -> Iterator[DraftLine]:
    """The records of a zone file whose numbers count from `suffix`. What is no service with host data is left out,
    becomes what leads to the same, or is kept as a raw record, as the options say.
    """
    for record in read_zone(lines, origin=reader.options.origin, suffix=suffix):
        name = record.name.text if record.name is not None else ""
        if record.problem is not None:
            problem = Problem(record.problem.field, "line", record.problem.message, record.problem.params)  # type: ignore[arg-type]
            yield DraftLine(record.line, name, problem=problem)
        elif record.name is not None and record.naptr is not None:
            yield from _drafts(record, record.name, record.naptr, reader)


def _drafts(record: ZoneRecord, name: Name, naptr: Naptr, reader: Reader) -> Iterator[DraftLine]:
    for problem in check_number(name.digits, reader.rules):
        yield DraftLine(record.line, name.text, problem=problem)
        return
    found = record_of(naptr, name)
    if not isinstance(found, Inexact):
        yield DraftLine(record.line, name.text, found, naptr.order)
    elif reader.options.splits and found.instead:
        for instead in found.instead:
            yield DraftLine(record.line, name.text, instead, naptr.order)
    elif reader.options.keeps_raw and not (why_not := _why_not_raw(naptr, name)):
        raw = replace(naptr, replacement=naptr.replacement.lower())  # as the registry stores it
        yield DraftLine(record.line, name.text, order=naptr.order, raw=raw)
    else:
        params: dict[str, object] = {"reason": _(found.message) % found.params}
        params |= {"record": naptr.to_text(), "systems": systems(naptr, name)}
        message = _SPLIT_NOT if reader.options.splits else _LEFT_OUT
        if reader.options.keeps_raw:
            message, params["why_not"] = _RAW_NOT, why_not
        problem = Problem("naptr", "inexact", message, params)  # type: ignore[arg-type]
        yield DraftLine(record.line, name.text, problem=problem, is_left_out=True)


def _why_not_raw(naptr: Naptr, name: Name) -> str:
    """Why a record cannot be kept as a raw record of a name, as a sentence; empty where it can."""
    replacement = "" if naptr.replacement == ROOT else naptr.replacement
    try:
        read = read_raw(naptr.order, naptr.preference, naptr.flags, naptr.service, naptr.regexp, replacement)
    except NaptrError as error:
        return say(error)
    return next((say(problem) for problem in check_raw(read, name) if problem.is_error), "")


def systems(naptr: Naptr, name: Name) -> str:
    """What the telephone systems make of a record that a number has alone, in one sentence."""
    calls = dict[str, list[str]]()
    for prediction in predict(name.example, [naptr]):
        calls.setdefault(next(iter(prediction.uris), ""), []).append(prediction.telephone.label)
    return " ".join(_said(uri, names) for uri, names in calls.items())


def _said(uri: str, names: Sequence[str]) -> str:
    if uri:
        return _("%(systems)s call %(uri)s.") % {"systems": ", ".join(names), "uri": uri}
    return _("%(systems)s cannot use it.") % {"systems": ", ".join(names)}
