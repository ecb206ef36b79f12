"""What happened is put into the outbox, in the transaction that stores it: both are there or none.

Where nobody watches, that costs one small question. Whether a receiver may still know of it is asked when it is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from dashboard import access
from dashboard.models import (
    Change,
    Credential,
    Email,
    Event,
    Kind,
    Membership,
    OutboxMessage,
    Outcome,
    Registry,
    User,
    Watch,
    WatchedNumber,
    Webhook,
)
from dashboard.models.change import Command
from dashboard.platform import time_zones
from dashboard.services.telling.watching import sends_mail, watching

DIGEST_AT = time(7)  # in the receiver's time zone
BATCH = timedelta(minutes=1)  # for commands that one form sent together
FOLLOWS_AFTER = timedelta(seconds=10)  # until a look whether the DNS has followed a change


@dataclass(frozen=True, kw_only=True)
class _Happening:
    """One thing to tell of. `key` is the same whoever notices it; `by` is whom it is no news to.

    It `rests` for a while where what comes next may undo it.
    """

    key: str
    event: Kind
    credential: int
    number_id: int | None = None
    number: str = ""
    change: int | None = None
    rests: timedelta = timedelta(0)
    facts: Mapping[str, object] = field(default_factory=dict)
    by: int | None = None


def note_change(change: Change) -> None:
    """Note a change that took effect, or that was seen. Call it in the transaction that stores that."""
    if change.outcome != Outcome.APPLIED or change.credential_id is None:
        return
    found = watching(change.credential_id, change.number_id)
    if not found:
        return
    kinds = (Kind.SEEN if change.command == Command.SEEN else Kind.CHANGED, Kind.WORSE)
    for kind in kinds:
        happening = _Happening(
            key=f"{kind} {change.pk}",
            event=kind,
            credential=change.credential_id,
            number_id=change.number_id,
            number=change.number,
            change=change.pk,
            # Of several commands that belong together, only what all of them do counts.
            rests=BATCH if kind == Kind.WORSE and change.batch else timedelta(0),
            by=change.user_id,
        )
        _tell(happening, found)
    if any(Kind.DNS in watch.asked_for for watch in found):
        watched = WatchedNumber.objects.filter(credential=change.credential_id, number_id=change.number_id)
        watched.update(due_at=timezone.now() + FOLLOWS_AFTER)


def note_dns(watched: WatchedNumber, number: str, state: str, since: datetime, *, follows: bool) -> None:
    """Note that the DNS has said something else than the registry since then, or `follows` again."""
    happening = _Happening(
        key=f"dns {watched.pk} {since.isoformat()}{' follows' if follows else ''}",
        event=Kind.DNS,
        credential=watched.credential_id,
        number_id=watched.number_id,
        number=number,
        facts={"state": state, "since": since.isoformat(), "follows": follows},
    )
    _tell(happening, watching(watched.credential_id, watched.number_id))


def note_registry(registry: Registry, since: datetime, problem: str, *, answers: bool) -> None:
    """Note that a registry has not answered since then (`problem` says how), or `answers` again.

    Each receiver is told once, whichever of its credentials they watch: so it must be one that they still see.
    """
    found = Watch.objects.filter(credential__registry=registry, kinds__contains=Kind.REGISTRY)
    by_credential: defaultdict[int, list[Watch]] = defaultdict(list)
    for watch in found.select_related("user", "team"):
        whose = watch.user or watch.team
        if whose is not None and access.may_know(whose, watch.credential_id):
            by_credential[watch.credential_id].append(watch)
    for credential, watches in by_credential.items():
        happening = _Happening(
            key=f"registry {registry.pk} {since.isoformat()}{' answers' if answers else ''}",
            event=Kind.REGISTRY,
            credential=credential,
            facts={
                "registry": registry.name,
                "since": since.isoformat(),
                "problem": problem,
                "answers": answers,
            },
        )
        _tell(happening, watches)


def note_switched_off(webhook: Webhook) -> None:
    """Note, for its owner or the managers of its team, that messages are no longer sent to a webhook."""
    people = [webhook.user_id] if webhook.user_id else _managers(webhook)
    now = timezone.now()
    if sends_mail():
        OutboxMessage.objects.bulk_create(
            [
                OutboxMessage(
                    key=f"off {webhook.pk} {now.isoformat()} person {pk}",
                    event=Event.OFF,
                    facts={"address": webhook.address, "why": webhook.why_off},
                    user_id=pk,
                )
                for pk in people
            ]
        )


def _managers(webhook: Webhook) -> list[int]:
    return list(Membership.objects.filter(team=webhook.team_id, role="manager").values_list("user_id", flat=True))


def _tell(happening: _Happening, found: Iterable[Watch]) -> None:
    asked = [watch for watch in found if happening.event in watch.asked_for]
    if not asked:
        return
    messages = [*_letters(happening, asked), *_to_webhooks(happening, asked)]
    # Who noticed it at the same moment has noted it, or does so now.
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)


def _letters(happening: _Happening, asked: list[Watch]) -> list[OutboxMessage]:
    if not sends_mail():
        return []
    teams = {watch.team_id for watch in asked if watch.team_id}
    members: defaultdict[int | None, list[int]] = defaultdict(list)
    for team, user in Membership.objects.filter(team__in=teams).values_list("team", "user") if teams else ():
        members[team].append(user)
    when: dict[int, Email] = {}
    for watch in asked:
        for pk in [watch.user_id] if watch.user_id else members[watch.team_id]:
            if watch.email != Email.NONE and pk != happening.by and when.get(pk) != Email.NOW:
                when[pk] = Email(watch.email)
    people = User.objects.filter(is_active=True, email_notices=True).in_bulk(list(when))
    wanted = [(people[pk], when[pk]) for pk in when if pk in people]
    return [
        _message(happening, f"person {one.pk}", user=one, due_at=_due(one, email, happening)) for one, email in wanted
    ]


def _to_webhooks(happening: _Happening, asked: list[Watch]) -> list[OutboxMessage]:
    owners = [watch for watch in asked if watch.to_webhooks]
    # A team's program is told of everything; a person's of what others did, as they are.
    users = {watch.user_id for watch in owners if watch.user_id and watch.user_id != happening.by}
    teams = {watch.team_id for watch in owners if watch.team_id}
    if not users and not teams:
        return []
    found = Webhook.objects.filter(Q(user__in=users) | Q(team__in=teams), is_on=True)
    due = timezone.now() + happening.rests
    return [
        _message(happening, f"webhook {pk}", webhook_id=pk, due_at=due) for pk in found.values_list("pk", flat=True)
    ]


def _message(happening: _Happening, receiver: str, **more: object) -> OutboxMessage:
    return OutboxMessage(
        key=f"{happening.key} {receiver}",
        event=happening.event.value,
        credential_id=happening.credential,
        number_id=happening.number_id,
        number=happening.number,
        change=happening.change,
        facts=dict(happening.facts),
        **more,
    )


def _due(person: User, when: Email, happening: _Happening) -> datetime:
    """When a letter goes out: now, or with all others in the next morning of the receiver."""
    now = timezone.now() + happening.rests
    if when == Email.NOW:
        return now
    zone = time_zones.find(person.time_zone) or timezone.get_default_timezone()
    local = now.astimezone(zone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, zone)


def concerns_dns(credential: Credential, number_id: int) -> bool:
    """Whether somebody wants to be told of this number in the DNS."""
    return any(Kind.DNS in watch.asked_for for watch in watching(credential.pk, number_id))
