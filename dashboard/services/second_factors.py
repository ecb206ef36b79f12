"""Second factors: who has one, who needs one, and taking them away from somebody who lost theirs."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from dashboard import access
from dashboard.models import User
from dashboard.services.audit import note

# What their secrets are sealed for. allauth seals before there is a row, so that none can be named.
SEALED_FOR = "second factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


def has_one(person: User) -> bool:
    """Whether this person signs in with a second factor."""
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())


def is_asked_for(person: User) -> bool:
    """Whether E164WEB_REQUIRE_SECOND_FACTOR wants one of this person."""
    asked: str = settings.E164WEB.require_second_factor
    return asked == "all" or (asked == "managers" and access.looks_after_people(person))


def remove_all(person: User, *, by: User | None, words: str = "") -> int:
    """Take all second factors and recovery codes of a person away, and return how many there were.

    The password alone is then enough, until the person sets up new ones. `by` is None in the shell; `words` say more.
    """
    with transaction.atomic():
        factors = list(Authenticator.objects.select_for_update().filter(user=person))
        Authenticator.objects.filter(pk__in=[factor.pk for factor in factors]).delete()
        if factors:
            note("factors.reset", by=by, about=person, words=words)
    return len(factors)
