"""Who may see which writes, and what was said to registries: whoever sees the credential, as far as a token goes."""

import uuid
from collections.abc import Iterable

from django.db.models import Manager, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import narrowing
from dashboard.access.deciding import credentials, rights
from dashboard.access.locking import lock
from dashboard.models import Change, Credential, Exchange, User


def changes(person: User, theirs: Iterable[int] | None = None) -> QuerySet[Change]:
    """The history that this person may see: of credentials that they see, and their own of those that are gone.

    Which ones these were is not known any more, so a token for some credentials shows none of them. `theirs` are the
    `rights` of this person, where somebody has asked for them already.
    """
    gone = Q(credential=None, user=person) & Q(narrowing.lives(person, every_credential=True))
    # They are asked for first: a database that knows which and how many chooses the better way.
    visible = Q(credential__in=list(rights(person) if theirs is None else theirs)) | gone
    return narrowing.of_numbers(person, Change.objects.filter(visible)).select_related("credential")


def change(person: User, pk: int) -> Change:
    """One change. Raises Http404."""
    found = changes(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such change."))
    return found


def changes_of(person: User, credential: Credential) -> QuerySet[Change]:
    """The writes with a credential that was reached for somebody who may see it."""
    return narrowing.of_numbers(person, Change.objects.filter(credential=credential))


def changes_of_job(person: User, credential: Credential, job: int | None, number_ids: Iterable[int]) -> list[Change]:
    """The writes of a job to some numbers of a credential that was reached for somebody who may see it, in their
    order. One query.
    """
    if job is None:
        return []  # it is gone, and not: those of no job
    made = changes_of(person, credential).filter(job=job, number_id__in=list(number_ids))
    # With the order of the index of numbers SQLite takes that, and does not go through all changes of the job.
    return sorted(made.order_by("number_id", "settled_at"), key=lambda change: change.pk)


def is_still_open(change: Change) -> bool:
    """Whether nobody has settled a change yet; then nobody else does so until the transaction ends."""
    return lock(Change, change.pk, settled_at=None)


def written_to(credential: Credential, number_ids: Iterable[int]) -> set[int]:
    """Those of some numbers to which there is a write whose outcome is not known yet, whoever made it."""
    still_open = Change.objects.filter(credential=credential, number_id__in=list(number_ids), settled_at=None)
    return set(still_open.order_by().values_list("number_id", flat=True))


def identities(credential: Credential, number_id: int) -> dict[int, int]:
    """Which id a record of a number has now that had another before it was deleted and came back, maybe twice."""
    return identities_of(credential, [number_id])[number_id]


def identities_of(credential: Credential, number_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The same for each of some numbers. One query."""
    found: dict[int, dict[int, int]] = {number: {} for number in number_ids}
    came_back = Change.objects.filter(credential=credential, number_id__in=list(found), was_id__isnull=False)
    # Sorted here: for an order by the key SQLite goes through all changes of the credential.
    for _pk, number, was, became in sorted(
        came_back.order_by().values_list("pk", "number_id", "was_id", "record_id")
    ):
        now = found[number]
        if was is not None and became is not None:
            now.update({first: became for first, last in now.items() if last == was})
            now[was] = became
    return found


def sent_together(change: Change) -> list[Change]:
    """The changes that one form sent together with this one, in their order."""
    if change.batch is None:
        return [change]
    return list(Change.objects.filter(credential=change.credential, batch=change.batch).order_by("pk"))


def changes_by(person: User) -> QuerySet[Change]:
    """The writes that a person made, whatever became of the credentials: to count them for an administrator."""
    return Change.objects.filter(user=person)


def submitted(person: User, submission: uuid.UUID) -> Change | None:
    """The change that this person made with the same form before, if any."""
    return all_submitted(person, [submission]).first()


def is_submitted(person: User, submission: uuid.UUID) -> bool:
    """Whether this person made a change with the same form before, whatever a token shows of it."""
    return Change.objects.filter(user=person, submission=submission).exists()


def all_submitted(person: User, submissions: Iterable[uuid.UUID]) -> QuerySet[Change]:
    """The changes that this person made with the same forms before; with a token, those that it shows."""
    made = Change.objects if person.token is None else changes(person)
    return made.filter(user=person, submission__in=list(submissions))


def exchanges(person: User) -> QuerySet[Exchange]:
    """What this person said to registries, with credentials that they may still see, and what they answered.

    None for a token for some numbers: what was said holds others too.
    """
    mine = Exchange.objects.filter(user=person, credential__in=credentials(person).values("pk"))
    if person.token is not None and person.token.beginnings:
        mine = mine.none()
    return mine.select_related("credential__registry")


def exchanges_to_trim(person: User, credential: Credential) -> QuerySet[Exchange]:
    """All that this person ever said with a credential and that is stored, however they act now."""
    return Exchange.objects.filter(user=person, credential=credential)


def exchanges_to_store() -> Manager[Exchange]:
    """Where exchanges are stored that were made for a person just now."""
    return Exchange.objects


def open_changes() -> QuerySet[Change]:
    """All writes that are not settled and can be, for the background process, which settles them for nobody."""
    return Change.objects.filter(settled_at=None, credential__registry__is_enabled=True)


def changes_to_tell(pks: Iterable[int]) -> QuerySet[Change]:
    """The changes that messages tell of, each to a receiver who `may_know`."""
    return Change.objects.filter(pk__in=list(pks))
