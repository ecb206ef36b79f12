"""Numbers that people type, read as the settings of this site and the tree of their registry want it."""

from collections.abc import Callable

from django.conf import settings

from dashboard.enum import Sought, read_number, read_sought, without_trunk_prefix
from dashboard.nameservers import ZoneFacts
from dashboard.protocol import Number, Record
from dashboard.services.numbers.formatting import is_block, text_of


def typed_number(text: str, zone: ZoneFacts) -> str:
    """The digits of a number that is typed in any writing. Raises NumberError."""
    return read_number(text, settings.E164WEB.country, public=zone.is_public)


def typed_search(text: str, suffix: str) -> Sought:
    """The numbers that are looked for below `suffix`. Raises NumberError for what is no part of a number."""
    return read_sought(text, settings.E164WEB.country, suffix)


def probably_meant(number: Number | Record, find_zone: Callable[[], ZoneFacts]) -> str:
    """The number without a trunk prefix that does not belong there, as people write it; empty where it is right.

    The zone is asked for only where it matters: few numbers look so.
    """
    block = is_block(number)
    digits = without_trunk_prefix(number.digits, is_block=block)
    return text_of(digits, is_block=block) if digits and find_zone().is_public else ""
