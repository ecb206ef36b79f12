"""Mirrored numbers found, for pages, the API, the shell, and whoever changes or exports what was found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db import connections
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, MirroredNumber, NumberNote, User
from dashboard.models.searching import Term, are_few, credential_mark, few_of, is_all, is_indexed, matching
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services.search import conditions
from dashboard.services.search.language import Query, QueryError, Word, parse
from dashboard.services.search.walking import Cursor, IndexWalk, NearWalk, PlainWalk, Walk, take

PAGE_SIZE = 20  # as many as a page of the history
COUNTED = 1_000  # found numbers; a page asks for their count by itself, and nobody waits for it
MOST_MARKED = 100  # credentials of one person that an index is asked for
MET = 2  # terms that an index brings together, whose places may be many though few have both
_CURSOR = re.compile(rf"([0-9]{{1,40}})-([0-9]{{1,{MAX_ID_DIGITS}}})")

_NO_CREDENTIAL = gettext_noop("“%(word)s”: you see no credential that is called so.")
_NO_CURSOR = gettext_noop("“%(word)s” is no place in this list. Begin at its first page.")


@dataclass(frozen=True, kw_only=True)
class NumberPage:
    """Some of the numbers that were found, in the order of their digits, with `label`, `note` and `tags`. `before`
    and `after` are the cursors of the pages around it, empty where there is none.
    """

    shown: list[MirroredNumber]
    before: str = ""
    after: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing else was found."""
        return not self.before and not self.after

    @property
    def count(self) -> int:
        """How many there are; fewer where these are not all."""
        return len(self.shown) if self.is_all else PAGE_SIZE


def find(person: User, query: str, *, credential: Credential | None = None) -> QuerySet[MirroredNumber]:
    """The mirrored numbers that this person may see and looks for, ordered by number; of one credential if given.

    Raises QueryError for what cannot be understood. Whoever shows a page of many asks `page_of`.
    """
    return Search(person, query, credential=credential).found


def page_of(
    person: User, query: str, *, credential: Credential | None = None, before: str = "", after: str = ""
) -> NumberPage:
    """A page of the same, in the same time however many there are: the first, or the one `before` or `after` a
    cursor. Raises QueryError.
    """
    return Search(person, query, credential=credential).page(before=before, after=after)


def count_of(person: User, query: str, *, credential: Credential | None = None) -> tuple[int, bool]:
    """How many are found, and whether these are all: counting ends at COUNTED. Raises QueryError."""
    return Search(person, query, credential=credential).count


