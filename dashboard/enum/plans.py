"""The numbering plans of the world's telephone networks, as far as phonenumbers' metadata knows them.

Digits here are those of a number with its country code, without +. A private tree has a plan of its own, of which
nothing here is true: `is_public` tells by the suffix.
"""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)  # ISO 3166 alpha-2
ITU_PREFIX = "00"  # what ITU-T E.164 recommends as the international prefix

_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
_NORTH_AMERICA = "1"
_ANY_LOCAL = 234_5678  # seven digits that every area of North America may have
_LONGEST_CODE = 3  # digits of a country code
_LONGEST_NATIONAL = 17  # digits of a national number that phonenumbers looks at
_PUBLIC_SUFFIXES = frozenset({"nrenum.net"})
_KINDS = tuple(phonenumbers.PhoneNumberType.values())


def is_public(suffix: str) -> bool:
    """Whether the numbers below a suffix are those of the public telephone network.

    They are below e164.arpa and all trees that are called after it (a label "e164"), and below nrenum.net; any other
    tree, such as tel.dn42, has numbers of its own.
    """
    labels = suffix.lower().removesuffix(".").split(".")
    return "e164" in labels or ".".join(labels) in _PUBLIC_SUFFIXES


def country_code(digits: str) -> str:
    """The country code that a number begins with; empty for none. No code is the beginning of another one."""
    return next((digits[:length] for length in range(1, _LONGEST_CODE + 1) if digits[:length] in _CODES), "")


def region(code: str) -> str:
    """The country (ISO 3166) of a country code, of several the main one; 001 for codes of no country."""
    return str(phonenumbers.region_code_for_country_code(int(code)))


def countries(code: str) -> tuple[str, ...]:
    """The countries (ISO 3166) that share a country code, the main one first; none for one of no country."""
    regions = phonenumbers.region_codes_for_country_code(int(code)) if code in _CODES else ()
    return tuple(region for region in regions if region in COUNTRIES)


def is_valid(digits: str) -> bool:
    """Whether the plan of its country has this number, exactly as it is here."""
    number = _number(digits)
    return number is not None and phonenumbers.is_valid_number(number)


def dialling_code(country: str) -> str:
    """The country code of a country (ISO 3166)."""
    return str(phonenumbers.country_code_for_region(country))


@cache
def beginnings(country: str) -> tuple[str, ...]:
    """What the numbers of a country (ISO 3166) begin with; nothing for an unknown one.

    In North America these are area codes. Where other countries share a code, +44 or +7, it is that of all of them.
    """
    if country not in COUNTRIES:
        return ()
    code = dialling_code(country)
    if code != _NORTH_AMERICA:
        return (code,)
    numbers = (PhoneNumber(country_code=1, national_number=area * 10**7 + _ANY_LOCAL) for area in range(200, 1_000))
    regions = map(phonenumbers.region_code_for_number, numbers)
    return tuple(f"{code}{area}" for area, region in enumerate(regions, start=200) if region == country)


def split(digits: str) -> tuple[str, str, str]:
    """A number as country code, area code and local number; the area code is empty where the plan has none.

    Without a known country code, all is local.
    """
    number, code = _number(digits), country_code(digits)
    area = phonenumbers.length_of_geographical_area_code(number) if number is not None else 0
    rest = digits[len(code) :]
    return code, rest[:area], rest[area:]


def national_prefix(country: str) -> str:
    """What is dialled in a country (ISO 3166) before a national number, the trunk prefix; empty for none."""
    metadata = PhoneMetadata.metadata_for_region(country, None)
    return (metadata.national_prefix or "") if metadata is not None else ""


def trunk_prefix(code: str) -> str:
    """The same by country code."""
    return national_prefix(region(code)) if code else ""


def after_international_prefix(digits: str, country: str) -> str:
    """What follows the international prefix of a country, or the one of ITU-T E.164; empty if there is none."""
    metadata = PhoneMetadata.metadata_for_region(country, None) if country else None
    prefix = metadata.international_prefix if metadata is not None else None
    match = re.match(prefix, digits) if prefix else None
    if match is not None and country_code(rest := digits[match.end() :]):
        return rest
    return digits.removeprefix(ITU_PREFIX) if digits.startswith(ITU_PREFIX) else ""


def dialled_in(country: str, digits: str) -> str:
    """The number that somebody reaches who dials `digits` in a country, as far as its plan tells."""
    try:
        number = phonenumbers.parse(digits, country)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    except phonenumbers.NumberParseException:
        pass
    return dialling_code(country) + digits.removeprefix(national_prefix(country))


def without_trunk_prefix(digits: str, *, is_block: bool = False) -> str:
    """The number that was probably meant: `digits` without a trunk prefix behind the country code.

    +44 020 7946 0000 is not in use, and +44 20 7946 0000 is. Empty if the number is in use as it is, as in Italy,
    where the 0 is a part of it, and if leaving the prefix out would not help. A block is not a whole number: there
    the prefix is out of place if no number of the country begins with it.
    """
    code = country_code(digits)
    prefix, national = trunk_prefix(code), digits[len(code) :]
    shorter = code + national.removeprefix(prefix)
    if not prefix or shorter in (digits, code):
        return ""
    if is_block:
        return "" if _begins_numbers(code, prefix) else shorter
    return shorter if is_valid(shorter) and not is_valid(digits) else ""


def _begins_numbers(code: str, prefix: str) -> bool:
    """Whether any kind of number of a country begins with its trunk prefix, as Russia's 800 does with 8."""
    examples = filter(None, (phonenumbers.example_number_for_type(region(code), kind) for kind in _KINDS))
    return any(phonenumbers.national_significant_number(example).startswith(prefix) for example in examples)


def _number(digits: str) -> PhoneNumber | None:
    """As phonenumbers has it. Its own parser would drop a trunk prefix without a word."""
    code = country_code(digits)
    national = digits[len(code) :]
    if not code or not national or len(national) > _LONGEST_NATIONAL:
        return None
    zeros = len(national[:-1]) - len(national[:-1].lstrip("0"))
    return PhoneNumber(
        country_code=int(code),
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros or None,
    )
