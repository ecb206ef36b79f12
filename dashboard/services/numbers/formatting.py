"""How a number is shown: its country, and its digits in the writing that people know."""

from dataclasses import dataclass

import phonenumbers
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from dashboard.enum import DEFAULT_SUFFIX, NumberError, domain_name
from dashboard.protocol import Number, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One number as people read it. ``region`` is an ISO 3166 code, empty where the number names no country."""

    region: str
    text: str
    domain: str


def digits_in(text: str) -> str:
    """The digits of a number however it is written, in ASCII: people type those of other scripts too."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def writing(number: Number | Record, suffix: str = DEFAULT_SUFFIX) -> Writing:
    """How a number is written: +1 604 958 6111, its region, and its ENUM domain name (RFC 6116, section 3.2).

    `suffix` is where its registry publishes.
    """
    block, digits = is_block(number), number.digits
    text = "+" + " ".join(part for part in (number.country, number.area, number.local) if part)
    region = ""
    try:
        # A block is the beginning of numbers: what is known about whole numbers would mislead.
        parsed = phonenumbers.parse("+" + digits) if not block else None
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is not None and phonenumbers.is_possible_number(parsed):
        region = phonenumbers.region_code_for_number(parsed) or ""
        if region == phonenumbers.UNKNOWN_REGION or not region.isalpha():
            region = ""
        text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")
    try:
        domain = domain_of(number, suffix)
    except NumberError:
        domain = ""
    return Writing(region=region, text=text, domain=domain)


def is_block(number: Number | Record) -> bool:
    """Whether it stands for all numbers that begin with its digits: the local number then ends in "*"."""
    return number.local.rstrip().endswith("*")


def name_of(number: Number | Record) -> str:
    """What a number is called in its zone: its digits, with a star behind those of a block."""
    return f"{number.digits}*" if is_block(number) else number.digits


def domain_of(number: Number | Record | str, suffix: str) -> str:
    """Where the records of a number (or of digits) are: its domain name, or the wildcard of a block (RFC 4592).

    Raises NumberError where no domain name can hold it.
    """
    if isinstance(number, str):
        return domain_name(number, suffix)
    domain = domain_name(number.digits, suffix)
    return f"*.{domain}" if is_block(number) else domain


def country_name(region: str) -> str:
    """The name of a region (ISO 3166 code) in the language of the page; empty for none."""
    if not region:
        return ""
    try:
        locale = Locale.parse(get_language() or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return str(locale.territories.get(region, region))
