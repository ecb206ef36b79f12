"""Whose jobs there are, who may do what with them, and in whose name they go on."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import Job, JobNumber, User
from dashboard.narrowing import lives, reaches_number

_GONE = gettext_noop("Whoever started this is not here any more, or may not sign in.")
_NO_TOKEN = gettext_noop("The token with which this was started cannot be used any more.")
_ONLY_SEES = gettext_noop("You, or this token, may look at these numbers and change nothing.")
_NOT_THEIRS = gettext_noop("Only %(name)s may do this: it is their job.")


class NobodyActs(Exception):
    """The person of a job, or the token that made it, is gone."""


def jobs(person: User) -> QuerySet[Job]:
    """The jobs that this person may see: their own, and those with credentials that they see."""
    through = Job.objects.filter(uses__in=access.allowed(person, access.SEE)).values("pk")
    return Job.objects.filter(Q(user=person) | Q(pk__in=through)).filter(lives(person)).select_related("undoes")


def job(person: User, pk: int) -> Job:
    """One job. Raises Http404."""
    found = jobs(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such job."))
    return found


def own_job(person: User, pk: int) -> Job:
    """The same for who decides about it. Raises Http404, and PermissionDenied for others, and for a token that only
    reads.
    """
    found = job(person, pk)
    insist_own(person, found)
    return found


def insist_own(person: User, found: Job) -> None:
    """Raise PermissionDenied where a job is somebody else's, or a token only reads."""
    if found.user_id != person.pk:
        raise PermissionDenied(_(_NOT_THEIRS) % {"name": found.person})
    if access.ceiling(person) < access.EDIT:
        raise PermissionDenied(_("This token may only read."))


def insist_edits(person: User, found: Job | None = None) -> None:
    """Raise PermissionDenied for who may change records with no credential, or with none of a job."""
    editable = access.allowed(person, access.EDIT)
    if found is not None:
        editable &= set(found.uses.values_list("pk", flat=True))
    if not editable:
        raise PermissionDenied(_(_ONLY_SEES))


def numbers_of(person: User, found: Job) -> QuerySet[JobNumber]:
    """The numbers of a job that this person may see, in their order; with a token those that it reaches."""
    visible = Q(credential__in=access.allowed(person, access.SEE))
    if found.user_id == person.pk and person.token is None:
        visible |= Q(credential=None)
    theirs = Q()
    for beginning in person.token.beginnings if person.token is not None else ():
        theirs |= Q(digits__startswith=beginning)
    return JobNumber.objects.filter(visible, theirs, job=found).order_by("place")


def reaches_all(person: User, found: Job) -> bool:
    """Whether somebody sees every number of a job: what a token does not reach, it must not start."""
    if person.token is None:
        return True
    seen = access.allowed(person, access.SEE)
    everything = JobNumber.objects.filter(job=found).values_list("credential_id", "digits").iterator()
    return all(credential in seen and reaches_number(person, digits) for credential, digits in everything)


def acting(found: Job) -> User:
    """The person in whose name a job goes on, with its token. Raises NobodyActs."""
    person = User.objects.filter(pk=found.user_id or 0, is_active=True).first()
    if person is None:
        raise NobodyActs(_GONE)
    if found.token_name:
        token = found.token
        if token is None:
            raise NobodyActs(_NO_TOKEN)
        person.token = token
        if access.ceiling(person) < access.EDIT or not User.objects.filter(lives(person), pk=person.pk).exists():
            raise NobodyActs(_NO_TOKEN)
    return person
