"""Raw records that an administrator keeps at a number of an account, or takes away, from outside of the admin."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from dashboard.enum import Naptr, NumberError
from dashboard.enum.raw import ROOT
from dashboard.registry import store
from dashboard.registry.making import account_of
from dashboard.registry.models import BLOCK, Number, RawRecord
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.content import too_large
from dashboard.registry.publishing.raws import published_at

_NO_NUMBER = gettext_noop("The account does not have +%(number)s any more.")
_NOT_KEPT = gettext_noop("A raw record cannot be published: %(reason)s")


def change_raws(username: str, secret: str, name: str, before: Sequence[Naptr], after: Sequence[Naptr]) -> bool:
    """Give a number or block (as in Number.name) of the account with this login the raw records `after`.

    All in one transaction, which may be the caller's. False where it has other raw records in the DNS than `before`;
    then nothing is changed. Whether somebody may do this is for the caller to ask. Raises NumberError where a record
    cannot be published, the number is gone, or the login is wrong (field "login").
    """
    account = account_of(username, secret)
    with transaction.atomic(), queue.locked():
        number = Number.objects.filter(digits=name.removesuffix(BLOCK), account=account).first()
        if number is None or number.name != name:
            raise NumberError("number", _NO_NUMBER, {"number": name})
        if set(published_at([name])[0]) != set(before):
            return False
        for naptr in before:
            if naptr not in after:
                _delete(number, naptr)
        for naptr in after:
            if naptr not in before:
                _save(number, naptr)
    return True


def _save(number: Number, naptr: Naptr) -> None:
    try:
        store.save_raw(RawRecord(number=number, **_fields(naptr)))
    except store.NotPublishable as problem:
        raise NumberError("naptr", _NOT_KEPT, {"reason": str(problem)}) from None
    except store.AnswerTooLarge as problem:
        raise NumberError("naptr", _NOT_KEPT, {"reason": too_large(problem.size)}) from None


def _delete(number: Number, naptr: Naptr) -> None:
    for raw in RawRecord.objects.filter(number=number, **_fields(naptr)):
        store.delete_raw(raw)


def _fields(naptr: Naptr) -> dict[str, str | int]:
    """The record as it is stored, which has no text for no replacement."""
    return {
        "order": naptr.order,
        "preference": naptr.preference,
        "flags": naptr.flags,
        "service": naptr.service,
        "regexp": naptr.regexp,
        "replacement": "" if naptr.replacement == ROOT else naptr.replacement,
    }
