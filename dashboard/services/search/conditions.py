"""What a search asks of the rows of the mirror, word for word."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.db.models.lookups import In
from django.utils import timezone

from dashboard.enum import DEFAULT_SUFFIX, NumberError, Sought, plans
from dashboard.enum.problems import gettext_noop
from dashboard.models import NumberNote
from dashboard.models.searching import (
    HOSTS,
    RECORD,
    Term,
    count_mark,
    digits_are,
    dns_mark,
    plain,
    problem_mark,
    terms_of,
)
from dashboard.services.numbers.typed import typed_search
from dashboard.services.search.language import Query, QueryError, Word, read_count, read_when

_NO_DIGIT = gettext_noop("“%(word)s”: write digits behind the colon, as in number:+44.")
_LOOKUPS = {"=": "exact", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}
_SYNONYMS = {"ok": "published", "unknown": ""}


def sought_by(value: str) -> Sought | None:
    """The numbers that a word may mean; None for a word that is no part of a number."""
    try:
        return typed_search(value, DEFAULT_SUFFIX) or None
    except NumberError:
        return None


def read_numbers(query: Query) -> None:
    """Raises QueryError for a `number:` that cannot be read."""
    for word in query.words:
        if word.key == "number":
            try:
                sought = typed_search(word.value, DEFAULT_SUFFIX)
            except NumberError as error:
                raise QueryError(str(word), error.message, error.params) from None
            if not sought:
                raise QueryError(str(word), _NO_DIGIT)


def conditions(query: Query, *, with_notes: bool = True) -> Q:
    """What a row must fulfil; credentials are not asked for here. Bare words may be in its notes, too."""
    every = of_record(query)
    for word in query.words:
        if word.key in _OF_ROW:
            is_in_text = not word.key and not word.is_excluded and not with_notes
            one = in_text(_said(word.value)) if is_in_text else _OF_ROW[word.key](word)
            every &= ~one if word.is_excluded else one
    return every


def of_record(query: Query) -> Q:
    """That one record has the service and all host data, and that no record has what is excluded."""
    every = Q()
    services, hosts = query.of("service"), query.of("host")
    if hosts:
        every &= Q(text__regex=_pattern(services[0] if services else "", hosts))
    elif services:
        every &= Q(text__contains=_service(services[0]))
    for service in query.of("service", excluded=True):
        every &= ~Q(text__contains=_service(service))
    for host in query.of("host", excluded=True):
        every &= ~Q(text__regex=_pattern("", [host]))
    return every


def terms(query: Query) -> list[Term]:
    """What is in the texts of all rows that fulfil it, for an index of texts; bare words may be in notes instead."""
    found: list[Term] = [(_service(service),) for service in query.of("service")]
    found += [(plain(host),) for host in query.of("host")]
    for number in query.of("number"):
        found.append(terms_of(typed_search(number, DEFAULT_SUFFIX)))
    for country in query.of("country"):
        codes = _codes(country)
        found.append((f"+{codes[0]}",) if len(codes) == 1 else ())
    return [term for term in found if term]


def words_in_text(query: Query) -> list[Term]:
    """Of each bare word what may be in a text for it."""
    return [_said(value) for value in query.of("")]


def _said(value: str) -> Term:
    sought = sought_by(value)
    return (plain(value), *(terms_of(sought) if sought is not None else ()))


def in_text(term: Term) -> Q:
    """That one of the parts of a term is in the text."""
    one = Q()
    for part in dict.fromkeys(term):
        one |= Q(text__contains=part)
    return one


def any_in_notes(values: Iterable[str]) -> Q:
    """That a row of the notes has one of some words in its text or tags."""
    return reduce(or_, map(_in_notes, values))


def _in_notes(value: str) -> Q:
    return Q(text__icontains=value) | Q(tags__icontains=value)


def of_times(query: Query) -> Q:
    """What the times ask that a row was changed at."""
    found = (_changed(word) for word in query.words if word.key == "changed" and not word.is_excluded)
    return reduce(and_, found, Q())


def marks(query: Query) -> list[Term]:
    """What is in SQLite's index for what columns of their own have."""
    states = [_SYNONYMS.get(value.lower(), value.lower()) for value in query.of("dns")]
    systems = [value.lower() for value in query.of("problem") if value.lower() != "none"]
    counts = [read_count(word) for word in query.words if word.key == "records" and not word.is_excluded]
    found = [problem_mark(system) for system in systems if system != "any"]
    found += [count_mark(said.count) for said in counts if said.sign == "="]
    found += [dns_mark(state, has_problem=bool(systems)) for state in states]
    if systems and not states:
        found.append(problem_mark(""))
    return [(mark,) for mark in found]


