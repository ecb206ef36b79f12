"""The addresses of the API, and of the page about it. Version 1 stays as it is: add, never change."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from dashboard.api.document import api, openapi
from dashboard.api.door import door, not_found
from dashboard.api.reference import reference


def _behind_the_door() -> list[URLPattern]:
    """Ninja's addresses, but for the one of its own that says nothing."""
    patterns, _app, _namespace = api.urls
    return [
        path(str(each.pattern), door(each.callback), name=each.name)
        for each in patterns
        if isinstance(each, URLPattern) and each.name != "api-root"
    ]


_BELOW: list[URLPattern | URLResolver] = [
    path("", reference, name="api"),
    path("openapi.json", openapi, name="api-document"),
    path("v1/", include((_behind_the_door(), "api"))),
    # Whatever else begins so, whichever characters it is made of.
    re_path("", door(not_found)),
]
urlpatterns = [path("api/", include(_BELOW))]
