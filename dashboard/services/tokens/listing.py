"""The tokens that somebody may look at, with what is to be known of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from dashboard import access, narrowing
from dashboard.models import Token, User


class State(StrEnum):
    """Whether a token can be used."""

    WORKS = "works"
    PERSON_OFF = "person-off"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A token. `labels` are its credentials that the reader sees, and `others` how many they do not."""

    token: Token
    state: State
    labels: tuple[str, ...] = ()
    others: int = 0


def working_tokens(person: User) -> list[TokenRow]:
    """The tokens with which a person's programs can act now, for that person."""
    return rows(person, narrowing.own_tokens(person).filter(pk__in=narrowing.alive().values("pk")))


def ended_tokens(person: User, most: int) -> list[TokenRow]:
    """A person's tokens that can be used no longer, at most so many, for that person."""
    return rows(person, narrowing.own_tokens(person).exclude(pk__in=narrowing.alive().values("pk"))[:most])


def tokens_of_others(person: User, sought: str = "") -> QuerySet[Token]:
    """The tokens of everybody else that an administrator sees, those with `sought` in a name or id. For `rows`."""
    found = narrowing.tokens(person).exclude(user=person)
    words = Q(user__username__icontains=sought) | Q(name__icontains=sought) | Q(public_id__icontains=sought)
    return found.filter(words) if sought else found


def rows(reader: User, tokens: Iterable[Token]) -> list[TokenRow]:
    """What a reader is told of some tokens: labels only of credentials that are theirs to see."""
    found = list(tokens)
    labels = dict(access.credentials(reader).values_list("pk", "label"))
    of: dict[int, list[int]] = {}
    for token_pk, credential_pk in narrowing.credentials_of_tokens(found):
        of.setdefault(token_pk, []).append(credential_pk)
    return [
        TokenRow(
            token=token,
            state=_state(token),
            labels=tuple(sorted(labels[pk] for pk in of.get(token.pk, ()) if pk in labels)),
            others=sum(pk not in labels for pk in of.get(token.pk, ())),
        )
        for token in found
    ]


def _state(token: Token) -> State:
    if token.revoked_at is not None:
        return State.REVOKED
    if token.expires_at <= timezone.now():
        return State.EXPIRED
    return State.WORKS if token.user.is_active else State.PERSON_OFF
