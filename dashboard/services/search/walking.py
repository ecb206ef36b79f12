"""Rows of the mirror in the order of their numbers, some at a time, without sorting or counting a million.

A walk goes on behind a cursor, the digits and the id of a row, forwards or backwards.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OuterRef, Q, QuerySet, Subquery

from dashboard.models import MirroredNumber
from dashboard.models.searching import ROWS, MirroredText, place_of

# Rows that are read in their order for each one that is wanted, before all are looked for.
NEAR = 100
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


def _next(rows: QuerySet[MirroredNumber], cursor: Cursor | None, *, backwards: bool) -> QuerySet[MirroredNumber]:
    """The rows behind a cursor in their order."""
    order = ("-digits", "-pk") if backwards else ("digits", "pk")
    return rows.filter(beyond(cursor, backwards=backwards)).order_by(*order)


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
        rows = _next(self.found, cursor, backwards=backwards)
        return list(rows.values_list("digits", "pk")[:count])


@dataclass(frozen=True)
class NearWalk(Walk):
    """Among the next of all `visible` rows, and only where too few of these are found, among all.

    PostgreSQL takes what it looks for to be spread evenly, and so reads a million rows in their order where only the
    last of them have it, instead of looking up in its index of texts which these are. It does so for an order that
    no index has.
    """

    found: QuerySet[MirroredNumber]
    visible: QuerySet[MirroredNumber]

    def take(self, cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
        """The next rows."""
        near = _next(self.visible, cursor, backwards=backwards)[: count * NEAR]
        every = self.found.filter(beyond(cursor, backwards=backwards)).order_by().values_list("digits", "pk")
        try:
            (rows, of_rows), (found, of_found) = (some.query.sql_with_params() for some in (near, every))
        except EmptyResultSet:
            return []
        way = "DESC" if backwards else "ASC"
        with connections[self.found.db].cursor() as database:
            # Inside the first part the name of the table is that of the next rows, in which it is looked.
            database.execute(
                f"""
                WITH near AS (
                    WITH {MirroredNumber._meta.db_table} AS ({rows})
                    SELECT digits, id FROM ({found}) AS found (digits, id)
                    ORDER BY digits {way}, id {way} LIMIT {count}
                ), far AS (
                    SELECT digits, id FROM ({found}) AS found (digits, id)
                    ORDER BY digits || '' {way}, id {way} LIMIT {count}
                )
                SELECT digits, id FROM near
                UNION ALL
                SELECT digits, id FROM far WHERE (SELECT count(*) FROM near) < {count}
                """,  # noqa: S608 -- Django's own statements, whose values stay apart
                [*of_rows, *of_found, *of_found],
            )
            next_rows: list[Cursor] = database.fetchall()
            return next_rows


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
        rows = self.found.filter(beyond(cursor, backwards=backwards), pk=OuterRef("rowid") % ROWS).order_by()
        places = self.places
        if cursor is not None:
            first = place_of(cursor[0])
            places = places.filter(rowid__lt=first + ROWS) if backwards else places.filter(rowid__gte=first)
        in_order = places.order_by("-rowid" if backwards else "rowid")
        each = in_order.values_list("rowid", Subquery(rows.values("digits")))
        found = list[tuple[int, str]]()
        # One more than is wanted says that no other is alike.
        for place, digits in each.iterator(chunk_size=count + 1):
            if digits is None:  # none of the rows is there; as a condition SQLite would look for each row twice
                continue
            is_alike = len(found) < count or place // ROWS == found[count - 1][0] // ROWS
            if not is_alike or len(found) == count + MOST_ALIKE:
                break
            found.append((place, digits))
        return sorted(((digits, place % ROWS) for place, digits in found), reverse=backwards)[:count]


def take(walks: Iterable[Walk], cursor: Cursor | None, count: int, *, backwards: bool = False) -> list[Cursor]:
    """What several walks take together; a row that several find comes once."""
    found = {row for walk in walks for row in walk.take(cursor, count, backwards=backwards)}
    return sorted(found, reverse=backwards)[:count]
