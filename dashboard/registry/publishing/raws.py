"""What the DNS gets of raw records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext

from dashboard.enum import Name, Naptr, publishable, read_raw
from dashboard.registry.models import BLOCK, Number, RawRecord
from dashboard.registry.publishing import queue


def raws_of(numbers: Iterable[Number]) -> Mapping[int, Sequence[RawRecord]]:
    """The raw records of numbers, by the number's key. One query."""
    found: defaultdict[int, list[RawRecord]] = defaultdict(list)
    for raw in RawRecord.objects.filter(number__in=[number.pk for number in numbers]):
        found[raw.number_id].append(raw)
    return found


def naptr_of(raw: RawRecord, name: Name) -> Naptr | None:
    """What the DNS gets of a raw record of this name; None for one that is left out."""
    try:
        record = read_raw(*raw.wire)
    except ValueError:
        return None
    return record if publishable(record, name) else None


def left_out(raw: RawRecord, name: Name) -> str:
    """Why the DNS gets nothing of a raw record, as a sentence; empty if it gets something."""
    problem = next((problem for problem in raw.problems(name) if problem.is_error), None)
    return gettext(problem.message) % problem.params if problem is not None else ""


def published_at(names: Sequence[str]) -> list[list[Naptr]]:
    """The raw records that the DNS has of each number or block (as in Number.name). Two queries for a thousand."""
    return [naptrs for some in queue.chunks(names, queue.NAMES_AT_A_TIME) for naptrs in _published_at(some)]


def _published_at(names: Sequence[str]) -> list[list[Naptr]]:
    numbers = Number.objects.filter(digits__in=[name.removesuffix(BLOCK) for name in names], is_sample=False)
    by_name = {number.name: number for number in numbers}
    raws = raws_of(by_name.values())
    return [_naptrs(raws.get(by_name[name].pk, ()), by_name[name]) if name in by_name else [] for name in names]


def _naptrs(raws: Sequence[RawRecord], number: Number) -> list[Naptr]:
    found = (naptr_of(raw, number.in_the_dns) for raw in raws)
    return [record for record in found if record is not None]
