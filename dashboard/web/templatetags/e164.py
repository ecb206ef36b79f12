"""How numbers and what was said are shown in templates."""

from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import (
    DateTimePattern,
    format_timedelta,
    get_date_format,
    get_datetime_format,
    get_time_format,
    parse_pattern,
)
from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_noop

from dashboard.enum import DEFAULT_SUFFIX
from dashboard.protocol import Number, Record
from dashboard.services.numbers import formatting as numbering
from dashboard.services.numbers.formatting import Writing
from dashboard.services.sentences import Sayable, reader_locale, visible_lines
from dashboard.services.sentences import grouped as grouped_
from dashboard.services.sentences import say as say_it

register = template.Library()

# The states that a badge may show (templates/elements/badge.html).
_STATES = {
    "applied": gettext_noop("applied"),
    "refused": gettext_noop("refused"),
    "not-applied": gettext_noop("not applied"),
    "unknown": gettext_noop("unknown"),
    "sent": gettext_noop("sent"),
    "works": gettext_noop("works"),
    "fails": gettext_noop("fails"),
    "unchecked": gettext_noop("not checked yet"),
    "ok": gettext_noop("OK"),
    "bad": gettext_noop("BAD"),
    "failed": gettext_noop("no reply"),
}


@register.filter
def writing(number: Number | Record | str, suffix: str = DEFAULT_SUFFIX) -> Writing:
    """A number, or its digits, as people write it: ``.text``, ``.region`` and its ENUM ``.domain`` below `suffix`."""
    if isinstance(number, str):
        number = Number(id=0, country=number, area="", local="")
    return numbering.writing(number, suffix or DEFAULT_SUFFIX)


@register.filter
def digits(number: str) -> str:
    """The digits of a number as people write them."""
    return numbering.text_of(number)


@register.filter
def country_name(region: str) -> str:
    """The name of a country (ISO 3166 code) in the language of the page."""
    return numbering.country_name(region)


@register.filter
def in_words(state: str) -> str:
    """A state as a badge says it; any other text as it is."""
    return gettext(_STATES[state]) if state in _STATES else state


@register.filter
def say(message: Sayable) -> str:
    """The sentence of an error, in the language of the page, with what it quotes made visible."""
    return visible_lines(say_it(message))


@register.filter
def visible(text: object) -> str:
    """Text of a registry or of the DNS, fit to be read; never for the value of a field, which is sent back."""
    return visible_lines(str(text))


@register.filter
def grouped(count: int) -> str:
    """A count with its thousands set apart; never for ids, years, ports and what is a value and not a count."""
    return grouped_(count)


@register.filter(expects_localtime=True)
def moment(when: datetime) -> str:
    """A time to the second, as the language of the page writes it, in the reader's zone."""
    locale = reader_locale()
    written = _pattern(locale).apply(when, locale)
    return written.replace("\u202f", " ")  # the narrow blank before "PM", which counts as invisible


@lru_cache
def _pattern(locale: Locale) -> DateTimePattern:
    """How a language writes date and time, put together once: a page may have many."""
    both = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    day, clock = get_date_format("medium", locale=locale).pattern, get_time_format("medium", locale=locale).pattern
    return parse_pattern(both.replace("{0}", clock).replace("{1}", day))


@register.filter
def lasting(seconds: int) -> str:
    """How long something takes, in words."""
    return format_timedelta(timedelta(seconds=max(1, seconds)), locale=reader_locale())


@register.filter
def naturally(when: datetime) -> str:
    """How long ago something was, in words: below a minute it was just now."""
    if timezone.now() - when < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(when)}
