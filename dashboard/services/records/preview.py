"""What a record becomes in the DNS, and whom a caller would reach, before and after it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.enum import HasRecordData, Name, Problem, check_draft, find_service, naptr_for
from dashboard.protocol import DEFAULT_ORDER, Record, RecordData
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import name_of
from dashboard.services.records.callers import Prospect, prospect


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One record's future. Both texts are empty where no DNS form is known or the record is not usable yet.

    `problems` are what to know of it, `prospect` is what becomes of the number's callers once it is saved.
    """

    naptr: str
    uri: str
    known: bool  # whether the service's DNS form is known at all
    problems: Sequence[Problem] = ()
    prospect: Prospect | None = None  # only of a draft that can be saved, where the number's other records are known


@dataclass(frozen=True, kw_only=True)
class Reached:
    """One way to reach a number: the record, and the URI that it gives a caller."""

    record: HasRecordData
    uri: str


def preview(
    digits: str, draft: RecordData | Record, prospect: Prospect | None = None, *, is_block: bool = False
) -> Preview:
    """The NAPTR of a record (RFC 3403, zone-file form), and the URI that it gives for the number, or of a block with
    these digits for one of its numbers: that of the prospect, if there is one.
    """
    name = Name(digits, is_block)
    naptr = naptr_for(draft, draft.order if isinstance(draft, Record) else DEFAULT_ORDER, name)
    known = not draft.service or find_service(draft.service) is not None
    if naptr is None:
        return Preview(naptr="", uri="", known=known, prospect=prospect)
    dialled = prospect.callers.digits if prospect is not None else name.example
    return Preview(naptr=naptr.to_text(), uri=naptr.uri_for(dialled), known=known, prospect=prospect)


def as_it_is(found: NumberRecords, record: Record) -> Preview:
    """A record as it stands: what it is in the DNS, what keeps it from being used, and what is risky.

    That mail addresses can be read by anybody is said where they are typed, and not again on every page.
    """
    name, others = name_of(found.number), found.others(record)
    problems = check_draft(record, name.digits, others, order=record.order, is_block=name.is_block)
    shown = preview(name.digits, record, is_block=name.is_block)
    return replace(shown, problems=[problem for problem in problems if problem.code != "privacy"])


def as_drafted(found: NumberRecords, draft: RecordData, record: Record | None = None) -> Preview:
    """A draft in the place of `record`, or as a new one: what is wrong with it, else what it changes for callers."""
    name = name_of(found.number)
    problems = check_draft(draft, name.digits, found.others(record), is_block=name.is_block)
    wrong = any(problem.is_error for problem in problems)
    coming = None if wrong else prospect(found, draft, record)
    return replace(preview(name.digits, draft, coming, is_block=name.is_block), problems=problems)


def reached(digits: str, records: Sequence[Record], *, is_block: bool = False) -> list[Reached]:
    """What callers get from these records, in the order in which telephone systems try them."""
    return [
        Reached(record=record, uri=preview(digits, record, is_block=is_block).uri or record.hostdata)
        for record in records
    ]
