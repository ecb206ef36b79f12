"""What the history is searched by: one text a change, and an index of it.

PostgreSQL has an index of trigrams on the column. SQLite has one in a table of its own, which triggers keep
(migration 0009). Both find any part of the text that is not shorter than a trigram.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboard.protocol import RecordState

# Between the parts of the text stand characters that no part has.
SERVICE, HOSTS = "\x1e", "\x1f"
TRIGRAM = 3  # characters; less cannot be looked up, only read for
FEW = 2_000  # changes, of which reading the texts costs no more than looking them up

Term = tuple[str, ...]  # parts of which one must be in the text


def searched_text(digits: str, words: Iterable[str], records: Iterable[RecordState]) -> str:
    """What a change is found by: its number, what was said of it, services, and last of all host data."""
    concerned = list(records)
    services = dict.fromkeys(_plain(record.service) for record in concerned)
    hosts = dict.fromkeys(_plain(record.hostdata) for record in concerned)
    said = [f"+{_plain(digits)}", *filter(None, map(_plain, words))]
    named = "".join(f"{SERVICE}{service}{SERVICE}" for service in services)
    return "\n".join(said) + "\n" + named + HOSTS + "\n".join(hosts)


def _plain(text: str) -> str:
    """Small letters, without control characters; a NUL is no text for PostgreSQL."""
    return "".join(letter if letter.isprintable() else " " for letter in text.lower())


class IndexedText(models.TextField):  # type: ignore[type-arg]  # which is no generic class as it runs
    """A column of SQLite's full-text index."""


@IndexedText.register_lookup
class Matches(models.Lookup):
    """What SQLite's index finds for a query in its own language."""

    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 -- Django's signature
        """The condition, on the table: the index does not know in which column a trigram is."""
        right, params = self.process_rhs(compiler, connection)
        return f"{compiler.quote_name_unless_alias(self.lhs.alias)} MATCH {right}", tuple(params)


class ChangeText(models.Model):
    """SQLite's index of the texts: a row has the id of its change."""

    rowid = models.BigIntegerField(primary_key=True)
    text = IndexedText()

    class Meta:
        managed = False
        db_table = "dashboard_change_text"

    def __str__(self) -> str:
        return str(self.text)


class IndexRouter:
    """Keeps SQLite's index out of `dumpdata`: elsewhere is no such table, and triggers fill it where there is one."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool | None:
        """Whether a table is moved; None where others decide."""
        return False if (app_label, model_name) == ("dashboard", ChangeText._meta.model_name) else None


def search(visible: QuerySet[Any], wanted: Q, terms: Sequence[Term], *, indexed: Q) -> QuerySet[Any]:
    """Rows with the ids of those among the `visible` changes that are `wanted` and in whose texts all terms are.

    Ordered by their ids they come one by one, newest or oldest first, and the others of a million need not be looked
    at. `indexed` is a part of `wanted` that has an index of its own, or nothing.
    """
    if connections[visible.db].vendor != "sqlite" or _are_few(visible):
        return _holding(visible.filter(wanted), terms).order_by()
    # SQLite would collect everything that is visible and sort it. So it is told which table leads, and looks up by id
    # whether a row of that one is wanted.
    every = visible.model._base_manager.filter(indexed)
    lookup = [] if indexed else [term for term in terms if all(len(part) >= TRIGRAM for part in term)]
    leads = ChangeText.objects.filter(text__matches=_query(lookup)) if lookup else every
    found = _holding(visible.filter(wanted), terms)
    return leads.filter(Exists(found.order_by().filter(pk=OuterRef("pk")))).order_by()


def _holding(changes: QuerySet[Any], terms: Sequence[Term]) -> QuerySet[Any]:
    for term in terms:
        changes = changes.filter(reduce(or_, (Q(text__contains=part) for part in term)))
    return changes


def _are_few(changes: QuerySet[Any]) -> bool:
    return not changes.order_by().values_list("pk")[FEW - 1 : FEW]


def _query(terms: Sequence[Term]) -> str:
    """What finds all texts with the terms, and a few more, in the language of FTS5: their trigrams, in quotation
    marks, so that nothing in them is a word of it.
    """
    anyone = (" OR ".join(map(_trigrams, term)) for term in terms)
    return " AND ".join(f"({term})" for term in anyone)


def _trigrams(part: str) -> str:
    """Every third trigram and the last one: each letter is in one of them, and more would exclude little."""
    last = len(part) - TRIGRAM
    found = dict.fromkeys(part[place : place + TRIGRAM] for place in (*range(0, last, TRIGRAM), last))
    return "(" + " AND ".join('"' + one.replace('"', '""') + '"' for one in found) + ")"
