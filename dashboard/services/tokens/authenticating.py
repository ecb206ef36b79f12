"""Who acts with a token."""

import re
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from dashboard import access, narrowing, vault
from dashboard.models import Token, User
from dashboard.models.token import MAX_ADDRESS
from dashboard.services.tokens.digests import digest_of, is_secret_of
from dashboard.services.tokens.refusals import Refusal, TokenRefused
from dashboard.services.tokens.writing import NoToken, Written

NOTED_EVERY = timedelta(minutes=1)  # the last use: a program that asks a hundred times a second writes it once
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)  # RFC 6750 s2.1, RFC 9110 s11.1


def authenticate(authorization: str, address: str) -> User:
    """The person for whom a program acts, with `token` set: whatever they may do is narrowed by it.

    `authorization` is the header of this name, empty where there is none; `address` who sent it. Raises TokenRefused.
    """
    written = _sent(authorization)
    token = narrowing.token_called(written.public_id)
    if not is_secret_of(token, written) or token is None:
        raise TokenRefused(Refusal.UNKNOWN)
    if (refusal := _refusal(token)) is not None:
        raise TokenRefused(refusal)
    person: User = token.user
    person.token = token
    if not token.every_credential and not access.credentials(person).exists():
        raise TokenRefused(Refusal.NOTHING_LEFT)
    _note_use(token, written, address)
    return person


def _sent(authorization: str) -> Written:
    if not settings.E164WEB.api:
        raise TokenRefused(Refusal.OFF)
    if not authorization.strip():
        raise TokenRefused(Refusal.MISSING)
    match = _BEARER.fullmatch(authorization)
    try:
        return Written.read(match[1] if match is not None else "")
    except NoToken:
        raise TokenRefused(Refusal.MALFORMED) from None


def _refusal(token: Token) -> Refusal | None:
    """Why somebody who knows the secret of a token may not act with it. `narrowing.alive` asks the same later on."""
    if token.revoked_at is not None:
        return Refusal.REVOKED
    if token.expires_at <= timezone.now():
        return Refusal.EXPIRED
    return None if token.user.is_active else Refusal.PERSON_OFF


def _note_use(token: Token, written: Written, address: str) -> None:
    """Store the last use, unless somebody has just done so, and renew a digest that is under an older key."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - NOTED_EVERY:
        return
    values: dict[str, object] = {"last_used_at": now, "last_address": address[:MAX_ADDRESS]}
    if not vault.is_newest(token.digest):
        values["digest"] = digest_of(token.user_id, written)
    unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
    narrowing.every_token().filter(unnoted, pk=token.pk).update(**values)
