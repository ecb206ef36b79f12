"""Who may see which numbers of the mirror: whoever sees their credential, as far as a token goes.

Who changes something reads it live first, whatever the mirror has.
"""

from collections.abc import Iterable

from django.db.models import Manager, QuerySet

from dashboard import narrowing
from dashboard.access.deciding import SEE, May, allowed
from dashboard.models import Credential, Mirror, MirroredNumber, User


def mirrored(person: User, may: May = SEE) -> QuerySet[MirroredNumber]:
    """The mirrored numbers with whose credentials this person may do at least so much, and which they reach."""
    return mirrored_with(person, may)[1]


def mirrored_with(person: User, may: May = SEE) -> tuple[list[int], QuerySet[MirroredNumber]]:
    """The ids of these credentials, and the same."""
    # They are asked for first: a database that knows which and how many chooses the better way.
    credentials = sorted(allowed(person, may))
    return credentials, narrowing.of_mirror(person, MirroredNumber.objects.filter(credential__in=credentials))


def mirrored_of(person: User, credential: Credential) -> QuerySet[MirroredNumber]:
    """Those of a credential that was reached for somebody who may see it."""
    return narrowing.of_mirror(person, MirroredNumber.objects.filter(credential=credential))


def mirrors(credentials: Iterable[Credential]) -> QuerySet[Mirror]:
    """How far the mirrors of some credentials are that were reached for somebody who may see them."""
    return Mirror.objects.filter(credential__in=[credential.pk for credential in credentials])


def every_mirrored_number() -> Manager[MirroredNumber]:
    """All mirrored numbers there are, for who stores what a registry said, and looks in the background for nobody."""
    return MirroredNumber.objects


def every_mirror() -> Manager[Mirror]:
    """All mirrors there are, for who refreshes them, which is done for whoever sees the credential."""
    return Mirror.objects
