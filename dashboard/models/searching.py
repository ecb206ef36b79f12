"""What the history and the mirror are searched by: one text a row, and an index of it.

PostgreSQL has an index of trigrams on the column. SQLite has one in a table of its own, which triggers keep
(`models.indexing`). Both find any part of the text that is not shorter than a trigram.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboard.enum import Sought
from dashboard.protocol import RecordState

# Between the parts of the text stand characters that no part has.
SERVICE, HOSTS = "\x1e", "\x1f"
RECORD = "\x1e"  # on both sides of each record of a mirrored number
MAX_DIGITS = 40  # of a number; a registry may say that it has more, E.164 knows 15
TRIGRAM = 3  # characters; less cannot be looked up, only read for
FEW = 2_000  # rows, of which reading the texts costs no more than looking them up

Term = tuple[str, ...]  # parts of which one must be in the text


def searched_text(digits: str, words: Iterable[str], records: Iterable[RecordState]) -> str:
    """What a change is found by: its number, what was said of it, services, and last of all host data."""
    concerned = list(records)
    services = dict.fromkeys(plain(record.service) for record in concerned)
    hosts = dict.fromkeys(plain(record.hostdata) for record in concerned)
    said = [f"+{plain(digits)}", *filter(None, map(plain, words))]
    named = "".join(f"{SERVICE}{service}{SERVICE}" for service in services)
    return "\n".join(said) + "\n" + named + HOSTS + "\n".join(hosts)


def mirrored_text(digits: str, records: Iterable[RecordState]) -> str:
    """What a mirrored number is found by, in small letters: its number with a plus, and then each record by itself.

    A record is RECORD, its service, HOSTS, its host data, RECORD. So one pattern says what one record must have.
    Notes, tags and states have columns of their own, as they change by themselves.
    """
    each = (f"{RECORD}{plain(one.service)}{HOSTS}{plain(one.hostdata)}{RECORD}" for one in records)
    return f"+{plain(digits)}\n{''.join(each)}"


def digits_are(sought: Sought, field: str) -> Q:
    """That a field has the digits of a number that is sought."""
    found = Q()
    for lookup, parts in (("startswith", sought.begins), ("contains", sought.holds), ("endswith", sought.ends)):
        for part in parts:
            found |= Q(**{f"{field}__{lookup}": part})
    return found | Q(**{f"{field}__in": sought.equals}) if sought.equals else found


def terms_of(sought: Sought) -> Term:
    """What is in a text for a number that is sought: it begins with the number, behind a plus."""
    begins, equals = (f"+{part}" for part in sought.begins), (f"+{part}\n" for part in sought.equals)
    return (*begins, *sought.holds, *(f"{part}\n" for part in sought.ends), *equals)


def plain(text: str) -> str:
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
    """SQLite's index of the changes' texts: a row has the id of its change."""

    rowid = models.BigIntegerField(primary_key=True)
    text = IndexedText()

    class Meta:
        managed = False
        db_table = "dashboard_change_text"

    def __str__(self) -> str:
        return str(self.text)


class MirroredText(models.Model):
    """SQLite's index of the mirror. A row has the place of its number (`place_of`), so that it is read in the order
    of numbers, and besides the text marks for what else is looked for (`credential_mark` and those below it).
    """

    rowid = models.BigIntegerField(primary_key=True)
    text = IndexedText()

    class Meta:
        managed = False
        db_table = "dashboard_mirrored_text"

    def __str__(self) -> str:
        return str(self.text)


class IndexRouter:
    """Keeps SQLite's indexes out of `dumpdata`: elsewhere are no such tables, and triggers fill them."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool | None:
        """Whether a table is moved; None where others decide."""
        indexes = {ChangeText._meta.model_name, MirroredText._meta.model_name}
        return False if app_label == "dashboard" and model_name in indexes else None


