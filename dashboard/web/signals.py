"""What allauth tells of people's accounts becomes a line of the audit trail."""

from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set, user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.dispatch import receiver

from dashboard.models import User
from dashboard.services.audit import note

_PEOPLE = {
    password_changed: "password.changed",
    password_set: "password.set",
    password_reset: "password.reset",
    user_signed_up: "person.signed-up",
}
_FACTORS = {
    authenticator_added: "factor.added",
    authenticator_removed: "factor.removed",
    authenticator_reset: "factor.reset",
    authentication_failed: "factor.failed",
}


@receiver(list(_PEOPLE))
def _person(signal: Any, user: User, **_more: Any) -> None:
    note(_PEOPLE[signal], by=user)


@receiver(list(_FACTORS))
def _factor(signal: Any, user: User, authenticator: Authenticator, **_more: Any) -> None:
    note(_FACTORS[signal], by=user, words=str(authenticator))


@receiver(email_changed)
def _email(user: User, to_email_address: Any, **_more: Any) -> None:
    note("email.changed", by=user, words=to_email_address.email)
