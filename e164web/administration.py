"""The pages of the admin, under the rules of the other pages: who changes something confirms who they are."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from dashboard.web.views.requests import confirm_first

View = Callable[..., HttpResponse]
Decorator = Callable[..., View]

# Pages that only show something, by the names of Django's views. Whatever else there is asks first.
SHOWING = frozenset({"index", "app_index", "changelist_view", "history_view", "autocomplete_view", "i18n_javascript"})
ALWAYS_OPEN = frozenset({"logout", "catch_all_view"})
# Forms that are told where to send themselves. One that waited is answered at another address.
FORMS = frozenset({"add_view", "change_view", "user_change_password"})


def confirming(admin_view: Decorator) -> Decorator:
    """What makes views the admin's (`AdminSite.admin_view`), and has them ask who it is before anything changes."""

    @functools.wraps(admin_view)
    def wrapped(view: View, cacheable: bool = False) -> View:
        return admin_view(_confirmed(view), cacheable)

    return wrapped


def _confirmed(view: View) -> View:
    name = getattr(view, "__name__", "")

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:  # noqa: ANN401 -- as of any view
        only_shows = name in SHOWING and request.method in {"GET", "HEAD"}
        if name not in ALWAYS_OPEN and not only_shows:
            confirm_first(request)
        if name in FORMS:
            named.setdefault("form_url", request.get_full_path())
        return view(request, *args, **named)

    return wrapped
