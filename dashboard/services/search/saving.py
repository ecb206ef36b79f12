"""Searches that people keep under a name, for themselves or for a team whose editors look after them."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.enum.problems import gettext_noop
from dashboard.models import SavedSearch, User
from dashboard.services import audit
from dashboard.services.fingerprints import ChangedMeanwhile
from dashboard.services.search.language import parse


class NameTaken(Exception):
    """Another search is saved under this name for the same person or team."""

    message = gettext_noop("Another saved search is called so. Choose another name, or remove that one first.")
    params: dict[str, object] = {}


def saved_searches(person: User, may: access.May = access.SEE) -> QuerySet[SavedSearch]:
    """The saved searches that this person may see, or change: their own and those of their teams."""
    return SavedSearch.objects.filter(access.of_theirs(person, may)).select_related("team")


def saved_search(person: User, pk: int, may: access.May = access.SEE) -> SavedSearch:
    """One of them. Raises Http404 for a stranger, and PermissionDenied for who may only use it."""
    found = saved_searches(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such saved search."))
    if may > access.SEE and not saved_searches(person, may).filter(pk=pk).exists():
        raise PermissionDenied(_("Only editors of the team may change its saved searches."))
    return found


def save_search(person: User, name: str, query: str, *, team: int | None = None) -> SavedSearch:
    """Keep a search. Raises QueryError for one that cannot be understood, NameTaken, Http404 and PermissionDenied."""
    narrowing.insist_in_person(person)
    parse(query)
    with transaction.atomic():
        of_team = access.locked_team(person, team, access.EDIT) if team is not None else None
        search = SavedSearch(user=None if of_team else person, team=of_team, name=name, query=query)
        _store(search)
        if of_team is not None:
            audit.note("search.saved", by=person, team=of_team, words=name)
    return search


def rename_search(person: User, pk: int, name: str, *, seen: str = "") -> SavedSearch:
    """Call it otherwise; `seen` is the name that the person saw.

    Raises ChangedMeanwhile, NameTaken, Http404 and PermissionDenied.
    """
    narrowing.insist_in_person(person)
    with transaction.atomic():
        access.lock(SavedSearch, pk)
        search = saved_search(person, pk, access.EDIT)
        if search.name == name:
            return search
        if seen and seen != search.name:
            raise ChangedMeanwhile(search)
        search.name = name
        _store(search)
        if search.team is not None:
            audit.note("search.renamed", by=person, team=search.team, words=name)
    return search


def remove_search(person: User, pk: int) -> SavedSearch:
    """Keep it no longer. Raises Http404 and PermissionDenied."""
    narrowing.insist_in_person(person)
    with transaction.atomic():
        access.lock(SavedSearch, pk)
        search = saved_search(person, pk, access.EDIT)
        SavedSearch.objects.filter(pk=pk).delete()
        if search.team is not None:
            audit.note("search.removed", by=person, team=search.team, words=search.name)
    return search


def _store(search: SavedSearch) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError:
        raise NameTaken from None
