"""Numbers that an account makes for itself, within the ranges that an administrator gave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from dashboard import protocol
from dashboard.enum import NumberError, check_number
from dashboard.enum.plans import split
from dashboard.registry import store
from dashboard.registry.auth import authenticate
from dashboard.registry.models import BLOCK, Account, Number, Zone
from dashboard.registry.publishing import queue
from dashboard.registry.refusal import Refusal

FEWEST_DIGITS = 2  # one of the country code, and one of the local number: the protocol has both

_SHORT = gettext_noop("+%(number)s has too few digits to be a number.")
_NO_RANGE = gettext_noop(
    "+%(number)s is in none of the account's ranges: an administrator of the registry gives them out."
)
_TAKEN = gettext_noop("The registry has +%(number)s already, and it belongs to another account.")
_OTHER_KIND = gettext_noop(
    "The account has +%(there)s already, which excludes +%(number)s: they have the same digits."
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A number or block (as in Number.name) that an account wants to have."""

    name: str

    @property
    def digits(self) -> str:
        return self.name.removesuffix(BLOCK)

    def refused(self, message: str, **params: object) -> NumberError:
        return NumberError("number", message, {"number": self.name, **params})


def make_number(username: str, secret: str, name: str) -> protocol.Number:
    """The number or block (as in Number.name), made for the account with this login if it has it not yet.

    Asked twice, also at one instant, it is made once. Raises NumberError where that cannot be done, or the login is
    wrong (field "login").
    """
    account = account_of(username, secret)
    with queue.locked():  # one after another: what is looked at here stays true until the number is made
        for error in filter(None, _refusals(account, [name])):
            raise error
        wanted = _Wanted(name)
        number = Number.objects.filter(digits=wanted.digits).first()
        if number is None:
            country, area, local = _parts(account, wanted.digits)
            number = Number(account=account, country=country, area=area, local=local, is_block=name.endswith(BLOCK))
            store.save_number(number)
    return protocol.Number(id=number.pk, country=number.country, area=number.area, local=number.written_local)


def refusals(username: str, secret: str, names: Sequence[str]) -> list[NumberError | None]:
    """Why each of the numbers and blocks could not be made, None for those that could or that the account has.

    A few queries for a thousand names. Raises NumberError if the login is wrong (field "login").
    """
    account = account_of(username, secret)
    return [error for some in queue.chunks(names, queue.NAMES_AT_A_TIME) for error in _refusals(account, some)]


def account_of(username: str, secret: str) -> Account:
    """The account with this login. Raises NumberError where it is wrong (field "login")."""
    try:
        # Without an address: the people of this site share it, and none must be able to shut the others out.
        return authenticate(username, secret, None)
    except Refusal as refusal:
        raise NumberError("login", refusal.message, refusal.params) from None


def _refusals(account: Account, names: Sequence[str]) -> Iterator[NumberError | None]:
    wanted = [_Wanted(name) for name in names]
    ranges = tuple(account.ranges.values_list("digits", flat=True))
    there = {number.digits: number for number in Number.objects.filter(digits__in=[one.digits for one in wanted])}
    zones = [Zone.current(), *Zone.objects.all()]
    return (_refusal(one, account, ranges, there.get(one.digits), zones) for one in wanted)


def _refusal(
    wanted: _Wanted, account: Account, ranges: tuple[str, ...], there: Number | None, zones: Sequence[Zone]
) -> NumberError | None:
    if there is not None and there.account_id != account.pk:
        return wanted.refused(_TAKEN)
    if there is not None:
        return None if there.name == wanted.name else wanted.refused(_OTHER_KIND, there=there.name)
    digits = wanted.digits
    holding = [zone for zone in zones if digits.startswith(zone.prefix)]
    zone = max(holding, key=lambda zone: len(zone.prefix), default=zones[0])
    for problem in check_number(digits, zone.rules):
        return NumberError("number", problem.message, problem.params)
    if len(digits) < FEWEST_DIGITS:
        return wanted.refused(_SHORT)
    return None if digits.startswith(ranges) else wanted.refused(_NO_RANGE)


def _parts(account: Account, digits: str) -> tuple[str, str, str]:
    """Country code, area code and local number. Where no plan divides the number, the account's range does."""
    country, area, local = split(digits) if Zone.current().is_public else ("", "", digits)
    if country and local:
        return country, area, local
    ranges = [found.digits for found in account.ranges.all() if digits.startswith(found.digits)]
    longest = max(ranges, key=len)[: len(digits) - 1]
    return longest, "", digits.removeprefix(longest)