def is_noted(condition: Q) -> Exists:
    """That a number has a note of which this is true."""
    of_number = NumberNote.objects.filter(credential=OuterRef("credential"), number_id=OuterRef("number_id"))
    return Exists(of_number.filter(condition))


def of_notes(query: Query) -> Q:
    """What `tag:` and `note:` ask of one note; nothing where no word does."""
    every = Q()
    for word in query.words:
        if word.key in _OF_NOTE and not word.is_excluded:
            every &= _OF_NOTE[word.key](word.value)
    return every


def _tagged(value: str) -> Q:
    return Q(tags__regex=rf"(^| ){re.escape(value.lower())}( |$)")


def _text_noted(value: str) -> Q:
    return Q(text__icontains=value)


def _service(name: str) -> str:
    return f"{RECORD}{plain(name)}{HOSTS}"


def _pattern(service: str, hosts: list[str]) -> str:
    """A regular expression of one record, for both databases."""
    beginning = re.escape(_service(service)) if service else HOSTS
    *others, last = (f"[^{RECORD}]*{re.escape(plain(host))}" for host in hosts)
    return beginning + "".join(f"(?={other})" for other in others) + last


def _codes(country: str) -> tuple[str, ...]:
    """What the numbers of a country begin with."""
    if country.removeprefix("+").isdecimal():
        return (country.removeprefix("+"),)
    return plans.beginnings(country.upper())


def _anywhere(word: Word) -> Q:
    return in_text(_said(word.value)) | Q(is_noted(_in_notes(word.value)))


def _number(word: Word) -> Q:
    return digits_are(typed_search(word.value, DEFAULT_SUFFIX), "digits")


def _country(word: Word) -> Q:
    codes = _codes(word.value)
    if len(codes) == 1:
        return Q(digits__startswith=codes[0])
    return Q(In(Left("digits", len(codes[0])), codes))  # North America: as many as 400 area codes


def _problem(word: Word) -> Q:
    value = word.value.lower()
    if value == "any":
        return Q(problems__gt="")
    return Q(problems="", seen_at__isnull=False) if value == "none" else Q(problems__contains=f" {value} ")


def _dns(word: Word) -> Q:
    value = word.value.lower()
    return Q(dns_state=_SYNONYMS.get(value, value))


def _records(word: Word) -> Q:
    said = read_count(word)
    return Q(**{f"record_count__{_LOOKUPS[said.sign]}": said.count}, seen_at__isnull=False)


def _changed(word: Word) -> Q:
    said = read_when(word)
    if said.age is not None:  # younger than that is later
        return Q(**{f"changed_at__{'gt' if said.sign == '<' else 'lt'}": timezone.now() - said.age})
    assert said.day is not None  # noqa: S101 -- one of the two is there
    begins = datetime.combine(said.day, time.min, timezone.get_current_timezone())
    ends = datetime.combine(said.day + timedelta(days=1), time.min, timezone.get_current_timezone())
    bounds = {">": {"gte": ends}, ">=": {"gte": begins}, "<": {"lt": begins}, "<=": {"lt": ends}}
    wanted = bounds.get(said.sign, {"gte": begins, "lt": ends})
    return Q(**{f"changed_at__{lookup}": bound.astimezone(UTC) for lookup, bound in wanted.items()})


_OF_NOTE: dict[str, Callable[[str], Q]] = {"tag": _tagged, "note": _text_noted}
_OF_ROW: dict[str, Callable[[Word], Q]] = {
    "": _anywhere,
    "number": _number,
    "country": _country,
    "tag": lambda word: Q(is_noted(_tagged(word.value))),
    "note": lambda word: Q(is_noted(_text_noted(word.value))),
    "problem": _problem,
    "dns": _dns,
    "records": _records,
    "changed": _changed,
}
