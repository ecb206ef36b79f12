"""What the registry inside this process does besides the protocol: it makes numbers, and keeps raw records."""

from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_noop

from dashboard import access
from dashboard.enum import Naptr, NumberError
from dashboard.models import Credential, User
from dashboard.protocol import Number
from dashboard.services.credentials.connection import insist_enabled, stored_secret
from dashboard.services.sentences import filled

# Of the registry inside this process: makes a number for a login and returns it; says why numbers could not be
# made; gives a number other raw records. The composition root (dashboard/apps.py) sets them.
embedded_make: Callable[[str, str, str], Number] | None = None
embedded_refusals: Callable[[str, str, Sequence[str]], list[NumberError | None]] | None = None
embedded_raws: Callable[[str, str, str, Sequence[Naptr], Sequence[Naptr]], bool] | None = None

_ELSEWHERE = gettext_noop("“%(registry)s” gives numbers out itself: none can be made there from here.")
_NO_RAWS = gettext_noop("“%(registry)s” keeps no raw records: only the registry of this site does.")
_NOT_THEIRS = gettext_noop("Only administrators who may add raw records in the administration can have them kept.")
_NOT_AWAY = gettext_noop("Only administrators who may delete raw records in the administration can take them away.")


def makes_numbers(credential: Credential) -> bool:
    """Whether numbers can be made for this credential at all: it is one of the embedded registry's."""
    return credential.registry.is_embedded and embedded_make is not None


def make_number(credential: Credential, name: str) -> Number:
    """Make a number (its digits, with a star behind those of a block) and return it.

    It has to begin with one of the ranges that an administrator gave the account. What the account has already is
    returned as it is, so that asking again, also at one instant, makes nothing twice. Who may do that, and which
    numbers a token reaches, is for the caller to ask. Raises NumberError, whose sentence is for people, and
    client.NotSent as connecting does.
    """
    if not makes_numbers(credential) or embedded_make is None:
        raise _elsewhere(credential)
    insist_enabled(credential.registry)
    return embedded_make(credential.username, stored_secret(credential), name)


def refusals(credential: Credential, names: Sequence[str]) -> list[NumberError | None]:
    """Why each of these numbers could not be made, in their order; None for one that could be, or is there already.

    A few queries for a thousand names. Raises NumberError where none can be, and client.NotSent as connecting does.
    """
    if not makes_numbers(credential) or embedded_refusals is None:
        raise _elsewhere(credential)
    insist_enabled(credential.registry)
    return embedded_refusals(credential.username, stored_secret(credential), names)


def why_no_raws(person: User, credential: Credential, *, away: bool = False) -> str:
    """Why this person cannot have raw records kept at the numbers of a credential, or taken `away` there, as a msgid
    that `registry` fills; empty where they can.
    """
    if not credential.registry.is_embedded or embedded_raws is None:
        return _NO_RAWS
    if not access.changes_raws(person, away=away):
        return _NOT_AWAY if away else _NOT_THEIRS
    return ""


def insist_raws(person: User, credential: Credential, *, away: bool = False) -> None:
    """Raise PermissionDenied where `why_no_raws` says why."""
    if reason := why_no_raws(person, credential, away=away):
        raise PermissionDenied(filled(reason, {"registry": credential.registry.name}))


def change_raws(credential: Credential, name: str, before: Sequence[Naptr], after: Sequence[Naptr]) -> bool:
    """Give a number the raw records `after`; False where it has others than `before` by now, and nothing was changed.

    In the caller's transaction, if there is one. Who may do that is for the caller to ask. Raises NumberError and
    client.NotSent.
    """
    if embedded_raws is None:
        raise NumberError("number", _NO_RAWS, {"registry": credential.registry.name})
    insist_enabled(credential.registry)
    return embedded_raws(credential.username, stored_secret(credential), name, before, after)


def _elsewhere(credential: Credential) -> NumberError:
    return NumberError("number", _ELSEWHERE, {"registry": credential.registry.name})
