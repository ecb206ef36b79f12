"""What holds for every address of the API, whatever it is for."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from dashboard.api.problems import MEDIA_TYPE, Refusal
from dashboard.services.credentials.connection import one_deadline

JSON, ANYTHING = "application/json", "*/*"

View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """A view of the API: for programs, which have tokens and no cookies.

    So there is nothing that a page elsewhere could abuse: cookies are not looked at, and no header lets scripts of
    other sites read an answer. Every answer is for who asked for it alone, and is never stored.
    """

    # Where somebody is signed in as well, what that person still owes the pages has no say here.
    @login_not_required
    @csrf_exempt
    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _insist(request)
            with _head_is_get(request), one_deadline():
                answer = view(request, *args, **kwargs)
        except Refusal as refusal:
            answer = refusal.response
        if isinstance(answer, HttpResponseNotAllowed):
            answer = _not_allowed(answer)
        answer.headers["Cache-Control"] = "no-store"
        for name, value in getattr(request, "rate", {}).items():
            answer.headers[name] = value
        patch_vary_headers(answer, ["Authorization"])
        return answer

    return opened


def not_found(request: HttpRequest) -> HttpResponse:
    """Where there is nothing below the address of the API."""
    del request
    return Refusal("not-found").response


def _insist(request: HttpRequest) -> None:
    """Raises Refusal for what no address of the API takes."""
    if not settings.E164WEB.api:
        raise Refusal("not-found")
    if settings.E164WEB.url.is_https and not request.is_secure():
        raise Refusal("https-only")
    # What nearly all programs send needs no reading.
    if request.META.get("HTTP_ACCEPT", ANYTHING) not in {ANYTHING, JSON} and not _accepts_json(request):
        raise Refusal("not-acceptable")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Refusal("too-large")
    if length != "0" and request.content_type != JSON:
        raise Refusal("not-json")


def _accepts_json(request: HttpRequest) -> bool:
    return request.accepts(JSON) or request.accepts(MEDIA_TYPE)


@contextmanager
def _head_is_get(request: HttpRequest) -> Iterator[None]:
    """HEAD is GET, whose body the server leaves out (RFC 9110, section 9.3.2)."""
    method = request.method
    request.method = "GET" if method == "HEAD" else method
    try:
        yield
    finally:
        request.method = method


def _not_allowed(answer: HttpResponseNotAllowed) -> HttpResponse:
    allowed = sorted(method.strip() for method in answer.headers["Allow"].split(","))
    if "GET" in allowed:
        allowed.append("HEAD")
    return Refusal("method", headers={"Allow": ", ".join(allowed)}).response
