"""Queries whose SQL is written once."""

import inspect
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

FIRST_MARK = 987_654_321  # stands for the first key while the SQL is written; no query has such numbers of its own


class Prepared:
    """A query of values (`values_list`) by whole numbers, for what every page asks.

    To write the SQL of a query takes Django ten times as long as SQLite takes to answer it, so this keeps it.
    `queryset` takes the keys and uses each as a value of the query, and for nothing else.
    """

    def __init__(self, queryset: Callable[..., QuerySet[Any, Any]]) -> None:
        self._queryset = queryset
        self._written: tuple[str, tuple[Any, ...]] | None = None

    def first(self, *keys: int) -> tuple[Any, ...] | None:
        """The first row, None where there is none. Values are as the database's driver gives them."""
        sql, params = self._written or self._write()
        given = dict(enumerate(keys, FIRST_MARK))
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(param, param) for param in params])
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        count = len(inspect.signature(self._queryset).parameters)
        self._written = self._queryset(*range(FIRST_MARK, FIRST_MARK + count)).query.sql_with_params()
        return self._written