class Search:
    """What a person looks for, read and with the ways to it. Raises QueryError."""

    def __init__(self, person: User, query: str, *, credential: Credential | None = None) -> None:
        self.query = parse(query)
        conditions.read_numbers(self.query)
        if credential is None:
            credentials, seen = access.mirrored_with(person)
        else:
            credentials, seen = [credential.pk], access.mirrored_of(person, credential)
        self._credentials = _labelled(person, self.query, credentials)
        if len(self._credentials) < len(credentials):
            seen = seen.filter(credential__in=self._credentials)
        self._beginnings = person.token.beginnings if person.token is not None else ()
        # Of a number that was seen before there was a mirror nothing but its id is known. Not left out by a bound:
        # SQLite begins at the first of several, and with `digits > ''` walks to each page from the first number.
        self._visible = seen.exclude(digits="")

    @cached_property
    def _every(self) -> QuerySet[MirroredNumber]:
        return self._visible.filter(conditions.conditions(self.query))

    @cached_property
    def found(self) -> QuerySet[MirroredNumber]:
        """All that is found, ordered by number."""
        if len(self._walks) == 1:
            return self._walks[0].found.order_by("digits", "pk")
        return self._every.order_by("digits", "pk")

    @cached_property
    def count(self) -> tuple[int, bool]:
        """How many there are, and whether these are all."""
        counted = len(take(self._walks, None, COUNTED + 1))
        return min(counted, COUNTED), counted <= COUNTED

    def page(self, *, before: str = "", after: str = "") -> NumberPage:
        """A page. Raises QueryError for a cursor that is none."""
        cursor = _read(before or after)
        rows = take(self._walks, cursor, PAGE_SIZE + 1, backwards=bool(before))
        has_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        if before:
            rows.reverse()
            if len(rows) < PAGE_SIZE:  # what was the page before is the first now, and it is shown whole
                return self.page()
        has_before, has_after = (has_more, True) if before else (cursor is not None, has_more)
        return NumberPage(
            shown=access.as_shown([pk for _, pk in rows]),  # the walk has seen whether they are visible
            before=_written(rows[0]) if rows and has_before else "",
            after=_written(rows[-1]) if rows and has_after else "",
        )

    @cached_property
    def _walks(self) -> list[Walk]:
        """Bare words are in a text, or in a note: two ways, since no database has one for both."""
        words = self.query.of("")
        if not words:
            return [self._walk(self._every, [])]
        by_text = self._visible.filter(conditions.conditions(self.query, with_notes=False))
        walks = [self._walk(by_text, conditions.words_in_text(self.query))]
        noted = self._noted(conditions.any_in_notes(words))
        return [*walks, PlainWalk(self._every.filter(noted.condition))] if noted.count else walks

    def _walk(self, rows: QuerySet[MirroredNumber], words: list[Term]) -> Walk:
        in_text = [*conditions.terms(self.query), *words]
        if connections[rows.db].vendor != "sqlite":
            # The next numbers that a token reaches may be far apart.
            is_near = any(map(is_indexed, in_text)) and not self._beginnings
            return NearWalk(rows, self._visible) if is_near else PlainWalk(rows)
        if len(self._credentials) > MOST_MARKED and are_few(self._visible):
            return PlainWalk(rows)
        of_notes, when = conditions.of_notes(self.query), conditions.of_times(self.query)
        if of_notes and (noted := self._noted(of_notes)).is_few:
            return PlainWalk(rows.filter(noted.condition))
        if when and are_few(changed := access.every_mirrored_number().filter(when)):
            return PlainWalk(rows.filter(pk__in=changed.values("pk")))
        terms = [*in_text, *conditions.marks(self.query)]
        terms.append(tuple(f"+{digits}" for digits in self._beginnings))
        return self._led([term for term in terms if is_indexed(term)], rows)

    def _led(self, terms: list[Term], rows: QuerySet[MirroredNumber]) -> Walk:
        """The way through SQLite's index, but for all numbers of one credential, which has an order already."""
        if not self._credentials or (not terms and len(self._credentials) == 1):
            return PlainWalk(rows)
        # A mark that excludes nothing costs a look at a million places, where two states meet nowhere.
        is_marked = len(terms) < MET or access.every_mirror().exclude(credential__in=self._credentials).exists()
        if is_marked and len(self._credentials) <= MOST_MARKED:
            terms.append(tuple(map(credential_mark, self._credentials)))
        return IndexWalk(rows, matching(terms)) if terms else PlainWalk(rows)

    def _noted(self, condition: Q) -> "_Noted":
        notes = NumberNote.objects.filter(condition, credential__in=self._credentials)
        pairs = few_of(notes, "credential_id", "number_id")
        if not is_all(pairs):
            return _Noted(len(pairs), Q(conditions.is_noted(condition)), is_few=False)
        ids = dict[int, list[int]]()
        for credential, number in pairs:
            ids.setdefault(credential, []).append(number)
        named = (Q(credential=credential, number_id__in=numbers) for credential, numbers in ids.items())
        return _Noted(len(pairs), reduce(or_, named, Q(pk__in=())), is_few=True)


@dataclass(frozen=True)
class _Noted:
    """How many notes say something, as far as they were counted, and the condition that a number has one of them."""

    count: int
    condition: Q
    is_few: bool


def _read(cursor: str) -> Cursor | None:
    match = _CURSOR.fullmatch(cursor)
    if cursor and match is None:
        raise QueryError(cursor, _NO_CURSOR)
    return (match[1], int(match[2])) if match is not None else None


def _written(cursor: Cursor) -> str:
    return f"{cursor[0]}-{cursor[1]}"


def _labelled(person: User, query: Query, credentials: list[int]) -> list[int]:
    """Those that `credential:` asks for. Raises QueryError for a label that none has that the person sees."""
    labels = [word for word in query.words if word.key == "credential"]
    named = _by_label(person, labels) if labels else {}
    for word in labels:
        ids = named.get(word.value.lower())
        if not ids:
            raise QueryError(str(word), _NO_CREDENTIAL)
        credentials = [pk for pk in credentials if (pk in ids) != word.is_excluded]
    return credentials


def _by_label(person: User, labels: Iterable[Word]) -> dict[str, list[int]]:
    found = dict[str, list[int]]()
    lower = [word.value.lower() for word in labels]
    asked = access.credentials(person).annotate(lower=Lower("label")).filter(lower__in=lower)
    for pk, label in asked.order_by("pk").values_list("pk", "lower"):
        found.setdefault(label, []).append(pk)
    return found
