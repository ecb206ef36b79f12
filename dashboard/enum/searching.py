"""What people type to find a number: a number or a part of one in any writing, or its domain name from the front."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.enum import plans
from dashboard.enum.numbers import DEFAULT_SUFFIX
from dashboard.enum.problems import NumberError
from dashboard.enum.reading import read_number, signs_of, take_apart, without_star

_NOT_DIGITS = re.compile(r"[^0-9]+")
_BRACKETED_DIGIT = re.compile(r"\( *[0-9] *\)")
_LABELS = re.compile(r"[a-z0-9_.-]*")
_LETTER = re.compile(r"[a-z_]")
_SHORTEST = 3  # digits that are looked for without the 0 in front of them; fewer would be found nearly everywhere


@dataclass(frozen=True, slots=True)
class Sought:
    """Digits that a number begins with, has in it, ends with, or is: one of them is enough.

    Without any, no number was sought.
    """

    begins: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.begins or self.holds or self.ends or self.equals)

    def finds(self, digits: str) -> bool:
        """Whether a number is among those that are sought."""
        # A list of 100,000 is searched like this; a regular expression takes ten times as long.
        for part in self.holds:
            if part in digits:
                return True
        return digits.startswith(self.begins) or digits.endswith(self.ends) or digits in self.equals


def read_sought(text: str, country: str = "", suffix: str = DEFAULT_SUFFIX) -> Sought:
    """Read what was typed to find a number.

    What `read_number` reads is found by it, and parts of that are too; so is the number of a domain name that is
    whole or breaks off, below `suffix` or any other, also that of a block. `country` is that of `read_number`. Raises
    NumberError for what is no part of a number.
    """
    body, _ = take_apart(text)
    ends, equals = _of_name(body, suffix)
    try:
        signs = signs_of(without_star(body)[0])
    except NumberError:
        if not equals:
            raise
        return Sought(equals=equals)
    begins, holds = set[str](), set[str]()
    for each in {signs, _BRACKETED_DIGIT.sub("", signs)}:
        digits = _NOT_DIGITS.sub("", each)
        begins |= set(_beginnings(digits, country, has_plus="+" in signs))
        holds |= set() if "+" in signs else {digits, *_without_zero(digits)}
    if any(begins) or any(holds):
        begins |= _whole(text, country)
    short = {part for part in holds if part and not any(other and other in part for other in holds - {part})}
    found = {part for part in begins if part and not any(other in part for other in short)}
    return Sought(tuple(found), tuple(short), ends, equals)


def _beginnings(digits: str, country: str, *, has_plus: bool) -> Iterator[str]:
    """What the numbers begin with that somebody may mean who begins with `digits`."""
    if has_plus:
        code = plans.country_code(digits)
        yield digits
        if code:
            yield code + digits[len(code) :].removeprefix(plans.trunk_prefix(code))
        return
    yield plans.after_international_prefix(digits, country)
    prefix = plans.national_prefix(country) if country else ""
    # Where nothing is dialled in front of national numbers, those that begin with 0 cannot be others.
    if country and digits.startswith(prefix or "0") and digits != prefix:
        yield plans.dialling_code(country) + digits.removeprefix(prefix)


def _without_zero(digits: str) -> Iterator[str]:
    if digits.startswith("0") and len(digits) > _SHORTEST:
        yield digits[1:]


def _whole(text: str, country: str) -> set[str]:
    try:
        return {read_number(text, country)}
    except NumberError:
        return set()


def _of_name(text: str, suffix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a number ends with, or is, by a domain name from the front: its digits in reverse order, one a label.

    Source: RFC 6116 s3.2. Both are empty for what is no domain name of a number.
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u3002", ".").lower().strip()
    labels = plain.removeprefix("*.").removesuffix(".").split(".")
    count = next((place for place, label in enumerate(labels) if not _is_digit(label)), len(labels))
    rest = ".".join(labels[count:])
    if not count or not _LABELS.fullmatch(rest):
        return (), ()
    digits = "".join(reversed(labels[:count]))
    # The suffix may begin with digits itself, as that of a tree for one country does.
    places = range(1, min(count + 1, len(labels)))
    equals = {digits[count - place :] for place in places if suffix.startswith(".".join(labels[place:]))}
    if _LETTER.search(rest):
        equals.add(digits)
    return () if rest else (digits,), tuple(equals)


def _is_digit(label: str) -> bool:
    return len(label) == 1 and label.isascii() and label.isdecimal()
