"""Through which teams a person sees credentials."""

from collections import defaultdict
from collections.abc import Iterable

from dashboard import access
from dashboard.models import Credential, User


def with_teams(person: User, credentials: Iterable[Credential]) -> list[Credential]:
    """The same credentials, each with the names of the teams through which this person sees it; of the person's own,
    of those that it is shared with.
    """
    found = list(credentials)
    names: defaultdict[int, list[str]] = defaultdict(list)
    shares = access.shares(person).filter(credential__in=found).order_by("team__name")
    for pk, name in shares.values_list("credential_id", "team__name"):
        names[pk].append(name)
    for credential in found:
        credential.teams = names[credential.pk]
    return found