# A place is made of the first digits and the id of a row, which must fit 63 bits together: 922,337,203 rows.
PLACED = 10  # digits
ROWS = 9 * 10**8
PLACE = f"CAST(substr({{row}}.digits || '{'0' * PLACED}', 1, {PLACED}) AS INTEGER) * {ROWS} + {{row}}.id"
# What a text cannot have: characters for private use are not printable. A mark is one trigram.
_PRIVATE, _MARKS, _NEXT = 0xE000, 2_048, 0xE800
_CREDENTIAL, _DNS, _NO_DNS, _SYSTEM, _ANY, _COUNT, _BOTH = map(chr, range(0xF000, 0xF007))
MARKED = (
    f"char({_PRIVATE} + {{row}}.credential_id % {_MARKS}, {_NEXT} + {{row}}.credential_id / {_MARKS} % {_MARKS})"
    f" || '{_CREDENTIAL}{_DNS}' || {{row}}.dns_state || '{_NO_DNS * 2}'"
    f" || replace({{row}}.problems, ' ', '{_SYSTEM}')"
    f" || CASE {{row}}.problems WHEN '' THEN ''"
    f" ELSE '{_ANY * TRIGRAM}{_BOTH}' || {{row}}.dns_state || '{_NO_DNS * 2}' END"
    f" || '{_COUNT}' || {{row}}.record_count || '{_COUNT}' || {{row}}.text"
)


def place_of(digits: str) -> int:
    """Where the numbers with these first digits begin in SQLite's index of the mirror."""
    return int(digits[:PLACED].ljust(PLACED, "0")) * ROWS


def credential_mark(pk: int) -> str:
    """What the index has for the rows of a credential, and maybe of a few others."""
    return chr(_PRIVATE + pk % _MARKS) + chr(_NEXT + pk // _MARKS % _MARKS) + _CREDENTIAL


def dns_mark(state: str, *, has_problem: bool = False) -> str:
    """What the index has for what the DNS said; the same for states that begin alike. Rows that have a problem too
    have another besides: few may have both where many have each.
    """
    return f"{_BOTH if has_problem else _DNS}{state}{_NO_DNS * 2}"[:TRIGRAM]


def problem_mark(system: str) -> str:
    """What the index has for rows with records that a telephone system cannot use; any one, for an empty name."""
    return f"{_SYSTEM}{system}"[:TRIGRAM] if system else _ANY * TRIGRAM


def count_mark(count: int) -> str:
    """What the index has for rows with so many records."""
    return f"{_COUNT}{count}{_COUNT}"


def search(visible: QuerySet[Any], wanted: Q, terms: Sequence[Term], *, indexed: Q) -> QuerySet[Any]:
    """Rows with the ids of those among the `visible` changes that are `wanted` and in whose texts all terms are.

    Ordered by their ids they come one by one, newest or oldest first, and the others of a million need not be looked
    at. `indexed` is a part of `wanted` that has an index of its own, or nothing.
    """
    if connections[visible.db].vendor != "sqlite" or are_few(visible):
        return _holding(visible.filter(wanted), terms).order_by()
    # SQLite would collect everything that is visible and sort it. So it is told which table leads, and looks up by id
    # whether a row of that one is wanted.
    every = visible.model._base_manager.filter(indexed)
    lookup = [] if indexed else [term for term in terms if is_indexed(term)]
    leads = ChangeText.objects.filter(text__matches=_query(lookup)) if lookup else every
    found = _holding(visible.filter(wanted), terms)
    return leads.filter(Exists(found.order_by().filter(pk=OuterRef("pk")))).order_by()


def _holding(changes: QuerySet[Any], terms: Sequence[Term]) -> QuerySet[Any]:
    for term in terms:
        changes = changes.filter(reduce(or_, (Q(text__contains=part) for part in term)))
    return changes


def are_few(rows: QuerySet[Any]) -> bool:
    """Whether reading them costs no more than looking them up in an index."""
    return not rows.order_by().values_list("pk")[FEW - 1 : FEW]


def few_of(rows: QuerySet[Any], *fields: str) -> list[Any]:
    """What some rows have in these fields; of no more than FEW."""
    return list(rows.order_by().values_list(*fields)[:FEW])


def is_all(rows: Sequence[Any]) -> bool:
    """Whether `few_of` found no more than these."""
    return len(rows) < FEW


def is_indexed(term: Term) -> bool:
    """Whether all parts of a term are long enough to be looked up."""
    return bool(term) and all(len(part) >= TRIGRAM for part in term)


def matching(terms: Sequence[Term]) -> QuerySet[MirroredText]:
    """The places in SQLite's index of the mirror where all of these terms may be."""
    return MirroredText.objects.filter(text__matches=_query(terms))


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
