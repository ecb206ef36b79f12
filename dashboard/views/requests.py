"""What the pages share: who is asking, which methods they answer, and what a registry's failure looks like."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.client import RegistryError
from dashboard.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


View = Callable[..., HttpResponse]


def page(*methods: str) -> Callable[[View], View]:
    """A page for signed-in people. Other methods answer 405, and a registry's failure 502 with what is known.

    Never cached: after signing out, the browser's Back must not show somebody's numbers.
    """

    def decorate(view: View) -> View:
        @never_cache
        @login_required
        @require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))
        @functools.wraps(view)
        def wrapped(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except RegistryError as failure:
                return registry_failed(request, failure)

        return wrapped

    return decorate


def registry_failed(request: HttpRequest, failure: RegistryError) -> HttpResponse:
    """The page for a registry that could not be asked: one sentence, no traceback, no secret."""
    return render(request, "dashboard/registry_failed.html", {"failure": failure}, status=502)
