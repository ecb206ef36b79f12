"""Rows of the mirror in the order of their numbers, some at a time, without sorting or counting a million.

A walk goes on behind a cursor, the digits and the id of a row, forwards or backwards.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dashboard.models import MirroredNumber
from dashboard.models.searching import ROWS, MirroredText, place_of

# Rows whose numbers begin alike, of which an index says no more; they are sorted here.
MOST_ALIKE = 10_000

Cursor = tuple[str, int]


def beyond(cursor: Cursor | None, *, backwards: bool = False) -> Q:
    """That a row comes after a cursor, or before it; everything without one."""
    if cursor is None:
        return Q()
    digits, pk = cursor
    than = "lt" if backwards else "gt"
    # The first part says nothing that the others do not, but an index begins with it.
    behind = Q(**{f"digits__{than}": digits}) | Q(**{f"pk__{than}": pk}, digits=digits)
    return Q(**{f"digits__{than}e": digits}) & behind


class Walk(ABC):
    """A way to some rows."""

    found: QuerySet[MirroredNumber]

    @abstractmethod
    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
        """The next rows in their order, at most so many."""


@dataclass(frozen=True)
class PlainWalk(Walk):
    """As the database finds them."""

    found: QuerySet[MirroredNumber]

    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
        """The next rows."""
        rows = self.found.filter(beyond(cursor, backwards=backwards))
        order = ("-digits", "-pk") if backwards else ("digits", "pk")
        return list(rows.order_by(*order).values_list("digits", "pk")[:count])


@dataclass(frozen=True)
class IndexWalk(Walk):
    """Led by SQLite's index of texts, which would collect and sort all that is found otherwise.

    The index is in the order of the first digits, so all that begin like the last one are read before they are
    sorted. SQLite looks for the next when it is asked for it: none is looked for that is not read.
    """

    found: QuerySet[MirroredNumber]
    places: QuerySet[MirroredText]

    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
        """The next rows."""
        rows = self.found.filter(beyond(cursor, backwards=backwards)).order_by()
        places = self._of(rows)
        if cursor is not None:
            first = place_of(cursor[0])
            places = places.filter(rowid__lt=first + ROWS) if backwards else places.filter(rowid__gte=first)
        order = "-rowid" if backwards else "rowid"
        found = list[tuple[int, str]]()
        each = places.order_by(order).values_list("rowid", "digits")[: count + MOST_ALIKE]
        for place, digits in each.iterator(chunk_size=count):
            if len(found) >= count and place // ROWS != found[count - 1][0] // ROWS:
                break
            found.append((place, digits))
        return sorted(((digits, place % ROWS) for place, digits in found), reverse=backwards)[:count]

    def _of(self, rows: QuerySet[MirroredNumber]) -> QuerySet[Any]:
        """The places of some rows, with their digits."""
        return self.places.annotate(digits=Subquery(self._at(rows).values("digits"))).filter(digits__isnull=False)

    @staticmethod
    def _at(rows: QuerySet[MirroredNumber]) -> QuerySet[MirroredNumber]:
        return rows.filter(pk=OuterRef("rowid") % ROWS)


def take(walks: Iterable[Walk], cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
    """What several walks take together; a row that several find comes once."""
    found = {row for walk in walks for row in walk.take(cursor, count, backwards=backwards)}
    return sorted(found, reverse=backwards)[:count]
