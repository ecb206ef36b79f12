"""Tokens are made by the people whose they are, and revoked by them and by administrators."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import access, narrowing
from dashboard.models import Credential, Scope, Token, User
from dashboard.services import audit
from dashboard.services.tokens.digests import digest_of
from dashboard.services.tokens.writing import Written

MOST = 100  # tokens that a person can use at the same time
TYPED = {"name", "scope", "digits"}  # fields in which people write
GRACE = timedelta(minutes=1)  # a form for the longest life is sent a moment after it was drawn


class BadTerms(Exception):
    """No token can have these terms: what is wrong, in the reader's language, and with which `field`."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def longest_life() -> timedelta:
    """How long a token may live, which an administrator sets."""
    return timedelta(days=settings.E164WEB.token_days)


def make(
    person: User,
    *,
    name: str,
    scope: Scope,
    expires_at: datetime,
    credentials: Collection[Credential] | None = None,
    beginnings: Sequence[str] = (),
) -> tuple[Token, str]:
    """A new token and what its holder keeps of it, which is shown once and stored nowhere.

    It is for `credentials` that the person sees, or for all of them and those that come (None), and for numbers that
    begin with one of the digits in `beginnings`, or for all of them. Raises BadTerms, and PermissionDenied for who
    acts with a token.
    """
    narrowing.insist_in_person(person)
    written = Written.anew()
    token = Token(
        user=person,
        name=name.strip(),
        public_id=written.public_id,
        digest=digest_of(person.pk, written),
        scope=scope,
        every_credential=credentials is None,
        digits=" ".join(dict.fromkeys(beginnings)),
        expires_at=expires_at,
    )
    _insist_on_terms(token)
    with transaction.atomic():
        chosen = {each.pk for each in credentials or ()}
        if credentials is not None:
            seen = set(access.credentials(person).filter(pk__in=chosen).values_list("pk", flat=True))
            if not chosen or chosen != seen:
                raise BadTerms("credentials", _("Choose credentials that you may use."))
        if narrowing.own_tokens(person).filter(pk__in=narrowing.alive().values("pk")).count() >= MOST:
            raise BadTerms("name", _("You have %(limit)d tokens: revoke some first.") % {"limit": MOST})
        token.save(force_insert=True)
        token.some_credentials.set(chosen)
        audit.note("token.made", by=person, words=_words(token))
    return token, written.text


def revoke(person: User, pk: int) -> Token:
    """End a token at once. One that was revoked before stays as it is. Raises Http404 for who does not see it."""
    with transaction.atomic():
        found = narrowing.tokens(person).select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None:
            raise Http404(_("There is no such token."))
        if found.revoked_at is None:
            found.revoked_at, found.revoked_by = timezone.now(), person
            found.save(update_fields=["revoked_at", "revoked_by"])
            about = found.user if found.user_id != person.pk else None
            audit.note("token.revoked", by=person, about=about, words=_words(found))
    return found


def _insist_on_terms(token: Token) -> None:
    left = token.expires_at - timezone.now()
    if left <= timedelta(0):
        raise BadTerms("expires", _("A token must expire in the future."))
    if left > longest_life() + GRACE:
        days = settings.E164WEB.token_days
        sentence = ngettext("A token may live %(days)d day at most.", "A token may live %(days)d days at most.", days)
        raise BadTerms("expires", sentence % {"days": days})
    try:
        token.clean_fields(exclude={each.name for each in token._meta.fields} - TYPED)
    except ValidationError as error:
        field, problems = next(iter(error.error_dict.items()))
        raise BadTerms(field, problems[0].messages[0]) from None


def _words(token: Token) -> str:
    """What the audit trail says of a token: which one it is, and how far it goes."""
    return f"{token.name} ({token.public_id}), {token.scope}"
