"""Changes found, for the page and for exports."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from dashboard import access
from dashboard.enum import Sought
from dashboard.models import Change, Credential, Team, User
from dashboard.models.searching import HOSTS, SERVICE, Term, digits_are, search, terms_of

PAGE_SIZE = 20
_SHOWN = (
    *("credential_id", "credential_label", "registry_name", "number_id", "number", "command", "record_id", "before"),
    *("after", "person", "token_name", "reason", "outcome", "words", "created_at", "settled_at", "batch", "undoes"),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which changes somebody looks for. What is empty excludes nothing; `before` is not included.

    Every word of `text` is somewhere in what a change says. `host` is a part of host data; `service` and `person` are
    whole names.
    """

    text: str = ""
    number: Sought = field(default_factory=Sought)
    number_id: int | None = None
    service: str = ""
    host: str = ""
    person: str = ""
    team: Team | None = None
    credential: Credential | None = None
    outcome: str = ""
    since: datetime | None = None
    before: datetime | None = None
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    """Some of the changes that were found, newest first. There is nothing where `older` and `newer` are None;
    otherwise the next page has what was `before` or `after` that id.
    """

    shown: list[Change]
    older: int | None = None
    newer: int | None = None


def find(person: User, wanted: Wanted, rights: Iterable[int] | None = None) -> QuerySet[Any]:
    """Rows with the ids of the changes that this person may see and looks for: they are read in the order of ids.

    `rights` are those of the person (`access.rights`), where they have been asked for.
    """
    terms = _terms(wanted)
    return search(
        access.changes(person, rights), _conditions(wanted), terms, indexed=_indexed(wanted, has_terms=bool(terms))
    )


def page_of(found: QuerySet[Any], *, before: int | None = None, after: int | None = None) -> ChangePage:
    """A page, without counting what there is: those `before` an id, those `after` it, or the newest."""
    if after is not None:
        newer = list(found.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
        if len(newer) > PAGE_SIZE:
            ids = newer[:PAGE_SIZE][::-1]
            return ChangePage(shown=_read(ids), older=ids[-1], newer=ids[0])
        before = None
    older = found if before is None else found.filter(pk__lt=before)
    ids = list(older.order_by("-pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
    shown = ids[:PAGE_SIZE]
    return ChangePage(
        shown=_read(ids[:PAGE_SIZE]),
        older=shown[-1] if len(ids) > PAGE_SIZE else None,
        newer=shown[0] if before is not None and shown else None,
    )


def _read(ids: Sequence[int]) -> list[Change]:
    return list(Change.found(ids).only(*_SHOWN).order_by("-pk"))


def _conditions(wanted: Wanted) -> Q:
    said = {
        "number_id": wanted.number_id,
        "person": wanted.person or None,
        "credential": wanted.credential,
        "credential__shares__team": wanted.team,
        "outcome": wanted.outcome or None,
        "created_at__gte": wanted.since,
        "created_at__lt": wanted.before,
        "settled_at__isnull": wanted.is_open or None,
    }
    conditions = Q(**{name: value for name, value in said.items() if value is not None})
    if wanted.number:
        conditions &= digits_are(wanted.number, "number")
    if wanted.host:
        conditions &= Q(text__regex=f"{HOSTS}[^{SERVICE}]*{re.escape(wanted.host.lower())}")
    return conditions


def _indexed(wanted: Wanted, *, has_terms: bool) -> Q:
    """Of what is wanted that which excludes most; texts exclude more than who or what may be in half of all."""
    few = {"number_id": wanted.number_id, "settled_at__isnull": wanted.is_open or None}
    half = {} if has_terms else {"credential": wanted.credential, "outcome": wanted.outcome or None}
    if wanted.number_id is not None:
        half["credential"] = wanted.credential
    return Q(**{name: value for name, value in (few | half).items() if value is not None})


def _terms(wanted: Wanted) -> list[Term]:
    """What must be in the text (`searched_text`), which has an index."""
    terms: list[Term] = [(word,) for word in wanted.text.lower().split()]
    if wanted.number:
        terms.append(terms_of(wanted.number))
    if wanted.service:
        terms.append((f"{SERVICE}{wanted.service.lower()}{SERVICE}",))
    return [*terms, *((part.lower(),) for part in (wanted.host, wanted.person) if part)]


@dataclass(frozen=True, kw_only=True)
class Related:
    """Changes that belong to one: what it undoes, what undid it, and what else the same form sent."""

    undoes: Change | None
    undone_by: Sequence[Change]
    batch: Sequence[Change]


def related(person: User, change: Change) -> Related:
    """The changes that belong to one that this person may see, as far as they may see these too."""
    seen = access.changes(person)
    batch = seen.filter(batch=change.batch).exclude(pk=change.pk).order_by("pk") if change.batch else ()
    return Related(
        undoes=seen.filter(pk=change.undoes_id).first() if change.undoes_id else None,
        undone_by=list(seen.filter(undoes=change).order_by("pk")),
        batch=list(batch[:PAGE_SIZE]),
    )
