"""The only place that decides who may see or change what. A stranger gets 404, as for what does not exist.

Every function that serves a person takes the person first. Nothing else in the project asks the database for
credentials, changes or exchanges; tests/test_architecture.py holds that.
"""

import uuid
from collections.abc import Iterable
from enum import IntEnum

from django.db.models import Manager, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard.models import Change, Credential, Exchange, Registry, User


class May(IntEnum):
    """What a person may do with a credential; each includes those before it."""

    SEE = 1  # numbers, records, history, predictions, DNS
    EDIT = 2  # write records, settle what is open
    MANAGE = 3  # decide who shares it
    OWN = 4  # replace its password, hand it over, remove it


SEE, EDIT, MANAGE, OWN = May


def credentials(person: User, may: May = SEE) -> QuerySet[Credential]:
    """The credentials with which this person may do so much, with their registries."""
    # A credential has an owner, who may do everything, and nobody else yet.
    del may
    return Credential.objects.filter(user=person).select_related("registry")


def credential(person: User, pk: int, may: May) -> Credential:
    """One credential. Raises Http404."""
    try:
        return credentials(person, may).get(pk=pk)
    except Credential.DoesNotExist:
        raise Http404(_("There is no such credential.")) from None


def people_with_credentials() -> QuerySet[User]:
    """The active people who may use some credential."""
    return User.objects.filter(is_active=True, credentials__isnull=False).distinct()


def every_credential() -> QuerySet[Credential]:
    """All credentials there are, for the maintenance of an installation, which looks at none for a person."""
    return Credential.objects.order_by("-pk")


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


def changes_of(credential: Credential) -> QuerySet[Change]:
    """The writes with a credential that was reached for somebody who may see it."""
    return Change.objects.filter(credential=credential)


def submitted(person: User, submission: uuid.UUID) -> Change | None:
    """The change that this person made with the same form before, if any."""
    return all_submitted(person, [submission]).first()


def all_submitted(person: User, submissions: Iterable[uuid.UUID]) -> QuerySet[Change]:
    """The changes that this person made with the same forms before."""
    return Change.objects.filter(user=person, submission__in=list(submissions))


def exchanges(person: User) -> QuerySet[Exchange]:
    """What this person said to registries, and what they answered."""
    return Exchange.objects.filter(user=person).select_related("credential__registry")


def exchanges_to_store() -> Manager[Exchange]:
    """Where exchanges are stored that were made for a person just now."""
    return Exchange.objects
