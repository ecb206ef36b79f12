"""The language and the time zone in which a page speaks to the person who asked for it."""

from collections.abc import Callable
from datetime import tzinfo

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from dashboard.models import User
from dashboard.platform import time_zones

ZONE_COOKIE = "e164web_time_zone"  # written by app.js: no header says it


class Preferences:
    """Activate the language and the time zone of who has signed in, for pages and for the errors in their place.

    The language of anybody else is active already (`e164web.middleware.Language`), and stays active afterwards, so
    that the header Content-Language names what the page is in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Which keeps it, so that the view asks the database for nobody. Programs have no session, and vary with none.
        person = get_user(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()
        translation.activate(language_of(person, request))
        with timezone.override(zone_of(person, request)):
            return self.get_response(request)


def language_of(person: User | AnonymousUser, request: HttpRequest) -> str:
    """The code of the language that a person chose, or else of the one that their browser asks for."""
    if person.is_authenticated and person.language in dict(settings.LANGUAGES):
        return person.language
    return translation.get_language_from_request(request)


def zone_of(person: User | AnonymousUser, request: HttpRequest) -> tzinfo:
    """The time zone that a person chose, or else that of their browser; UTC where neither is known."""
    chosen = time_zones.find(person.time_zone) if person.is_authenticated else None
    return chosen or time_zones.find(request.COOKIES.get(ZONE_COOKIE, "")) or timezone.get_default_timezone()
