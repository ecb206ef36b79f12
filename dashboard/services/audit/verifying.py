"""Whether the trail is whole: nothing in it altered, and nothing missing."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min

from dashboard import access
from dashboard.models import AuditEvent, AuditHead
from dashboard.services.audit.noting import note

CHUNK = 2_000  # events that are in memory at a time

MISSING = "Event %d is missing."
ADDED = "Event %d was not noted by e164web."
ALTERED = "Event %d was altered."
REPLACED = "Event %d was replaced: the one after it was noted after another one."
UNSIGNED = (
    "The end of the audit trail is not signed with the keys of this installation: after event %d others may have "
    "been removed or made up."
)


class Broken(Exception):
    """The first thing that is wrong with the trail, and the number of the event that it is about."""

    def __init__(self, sentence: str, number: int) -> None:
        super().__init__(sentence % number)
        self.number = number


@dataclass(frozen=True)
class Trail:
    """A trail that is whole: how many events it has, and the digest of the last; empty where there is none."""

    count: int
    digest: str


def verify() -> Trail:
    """Read all events that there are now, a chunk at a time. Raises Broken.

    Events that are noted meanwhile are left to the next time. Whoever holds both the database and the keys can make
    up a trail that is whole, and whoever kept a copy of the database can put it back; only who remembers a digest
    notices (docs/security.md).
    """
    # In this order: an event and the end that knows of it are stored together.
    there = access.every_audit_event().aggregate(first=Min("number"), last=Max("number"))
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first() or AuditHead()
    if there["first"] is not None and there["first"] < 1:
        raise Broken(ADDED, there["first"])
    read = _read(head.count)
    if not head.is_signed:
        raise Broken(UNSIGNED, head.count if head.broken_after is None else head.broken_after)
    if read.digest != head.digest:
        raise Broken(ALTERED, head.count)
    if (there["last"] or 0) > head.count:
        raise Broken(ADDED, head.count + 1)
    return read


def accept_end() -> None:
    """Sign the end as it is, after it was found without a signature, and note that."""
    with transaction.atomic():
        AuditHead.locked().accept()
        note("audit.accepted", by=None)


def _read(count: int) -> Trail:
    """Read so many events, each of which must follow the one before it. Raises Broken."""
    read = Trail(0, "")
    while read.count < count:
        rest = access.every_audit_event().filter(number__gt=read.count, number__lte=count).order_by("number")
        events = list(rest[:CHUNK])
        if not events:
            raise Broken(MISSING, read.count + 1)
        for event in events:
            read = _after(read, event)
    return read


def _after(read: Trail, event: AuditEvent) -> Trail:
    if event.number != read.count + 1:
        raise Broken(MISSING, read.count + 1)
    if event.digest != event.expected_digest():
        raise Broken(ALTERED, event.number)
    if event.previous != read.digest:
        raise Broken(REPLACED if read.count else ALTERED, max(read.count, 1))
    return Trail(event.number, event.digest)
