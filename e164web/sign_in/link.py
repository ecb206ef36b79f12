"""The page behind a link of `manage.py sign_in_link`."""

from http import HTTPStatus

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.services.people import sign_in_links
from e164web.sign_in.adapter import LINK


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and then sign in: what only looks at links uses none up."""
    try:
        if request.method == "POST":
            # A second factor is still asked for.
            return perform_login(request, sign_in_links.use(token), signal_kwargs={LINK: True})  # type: ignore[no-any-return]
        person = sign_in_links.look(token)
    except sign_in_links.LinkRefused:
        return render(request, "account/sign_in_link_refused.html", status=HTTPStatus.GONE)
    return render(request, "account/sign_in_link.html", {"person": person})
