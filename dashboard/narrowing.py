"""Tokens: who sees them, and what one leaves of what its person may do, which `dashboard.access` says.

Each question looks at the token anew, so that one that was revoked a moment ago, or has expired meanwhile, leaves
nothing. For who acts with none (`person.token` is None) everything is as it is.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Manager, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dashboard.models import Change, Credential, MirroredNumber, Token, User
from dashboard.protocol import Number

NO_TOKEN = gettext_noop("No token may do this: sign in to do it yourself.")


def insist_in_person(person: User) -> None:
    """Raises PermissionDenied for who acts with a token: people manage members, secrets and tokens themselves."""
    if person.token is not None:
        raise PermissionDenied(_(NO_TOKEN))


def alive() -> QuerySet[Token]:
    """The tokens that can be used now."""
    return Token.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)


def lives(person: User, **terms: object) -> Q:
    """That the token with which a person acts can be used, and has these terms."""
    if person.token is None:
        return Q()
    return Q(Exists(alive().filter(pk=person.token.pk, user=person, **terms)))


def reached(person: User, found: QuerySet[Credential], *, anew: bool = True) -> QuerySet[Credential]:
    """Those of some credentials that a person reaches.

    Whether the token can be used is asked `anew`, but for who only reads with one that was read a moment ago. It is a
    question of its own: within another it would cost as much as all the rest of an answer. What a token is for never
    changes.
    """
    token = person.token
    if token is None:
        return found
    if anew and not alive().filter(pk=token.pk, user=person).exists():
        return found.none()
    return found if token.every_credential else found.filter(pk__in=token.some_credentials.values("pk"))


def reaches_number(person: User, digits: str) -> bool:
    """Whether a person reaches a number of a credential that they see.

    `digits` are those that a registry says, and never what somebody typed; of a block those before its star.
    """
    beginnings = person.token.beginnings if person.token is not None else ()
    return not beginnings or digits.startswith(beginnings)


def numbers_reached(person: User, numbers: list[Number]) -> list[Number]:
    """Those of an account's numbers that a person reaches: for nearly everybody the same list."""
    if person.token is None or not person.token.beginnings:
        return numbers
    return [number for number in numbers if reaches_number(person, number.digits)]


def insist_number(person: User, digits: str) -> None:
    """Raises Http404 for a number that a person does not reach, as for one that does not exist."""
    if not reaches_number(person, digits):
        raise Http404(_("This account has no such number."))


def of_numbers(person: User, found: QuerySet[Change]) -> QuerySet[Change]:
    """Those of some changes that are about numbers which a person reaches."""
    return found.filter(_begins(person, "number"))


def of_mirror(person: User, found: QuerySet[MirroredNumber]) -> QuerySet[MirroredNumber]:
    """Those of some mirrored numbers that a person reaches; one of which only the id is known is reached by no token
    that is for some numbers.
    """
    return found.filter(_begins(person, "digits"))


def _begins(person: User, field: str) -> Q:
    """That a field with digits begins as a person's token wants it."""
    theirs = Q()
    for beginning in person.token.beginnings if person.token is not None else ():
        theirs |= Q(**{f"{field}__startswith": beginning})
    return theirs


def tokens(person: User) -> QuerySet[Token]:
    """The tokens that this person may see and revoke: their own, and an administrator all. With a token none."""
    if person.token is not None:
        return Token.objects.none()
    mine = Token.objects.all() if person.is_staff else Token.objects.filter(user=person)
    return mine.select_related("user", "revoked_by")


def own_tokens(person: User) -> QuerySet[Token]:
    """The tokens of this person."""
    return tokens(person).filter(user=person)


def credentials_of_tokens(some: Iterable[Token]) -> list[tuple[int, int]]:
    """For which credentials some tokens are, as pairs of ids: which of them the reader sees is asked for besides."""
    pairs = Token.some_credentials.through.objects.filter(token__in=list(some))
    return list(pairs.values_list("token", "credential"))


def token_called(public_id: str) -> Token | None:
    """The token with this id, for whoever has to show that they know its secret."""
    found = Token.objects.select_related("user").filter(public_id=public_id)
    return next(iter(found.order_by()), None)  # there is one, and an order would cost more than it


def every_token() -> Manager[Token]:
    """All tokens there are, to store one, its last use, and what became of its digest."""
    return Token.objects
