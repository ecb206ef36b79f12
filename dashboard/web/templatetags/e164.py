"""How numbers and what was said are shown in templates."""

from django import template

from dashboard.enum import DEFAULT_SUFFIX
from dashboard.protocol import Number, Record
from dashboard.services.numbers import formatting as numbering
from dashboard.services.numbers.formatting import Writing
from dashboard.services.sentences import Sayable
from dashboard.services.sentences import say as say_it

register = template.Library()


@register.filter
def writing(number: Number | Record | str, suffix: str = DEFAULT_SUFFIX) -> Writing:
    """A number, or its digits, as people write it: ``.text``, ``.region`` and its ENUM ``.domain`` below `suffix`."""
    if isinstance(number, str):
        number = Number(id=0, country=number, area="", local="")
    return numbering.writing(number, suffix or DEFAULT_SUFFIX)


@register.filter
def country_name(region: str) -> str:
    """The name of a country (ISO 3166 code) in the language of the page."""
    return numbering.country_name(region)


@register.filter
def say(said: Sayable) -> str:
    """The sentence of an error, in the language of the page."""
    return say_it(said)
