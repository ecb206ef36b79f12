"""A form that is refused because nobody can tell where it comes from: what was sent, and what would cure it."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf
from django.shortcuts import render
from django.utils.log import log_response
from django.utils.translation import gettext as _

SHOWN = 200  # characters of a header

logger = logging.getLogger("django.security.csrf")  # where Django says it, in other words


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was refused. `header` is what a client sent itself, and `setting` is empty where none would help."""

    header: str
    why: str
    cure: str
    setting: str = ""


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a refused form (CSRF_FAILURE_VIEW). It says it in the log too, in place of Django's own line."""
    refusal = explain(request, reason)
    response = render(request, "403_csrf.html", {"refusal": refusal}, status=403)
    # For the administrator only: what the setting is now.
    now = f"E164WEB_URL is {settings.E164WEB.url} now." if refusal.setting else ""
    header = f'It came with "{refusal.header}".' if refusal.header else ""
    said = [f"A form for {request.path} was refused.", header, refusal.why, refusal.cure, now]
    log_response("%s", " ".join(filter(None, said)), response=response, request=request, logger=logger)
    return response


def explain(request: HttpRequest, reason: str) -> Refusal:
    """What is wrong with a form, of which Django's CsrfViewMiddleware says `reason`."""
    origin, referer = request.headers.get("Origin", ""), request.headers.get("Referer", "")
    if reason == csrf.REASON_BAD_ORIGIN % origin:
        return _hidden() if origin == "null" else _elsewhere(request, "Origin", origin)
    if reason == csrf.REASON_NO_REFERER:
        return Refusal(
            "",
            _("Your browser sent neither Origin nor Referer, so nobody can tell which page the form comes from."),
            _("Allow your browser to send Referer to this site. A proxy in front must not remove these headers."),
        )
    if reason.startswith("Referer"):
        return _elsewhere(request, "Referer", _origin_of(referer))
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        return Refusal(
            "",
            _("Your browser sent no cookie of this site. Without it a form cannot be told from a forged one."),
            _("Allow this site to set cookies, reload the page, and send the form again."),
        )
    return Refusal(
        "",
        _("The form is out of date, for instance because you signed in or out in another window."),
        _("Go back, reload the page, and send the form again."),
    )


def _hidden() -> Refusal:
    return Refusal(
        "Origin: null",
        _("Your browser does not say which page the form comes from."),
        _(
            "Open the page at its own address, in no frame and without extensions that hide it. If it goes on, the "
            "administrator must see to it that no proxy in front sets Referrer-Policy. No setting changes it."
        ),
    )


def _elsewhere(request: HttpRequest, name: str, origin: str) -> Refusal:
    asked = f"{request.scheme}://{request.headers.get('Host', '')}"
    which = "E164WEB_URL"
    if origin.startswith("https:") and not request.is_secure():
        which = _("E164WEB_URL and E164WEB_TRUSTED_PROXIES")
    return Refusal(
        f"{name}: {_cut(origin)}",
        _("The form comes from there, but the server was asked as %(asked)s.") % {"asked": _cut(asked)},
        _(
            "If that is the address of this site, the administrator must set %(which)s accordingly. If it is not, "
            "somebody else's page sent the form."
        )
        % {"which": which},
        which,
    )


def _origin_of(referer: str) -> str:
    """Scheme and host of an address: its path and query are nobody's business."""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return referer
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else referer


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
