"""A link that lets somebody in once, for when the usual way is closed. It is made in the shell only.

The link is a signature of the person and of their last sign-in: it ends with the next one, so it works once without
being stored anywhere.
"""

from django.core import signing
from django.db import transaction
from django.utils import timezone

from dashboard.models import User
from dashboard.services import audit

SECONDS = 10 * 60  # that a link works
_SALT = "e164web.sign-in-link"


class LinkRefused(Exception):
    """The link was used, has expired, or was never made here."""


def make(person: User) -> str:
    """The token of a link for a person."""
    audit.note("sign-in.link.made", by=None, about=person)
    return signing.dumps({"person": person.pk, "since": _since(person)}, salt=_SALT)


def look(token: str) -> User:
    """Whom a token lets in. Raises LinkRefused."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:  # an expired one too
        raise LinkRefused from None
    person = User.objects.filter(pk=said["person"], is_active=True).first()
    if person is None or _since(person) != said["since"]:
        raise LinkRefused
    return person


def use(token: str) -> User:
    """Whom a token lets in, which it does not do again. Raises LinkRefused."""
    person = look(token)
    # Of two who press the button at one instant, one finds the time that the other has replaced.
    before = User.objects.filter(pk=person.pk, last_login=person.last_login)
    person.last_login = timezone.now()
    with transaction.atomic():
        if not before.update(last_login=person.last_login):
            raise LinkRefused
        audit.note("sign-in.link.used", by=person)
    return person


def _since(person: User) -> str:
    return person.last_login.isoformat() if person.last_login else ""
