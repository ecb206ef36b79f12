"""The bare view: served by the product's gunicorn configuration, it shows what the machine could do at best."""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.benchmarks.bare import BareCaller

_caller = BareCaller(*(os.environ[f"BENCHMARK_{name}"] for name in ("URL", "USERNAME", "PASSWORD", "CA")))


def show(request: HttpRequest, number_id: int) -> HttpResponse:
    """What the registry answered, as it came."""
    del request
    return HttpResponse(_caller.show(number_id), content_type="text/plain")


urlpatterns = [path("bare/<int:number_id>/", show)]
