"""Watches: added, changed, removed, for oneself or, by its managers, for a team."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, Email, Kind, NumberNote, Team, User, Watch, WatchedNumber
from dashboard.services import audit
from dashboard.services.fingerprints import ChangedMeanwhile, mark
from dashboard.services.telling import whose


class AlreadyWatched(Exception):
    """The person, or the team, watches this already: `watch` is it."""

    message = gettext_noop("This is watched already.")
    params: dict[str, object] = {}

    def __init__(self, watch: Watch) -> None:
        super().__init__(self.message)
        self.watch = watch


def sends_mail() -> bool:
    """Whether a mail server is set (E164WEB_EMAIL_URL)."""
    return bool(settings.E164WEB.mail_server)


def add_watch(
    person: User,
    credential: int,
    *,
    team: int | None,
    number_id: int | None,
    number: str,
    tag: str = "",
    kinds: Iterable[Kind],
    email: Email,
    to_webhooks: bool,
) -> Watch:
    """Watch a number, for oneself or for a `team` that one manages.

    With no `number_id`, all numbers of the credential are watched, or those that have a `tag`.

    Raises Http404 and PermissionDenied, and AlreadyWatched.
    """
    with transaction.atomic():
        for_ = access.locked_team(person, team, access.MANAGE) if team is not None else person
        found = access.locked_credential(person, credential, access.SEE)
        if not access.may_know(for_, found.pk):
            raise PermissionDenied(_("“%(name)s” is not shared with this team.") % {"name": found.label})
        owner = _owner(for_)
        earlier = Watch.objects.filter(Q(**owner), credential=found, number_id=number_id, tag=tag).first()
        if earlier is not None:
            raise AlreadyWatched(earlier)
        watch = Watch(
            **owner,
            credential=found,
            number_id=number_id,
            number=number,
            tag=tag,
            kinds=" ".join(kinds),
            email=email,
            to_webhooks=to_webhooks,
        )
        watch.save(force_insert=True)
        if number_id is not None:
            WatchedNumber.objects.get_or_create(credential=found, number_id=number_id)
        _note("watch.added", person, watch)
    return watch


def mark_of(watch: Watch) -> str:
    """What notices that somebody changed a watch."""
    return mark(watch.kinds, watch.email, watch.to_webhooks)


def change_watch(
    person: User, pk: int, *, kinds: Iterable[Kind], email: Email, to_webhooks: bool, seen: str = ""
) -> Watch:
    """Be told of other things, or in another way; `seen` is the mark of what the person saw.

    Raises ChangedMeanwhile, Http404 and PermissionDenied.
    """
    with transaction.atomic():
        watch = _locked(person, pk)
        wanted = (" ".join(kinds), email.value, to_webhooks)
        if mark(*wanted) == mark_of(watch):
            return watch
        if seen and seen != mark_of(watch):
            raise ChangedMeanwhile(watch)
        watch.kinds, watch.email, watch.to_webhooks = wanted
        watch.save(update_fields=["kinds", "email", "to_webhooks"])
        _note("watch.changed", person, watch)
    return watch


def remove_watch(person: User, pk: int) -> Watch:
    """Watch something no longer. Raises Http404 and PermissionDenied."""
    with transaction.atomic():
        watch = _locked(person, pk)
        Watch.objects.filter(pk=watch.pk).delete()
        _note("watch.removed", person, watch)
    return watch


def tags_in(credential: Credential) -> list[str]:
    """The tags that numbers of a credential have, in the order of the alphabet."""
    lines = NumberNote.objects.filter(credential=credential).exclude(tags="").values_list("tags", flat=True)
    return sorted({tag for line in lines for tag in line.split()})


def tagged(credential: int, tag: str) -> list[int]:
    """The ids of the numbers of a credential that have a tag."""
    like_it = NumberNote.objects.filter(credential=credential, tags__contains=tag)
    return [number for number, tags in like_it.values_list("number_id", "tags") if tag in tags.split()]


def watching(credential: int, number_id: int) -> list[Watch]:
    """The watches that a number is in: its own, those of its tags, and those of its whole credential."""
    found = list(Watch.objects.filter(Q(number_id=None) | Q(number_id=number_id), credential=credential))
    if not any(watch.tag for watch in found):
        return found
    noted = NumberNote.objects.filter(credential=credential, number_id=number_id).values_list("tags", flat=True)
    tags = {"", *(tag for line in noted for tag in line.split())}
    return [watch for watch in found if watch.tag in tags]


def _locked(person: User, pk: int) -> Watch:
    access.lock(Watch, pk)
    return whose.watch(person, pk, access.MANAGE)


def _note(event: str, person: User, watch: Watch) -> None:
    """Note what was done for a team; what people watch for themselves is nobody else's business."""
    if watch.team is not None:
        audit.note(event, by=person, team=watch.team, credential=watch.credential, words=watch.words)


def _owner(whose: User | Team) -> dict[str, User | Team | None]:
    return {"user": whose, "team": None} if isinstance(whose, User) else {"user": None, "team": whose}
