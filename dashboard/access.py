"""The only place that decides who may see or change what. A stranger gets 404, as for what does not exist.

Every function takes the person first. When teams come, this module changes and its callers do not.
"""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard.models import Change, Credential, Exchange, Registry, User


def credentials(person: User) -> QuerySet[Credential]:
    """The credentials that this person may use, with their registries."""
    return Credential.objects.filter(user=person).select_related("registry")


def credential(person: User, pk: int) -> Credential:
    """One credential. Raises Http404."""
    try:
        return credentials(person).get(pk=pk)
    except Credential.DoesNotExist:
        raise Http404(_("There is no such credential.")) from None


def registries(person: User) -> QuerySet[Registry]:
    """The registries for which this person may add a credential."""
    return Registry.objects.filter(is_enabled=True)


def changes(person: User) -> QuerySet[Change]:
    """The history that this person may see."""
    return Change.objects.filter(user=person).select_related("credential")


def change(person: User, pk: int) -> Change:
    """One change. Raises Http404."""
    found = changes(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such change."))
    return found


def exchanges(person: User) -> QuerySet[Exchange]:
    """What this person said to registries, and what they answered."""
    return Exchange.objects.filter(user=person).select_related("credential__registry")
