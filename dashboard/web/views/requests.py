"""What the pages share: who is asking, which methods they answer, and what a registry's failure looks like."""

import functools
from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows import reauthentication
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.client import RegistryError
from dashboard.models import User
from dashboard.services.credentials.connection import one_deadline


class PersonRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User
    has_written: bool  # whether a write went out to a registry, or was about to


View = Callable[..., HttpResponseBase]

# The first is made anew, and the other never comes back to a page.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password"})
# The fields into which people write what they may want to keep where the form cannot be sent any more.
WRITTEN = frozenset(
    {"address", "hostdata", "label", "name", "new", "note", "old", "pattern", "reason", "records", "tags", "username"}
)


def page(*methods: str, confirmed: bool = False) -> Callable[[View], View]:
    """A page for signed-in people. Other methods answer 405, and a registry's failure 502 (503
    where too many wait for it) with what is known.

    Never cached: after signing out, the browser's Back must not show somebody's numbers. One that is `confirmed` asks
    people to confirm who they are, unless they have just done so (`confirm_first`).
    """

    def decorate(view: View) -> View:
        @never_cache
        @login_required
        @require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))
        @functools.wraps(view)
        def wrapped(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # The person itself: a look through Django's lazy wrapper costs more than what is looked at.
            request.user = cast("User", get_user(request))
            request.has_written = False
            if confirmed:
                confirm_first(request)
            try:
                with one_deadline():
                    return view(request, *args, **kwargs)
            except RegistryError as failure:
                return registry_failed(request, failure)
            except (Http404, PermissionDenied) as refusal:
                if request.method != "POST":
                    raise
                return _refused(request, refusal, _written(request))

        return wrapped

    return decorate


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What a form gets: a POST without any field is an invalid form too, and must say so."""
    return request.POST if request.method == "POST" else None


def status_of(request: HttpRequest) -> int:
    """Of a page with a form: one that is shown again after a POST was invalid."""
    return 422 if request.method == "POST" else 200


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed who they are, within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    Also where there is nothing to confirm it with, since the person comes through a provider or a proxy.
    """
    return not reauthentication.is_reauthentication_required(request, app="dashboard")


def confirm_first(request: HttpRequest) -> None:
    """Lead a person who has not done so lately through confirming who they are, and then back to this page.

    A form that was sent waits meanwhile, without its passwords (`e164web.middleware.KeepsNoPassword`). Since it is
    then answered at another address, forms of such pages name theirs. Raises ReauthenticationRequired.
    """
    if not is_confirmed(request):
        raise ReauthenticationRequired


def _written(request: PersonRequest) -> list[str]:
    """What somebody wrote into the fields of a form that was sent, and not what the page wrote there."""
    fields = [values for name, values in request.POST.lists() if name in WRITTEN]
    return list(dict.fromkeys(value for values in fields for value in values if value))


def _refused(request: PersonRequest, refusal: Exception, typed: list[str]) -> HttpResponse:
    """The page for a form of what is gone, or no longer this person's to change, since the form was opened."""
    status = 404 if isinstance(refusal, Http404) else 403
    context = {"sentence": str(refusal), "typed": typed, "code": status}
    return render(request, "dashboard/refused.html", context, status=status)


def too_often(request: HttpRequest, action: str) -> HttpResponse | None:
    """The answer to who has used up what ACCOUNT_RATE_LIMITS allows of an action; None for all others."""
    answer: HttpResponse | None = ratelimit.consume_or_429(request, action=action)
    return answer


def registry_failed(request: PersonRequest, failure: RegistryError) -> HttpResponse:
    """The page for a registry that could not be asked: one sentence, no traceback, no secret.

    What was typed comes along with "Try again", which sends the same form: its tokens make that safe, also where a
    part of it was written before the registry failed.
    """
    typed = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
    context = {"failure": failure, "again": request.method == "POST", "typed": typed, "sent": request.has_written}
    status = 503 if failure.code == "busy" else 502
    return render(request, "dashboard/registry_failed.html", context, status=status)
