"""The registry's address for programs elsewhere: the protocol over HTTPS."""

from __future__ import annotations

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
    UnreadablePostError,
)
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from dashboard.registry.auth import is_loopback
from dashboard.registry.handler import CONTENT_TYPE, RegistryResponse, handle

# The protocol refuses a larger body (its MAX_REQUEST); one byte more than that is enough to see it.
MAX_BODY = 64 * 1024


# Programs have no cookies, so there is nothing that a page elsewhere could abuse.
@csrf_exempt
def api(request: HttpRequest) -> HttpResponseBase:
    """Answer one request of the protocol.

    405 for every method but POST, 403 over plain HTTP from anywhere but this machine, 400 for a body that is no form
    or too large; otherwise 200 with OK or BAD (protocol notes, "HTTP status").
    """
    response = _respond(request)
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


def _respond(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if not (request.is_secure() or _is_local(request)):
        return HttpResponse(gettext("This registry speaks HTTPS only.") + "\r\n", status=403)
    try:
        body = request.read(MAX_BODY + 1)
    except UnreadablePostError:
        # Whoever was sending has gone, and nothing was carried out.
        return HttpResponse(status=400)
    return _sent(handle(body, address=request.META.get("REMOTE_ADDR", "")))


def _sent(answer: RegistryResponse) -> HttpResponseBase:
    headers = {"Content-Length": str(answer.length)}
    if isinstance(answer.content, tuple):
        return HttpResponse(b"".join(answer.content), status=answer.status, headers=headers)
    return StreamingHttpResponse(answer.content, status=answer.status, headers=headers)


def _is_local(request: HttpRequest) -> bool:
    """Whether the request comes straight from this machine: a proxy may hide where it came from."""
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and not request.META.get("e164web.forwarded")
