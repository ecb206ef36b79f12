"""What a record must not share with the other records of its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from dashboard.enum.limits import MAX_HOSTDATA, MAX_STRING
from dashboard.enum.order import HasRecordData
from dashboard.enum.problems import Problem, UriError, gettext_noop
from dashboard.enum.services import find_service
from dashboard.enum.uris import read_hostdata
from dashboard.protocol import RecordState

_IDENTICAL = gettext_noop("The number has this record already.")
_SAME_TARGET = gettext_noop(
    "Another record of the number leads to the same place (preference %(preference)d), so callers would try it twice."
)
_SAME_PREFERENCE = gettext_noop(
    "Another record of the number has the preference %(preference)d too; which comes first is then left to chance."
)


def check_siblings(draft: HasRecordData, siblings: Iterable[RecordState], order: int) -> Iterator[Problem]:
    """Yield the problems of `draft` among the other records of its number.

    An error for the very same record, as DNS keeps one of the two (RFC 2181 s5); a concern for the same target at
    another place, which is called twice; a warning for the same place in the order (RFC 3403 s4.1: then a reader may
    take either first).
    """
    others = list(siblings)
    place, target = (order, draft.preference), _target_of(draft)
    alike = [other for other in others if _target_of(other) == target]
    level = [other for other in others if (other.order, other.preference) == place]
    if any(other in level for other in alike):
        yield Problem("hostdata", "identical", _IDENTICAL)
        return
    if alike:
        yield Problem.concern("same-target", _SAME_TARGET, preference=alike[0].preference)
    if level:
        params = {"preference": draft.preference}
        yield Problem("preference", "duplicate", _SAME_PREFERENCE, params, "warning")


def _target_of(record: HasRecordData) -> tuple[str, str]:
    """Return what makes two records the same: enumservice and URI, or its words where these are unknown."""
    if len(record.service) > MAX_STRING or len(record.hostdata) > MAX_HOSTDATA:
        return record.service.upper(), record.hostdata
    return _target(record.service, record.hostdata)


# Each record of a number is compared with all the others: without this, 500 records would be read 250,000 times.
@lru_cache(maxsize=4096)
def _target(name: str, hostdata: str) -> tuple[str, str]:
    service = find_service(name)
    try:
        target = read_hostdata(service, hostdata) if service else None
    except UriError:
        target = None
    if service is None or target is None:
        return name.upper(), hostdata
    # Names of hosts are compared without case (RFC 3986 s3.2.2).
    before = "@" if target.user else ""
    uri = target.uri.replace(before + target.host, before + target.host.lower(), 1)
    return service.enumservice_for(target.scheme), uri
