"""Which jobs need a second person, and who that can be: never who wants it."""

from dataclasses import dataclass

from django.db.models import Count

from dashboard import access
from dashboard.models import Job, JobNumber, Result, Role, Share, User
from dashboard.services.bulk.whose import reaches_all

EDITS = [role for role in Role if access.ALLOWS[role] >= access.EDIT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A team wants a second person for a job of so many numbers of a credential that is shared there."""

    share: Share
    count: int


def demands(job: Job) -> list[Demand]:
    """What the teams demand of a job, by the numbers that wait. Tags are sent nowhere, and need nobody."""
    if job.is_about_tags:
        return []
    waiting = JobNumber.objects.filter(job=job, result=Result.WAITING).exclude(credential=None).order_by()
    counts = dict(waiting.values_list("credential").annotate(count=Count("pk")))
    shared = Share.objects.filter(credential__in=counts, team__approval_above__isnull=False)
    found = [
        Demand(share=share, count=counts[share.credential_id])
        for share in shared.select_related("team", "credential").order_by("team__name", "pk")
    ]
    return [each for each in found if each.count > (each.share.team.approval_above or 0)]


def may_approve(person: User, job: Job) -> bool:
    """Whether this is the second person that every demand of a job asks for: somebody else, who may write there.

    A token must reach all that its person approves; those of who wants the job are their own, and approve nothing.
    """
    if person.pk == job.user_id or not person.is_active:
        return False
    wanted = demands(job)
    if not {each.share.credential_id for each in wanted} <= access.allowed(person, access.EDIT):
        return False
    mine = Share.objects.filter(
        pk__in=[each.share.pk for each in wanted],
        role__in=EDITS,
        team__memberships__user=person,
        team__memberships__role__in=EDITS,
    )
    return bool(wanted) and mine.distinct().count() == len(wanted) and reaches_all(person, job)
