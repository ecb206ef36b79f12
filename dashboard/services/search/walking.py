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
ALIKE, MOST_ALIKE = 80, 10_000

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
    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False, more: int = 0) -> list[Cursor]:
        """The next rows in their order, at most so many, and of those behind them up to so many more as they come."""


@dataclass(frozen=True)
class PlainWalk(Walk):
    """As the database finds them."""

    found: QuerySet[MirroredNumber]

    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False, more: int = 0) -> list[Cursor]:
        """The next rows."""
        rows = self.found.filter(beyond(cursor, backwards=backwards))
        order = ("-digits", "-pk") if backwards else ("digits", "pk")
        return list(rows.order_by(*order).values_list("digits", "pk")[: count + more])


@dataclass(frozen=True)
class IndexWalk(Walk):
    """Led by SQLite's index of texts, which would collect and sort all that is found otherwise.

    The index is in the order of the first digits, so those that begin like the last one are taken together.
    """

    found: QuerySet[MirroredNumber]
    places: QuerySet[MirroredText]

    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False, more: int = 0) -> list[Cursor]:
        """The next rows."""
        rows = self.found.filter(beyond(cursor, backwards=backwards)).order_by()
        places = self._of(rows)
        if cursor is not None:
            first = place_of(cursor[0])
            places = places.filter(rowid__lt=first + ROWS) if backwards else places.filter(rowid__gte=first)
        order = "-rowid" if backwards else "rowid"
        asked = count + max(more, ALIKE)
        found = list(places.order_by(order).values_list("rowid", "digits")[:asked])
        if len(found) == asked and found[count - 1][0] // ROWS == found[-1][0] // ROWS:
            last = found[-1][0]
            begins = last - last % ROWS
            bounds = (begins, last) if backwards else (last + 1, begins + ROWS)
            rest = places.filter(rowid__gte=bounds[0], rowid__lt=bounds[1])
            found += rest.order_by(order).values_list("rowid", "digits")[:MOST_ALIKE]
        return sorted(((digits, place % ROWS) for place, digits in found), reverse=backwards)[: count + more]

    def _of(self, rows: QuerySet[MirroredNumber]) -> QuerySet[Any]:
        """The places of some rows, with their digits."""
        return self.places.annotate(digits=Subquery(self._at(rows).values("digits"))).filter(digits__isnull=False)

    @staticmethod
    def _at(rows: QuerySet[MirroredNumber]) -> QuerySet[MirroredNumber]:
        return rows.filter(pk=OuterRef("rowid") % ROWS)


def take(
    walks: Iterable[Walk], cursor: Cursor | None, count: int, *, backwards: bool = False, more: int = 0
) -> list[Cursor]:
    """What several walks take together; a row that several find comes once."""
    found = {row for walk in walks for row in walk.take(cursor, count, backwards=backwards, more=more)}
    return sorted(found, reverse=backwards)[: count + more]
