"""What is known about a write once its command went out: by the reply, or by reading back.

The writer (`dashboard.services.records`) commits a change with outcome "sent" before its command goes out, once. So
there is no instant at which a crash loses the fact that a command was sent; what is left open is settled here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.client import Client, NotSent, Refused, RegistryError
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import Command
from dashboard.platform import locks
from dashboard.protocol import Record
from dashboard.services.credentials.connection import connect, waiting
from dashboard.services.history.seeing import expect
from dashboard.services.sentences import say
from dashboard.services.telling import note_change

LOOK_EVERY = 0.02  # seconds between two looks whether another write to the number has ended
BUSY = gettext_noop(
    "Somebody else is writing to this number, and it is taking a long time. Nothing was sent; try again."
)


def number_lock(credential: Credential, number_id: int) -> str:
    """The name of the lock under which a number is written, and what was written to it is settled."""
    return f"number {credential.registry_id} {number_id}"


@contextmanager
def writing_alone(credential: Credential, number_id: int) -> Iterator[None]:
    """Hold the lock of a number. Raises client.NotSent where somebody else holds it for a long time."""
    give_up = locks.after(settings.E164WEB.deadline / 2)
    with locks.held(number_lock(credential, number_id), give_up, look_every=LOOK_EVERY) as has_it:
        if not has_it:
            raise NotSent(BUSY, code="busy")
        yield


def settle(person: User, change: Change) -> Change:
    """Settle a change that was left open, by asking the registry how things are now.

    Raises client.RegistryError when the registry cannot be asked, or somebody writes to the number for a long time;
    the change then stays open.
    """
    if change.credential is None:
        return change
    credential = access.credential(person, change.credential.pk, access.EDIT)
    # Whoever writes holds it until they know what came of it: a command on its way looks like one that failed.
    with waiting(person, credential.registry), writing_alone(credential, change.number_id):
        change.refresh_from_db()
        return settle_alone(person, change)


def settle_alone(person: User, change: Change) -> Change:
    """The same for who holds the lock of the number (`number_lock`)."""
    if change.credential is None:
        return change
    credential = access.credential(person, change.credential.pk, access.EDIT)
    narrowing.insist_number(person, change.number)
    if not change.is_open:
        return change
    outcome, words = _judge(change, connect(person, credential))
    return settled(change, outcome, " ".join(filter(None, [change.words, words])))


def settled(change: Change, outcome: Outcome, words: str) -> Change:
    """Store what became of a change, and what those who watch are told of it, unless it was settled meanwhile."""
    with transaction.atomic():
        if not access.is_still_open(change):
            change.refresh_from_db()
            return change
        change.outcome, change.words, change.settled_at = outcome, words.strip(), timezone.now()
        change.save(update_fields=["outcome", "words", "settled_at", "record_id", "after"])
        if outcome == Outcome.APPLIED:
            expect(change)
            note_change(change)
    return change


def applied(change: Change, registry: Client, new_id: int | None) -> Change:
    """Settle as applied. For `new` also find the record's id, which the protocol does not promise to return."""
    words = ""
    if change.command == Command.NEW:
        if new_id is None:
            try:
                new_id = _added(change, registry.show(change.number_id))
            except RegistryError:
                words = _("The registry did not say which id the record got.")
        _name_added(change, new_id)
    return settled(change, Outcome.APPLIED, words)


def read_back(change: Change, registry: Client, why: str) -> Change:
    """Settle a change whose reply was lost (`why`), or leave it open where reading fails too."""
    try:
        outcome, words = _judge(change, registry)
    except RegistryError as failure:
        # Left open on purpose: the page and the history show it until somebody settles it.
        change.leave_open(f"{why} {say(failure)}")
        return change
    return settled(change, outcome, f"{why} {words}")


def _judge(change: Change, registry: Client) -> tuple[Outcome, str]:
    """Whether the registry holds what the change wanted. Raises client.RegistryError when it cannot be asked."""
    if change.command == Command.UPDATE and change.record_id is not None:
        return _judge_update(change, _record_now(registry, change.number_id, change.record_id))
    now = registry.show(change.number_id)
    if change.command == Command.NEW:
        new_id = _added(change, now)
        _name_added(change, new_id)
        return _verdict(done=new_id is not None, undone=new_id is None)
    ids = {record.id for record in now}
    gone = [record.id not in ids for record in change.gone]
    return _verdict(done=all(gone), undone=not any(gone))


def _judge_update(change: Change, found: Record | None) -> tuple[Outcome, str]:
    if found is None:
        return _verdict(done=False, undone=False)
    done = any(found.content == record.content for record in change.after if record.id == found.id)
    undone = any(found.content == record.content for record in change.before if record.id == found.id)
    return _verdict(done=done, undone=undone)


def _record_now(registry: Client, number_id: int, record_id: int) -> Record | None:
    """A record as the registry has it, None where it is gone. Raises client.RegistryError.

    "BAD" to `getnaptr` may mean anything: only a `show` without the record says that it is gone.
    """
    try:
        return registry.getnaptr(record_id)
    except Refused:
        if any(record.id == record_id for record in registry.show(number_id)):
            raise
        return None


def _verdict(*, done: bool, undone: bool) -> tuple[Outcome, str]:
    if done:
        return Outcome.APPLIED, _("Reading back shows that it was applied.")
    if undone:
        return Outcome.NOT_APPLIED, _("Reading back shows that it was not applied.")
    return Outcome.UNKNOWN, _("The registry now holds something else, so it is not known whether this was applied.")


def _added(change: Change, now: Sequence[Record]) -> int | None:
    """The id of the record that `new` made: there is one like it now that was not there before."""
    before = {record.id for record in change.before}
    found = (record.id for record in now if record.id not in before and record.content == change.come[0].content)
    return next(found, None)


def _name_added(change: Change, new_id: int | None) -> None:
    """Write the id of the record that `new` made into the change."""
    change.record_id = new_id
    change.after = [replace(record, id=new_id) if record.id is None else record for record in change.after]
