"""Templates: named sets of records with placeholders, of a person or a team."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import RecordTemplate, User
from dashboard.narrowing import insist_in_person
from dashboard.services import audit
from dashboard.services.bulk.actions import ADD, read_action
from dashboard.services.bulk.deciding import NotNow
from dashboard.services.fingerprints import ChangedMeanwhile, mark

_TAKEN = gettext_noop("There is a template with this name already.")


def templates(person: User, may: access.May = access.SEE) -> QuerySet[RecordTemplate]:
    """The templates that this person may use, or change with EDIT: their own and those of their teams."""
    return RecordTemplate.objects.filter(access.of_theirs(person, may)).select_related("team")


def template(person: User, pk: int, may: access.May = access.SEE) -> RecordTemplate:
    """One template. Raises Http404, and PermissionDenied for a member who may not change it."""
    found = templates(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such template."))
    if found.team_id is not None and may > access.SEE:
        access.team(person, found.team_id, may)
    return found


def mark_of(template: RecordTemplate) -> str:
    """What notices that somebody changed a template."""
    return mark(template.name, template.records)


def save(
    person: User,
    name: str,
    records: Sequence[Mapping[str, Any]],
    *,
    team: int | None = None,
    pk: int | None = None,
    seen: str = "",
) -> RecordTemplate:
    """Make a template, or change one (`pk`, which stays whose it is); `seen` is the mark of what the person saw.

    Raises actions.Unfit for records that none can have, NotNow for a name that is taken, ChangedMeanwhile, Http404
    and PermissionDenied.
    """
    insist_in_person(person)
    read_action("template", {"records": records, "mode": ADD})
    with transaction.atomic():
        made = _locked(person, pk) if pk is not None else _new(person, team)
        before = mark_of(made)
        made.name = name
        made.records = [
            {"preference": int(one["preference"]), "service": one["service"], "hostdata": one["hostdata"]}
            for one in records
        ]
        if pk is not None and mark_of(made) == before:
            return made
        if pk is not None and seen and seen != before:
            raise ChangedMeanwhile(template(person, pk))
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            raise NotNow(_TAKEN) from None
        audit.note("template.saved", by=person, team=made.team, words=name)
    return made


def delete(person: User, pk: int) -> None:
    """Delete a template; what was put on numbers with it stays. Raises Http404 and PermissionDenied."""
    insist_in_person(person)
    with transaction.atomic():
        found = _locked(person, pk)
        found.delete()
        audit.note("template.deleted", by=person, team=found.team, words=found.name)


def _new(person: User, team: int | None) -> RecordTemplate:
    if team is not None:
        return RecordTemplate(team=access.team(person, team, access.EDIT))
    return RecordTemplate(user=person)


def _locked(person: User, pk: int) -> RecordTemplate:
    """A template that this person may change, which nobody else does until the transaction ends."""
    access.lock(RecordTemplate, pk)
    return template(person, pk, access.EDIT)
