"""How a number is shown: its country, and its digits in the writing that people know."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from dashboard.enum import DEFAULT_SUFFIX, NumberError, domain_name
from dashboard.protocol import Number, Record
from dashboard.services.names import is_block, name_of
from dashboard.services.sentences import reader_locale, visible

__all__ = ["Writing", "country_name", "domain_of", "is_block", "name_of", "text_of", "writing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One number as people read it. ``region`` is an ISO 3166 code, empty where the number names no country."""

    region: str
    text: str
    domain: str


def writing(number: Number | Record, suffix: str = DEFAULT_SUFFIX) -> Writing:
    """How a number is written: +1 604 958 6111, its region, and its ENUM domain name (RFC 6116, section 3.2).

    `suffix` is where its registry publishes.
    """
    # A block is the beginning of numbers: what is known about whole numbers would mislead.
    region, text = _known(number.digits) if not is_block(number) else ("", "")
    try:
        domain = domain_of(number, suffix)
    except NumberError:
        domain = ""
    written = "+" + " ".join(part for part in (number.country, number.area, number.local) if part)
    return Writing(region=region, text=text or visible(written), domain=domain)


def text_of(digits: str, *, is_block: bool = False) -> str:
    """Digits as people write them, where nothing is known of their fields; a block with its star."""
    _region, text = _known(digits) if not is_block else ("", "")
    return text or f"+{digits}{'*' * is_block}"


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
    return str(reader_locale().territories.get(region, region))


@lru_cache(maxsize=1_000)  # a list asks for the same numbers again and again
def _known(digits: str) -> tuple[str, str]:
    """The region of a number, and how its country writes it; empty where that is not known."""
    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_possible_number(parsed):
        return "", ""
    region = phonenumbers.region_code_for_number(parsed) or ""
    if region == phonenumbers.UNKNOWN_REGION or not region.isalpha():
        region = ""
    return region, _in_groups(parsed, digits)


def _in_groups(parsed: phonenumbers.PhoneNumber, digits: str) -> str:
    """As its country writes it; empty where that would not be these digits, since a trunk prefix is left out."""
    text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")
    return text if "".join(filter(str.isdecimal, text)) == digits else ""
