"""How watches, and what was sent, are said in templates."""

from django import template
from django.utils.translation import gettext, gettext_noop

from dashboard.models import Delivery, Event, OutboxMessage, Watch

register = template.Library()

_EVENTS = {
    Event.CHANGED: gettext_noop("Change"),
    Event.SEEN: gettext_noop("Change made elsewhere"),
    Event.WORSE: gettext_noop("A system can no longer call"),
    Event.DNS: gettext_noop("DNS"),
    Event.REGISTRY: gettext_noop("Registry"),
    Event.TEST: gettext_noop("Test"),
}
_PROBLEMS = {
    "address": gettext_noop("no public address"),
    "dns": gettext_noop("name not found"),
    "certificate": gettext_noop("certificate does not fit"),
    "tls": gettext_noop("no secure connection"),
    "ca-bundle": gettext_noop("certificates to trust cannot be read"),
    "connect": gettext_noop("takes no connections"),
    "timeout": gettext_noop("no answer in time"),
    "broken": gettext_noop("connection broke"),
    "sealed": gettext_noop("secret cannot be opened"),
}
# What a badge shows of the fate of a message (templates/elements/badge.html).
_BADGES = {"told": "applied", "waiting": "sent", "given-up": "refused", "dropped": "neutral"}


@register.filter
def told_of(watch: Watch) -> str:
    """What a watch tells of, in one line."""
    return ", ".join(str(kind.label) for kind in watch.asked_for)


@register.filter
def called(message: OutboxMessage) -> str:
    """What a message tells of, in a word or two."""
    return gettext(_EVENTS[Event(message.event)])


@register.filter
def badge_of(message: OutboxMessage) -> str:
    """The state that a badge has for the fate of a message."""
    return _BADGES[message.fate]


@register.filter
def answer(delivery: Delivery) -> str:
    """What came of one attempt: the HTTP status, or why there was none."""
    return str(delivery.status) if delivery.status else gettext(_PROBLEMS.get(delivery.problem, delivery.problem))
