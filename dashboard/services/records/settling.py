"""What became of a write, asked for by a person: never while that write may still be under way."""

from dashboard import access
from dashboard.models import Change, User
from dashboard.services import history
from dashboard.services.records.writer import nobody_else


def settle(person: User, change: Change) -> Change:
    """Settle a change that was left open, by asking the registry, once nobody writes to its number any more.

    A change that is only sent is open too: who asked then would be told that nothing was done, a moment before it is.
    Raises what `access.credential` raises, and client.RegistryError when the registry cannot be asked, or somebody
    writes to the number for long; the change then stays open.
    """
    if change.credential is None or not change.is_open:
        return history.settle(person, change)
    access.credential(person, change.credential.pk, access.EDIT)
    with nobody_else(person, change.credential, change.number_id):
        # Whoever wrote, or settled it, may have done so meanwhile.
        return history.settle(person, access.change(person, change.pk))
