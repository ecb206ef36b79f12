"""The first page after signing in, and the one for monitoring."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard import access
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def home(request: PersonRequest) -> HttpResponse:
    """The numbers, where there is only one credential that could be meant; otherwise the credentials."""
    mine = list(access.credentials(request.user)[:2])
    if len(mine) == 1:
        return redirect("numbers", pk=mine[0].pk)
    return redirect("credentials")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process serves and reaches its database: 200 "ok", or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
