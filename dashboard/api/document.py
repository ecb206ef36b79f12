"""The OpenAPI document: what ninja makes of the operations, completed by headers, problems, links and examples."""

import functools
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

# Which registers all operations and what their exceptions become.
from dashboard.api import failures, views
from dashboard.api.door import JSON
from dashboard.api.examples import example_of
from dashboard.api.kinds import KINDS
from dashboard.api.operations import api
from dashboard.api.problems import MEDIA_TYPE
from dashboard.api.views import credentials, history, people, predictions, records

__all__ = ["api", "credentials", "document", "failures", "history", "people", "predictions", "records", "views"]

Json = dict[str, Any]

ROOT = "/api/v1/"  # where the addresses of the document begin, below the path of the site

TAGS = {
    "Numbers": "Credentials, and the numbers of each.",
    "Records": "The records of a number: one by one, and as a whole set.",
    "History": "Every write, undo, and settling those of which nobody knows yet.",
    "Predictions and DNS": "Who can call a number, and what the DNS says about it.",
    "People": "Who asks, and the teams.",
}
_TEXT: Json = {"schema": {"type": "string"}}
_SECONDS: Json = {"schema": {"type": "integer", "minimum": 0}, "description": "Seconds to wait."}
ETAG: Json = {**_TEXT, "description": "What to send as If-Match.", "example": '"1001-9b74c9897bac"'}
LOCATION: Json = {**_TEXT, "description": "Where to look at it.", "example": "/api/v1/history/17"}
HEADERS: dict[int, Json] = {
    HTTPStatus.CREATED: {"ETag": ETAG, "Location": LOCATION},
    HTTPStatus.ACCEPTED: {"Location": LOCATION},
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {**_TEXT, "example": "Bearer"}},
    HTTPStatus.PRECONDITION_FAILED: {"ETag": ETAG},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": _SECONDS},
    HTTPStatus.BAD_GATEWAY: {"Retry-After": _SECONDS},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": _SECONDS},
}
# Whose good answer is a version of something.
VERSIONS = frozenset(
    {
        "number_detail",
        "record_list",
        "record_set",
        "record_detail",
        "record_change",
        "record_delete",
        "change_undo",
    }
)
_BODY, _PATH = "$response.body#", "$request.path."
_OF_NUMBER = {"credential": f"{_PATH}credential", "number": f"{_PATH}number"}
_OF_RECORD = {**_OF_NUMBER, "record": f"{_PATH}record", "header.If-Match": "$response.header.ETag"}
# What an answer leads to: the operation, its status, and of each operation behind it where its parameters are.
LINKS: dict[tuple[str, str], dict[str, dict[str, str]]] = {
    ("credential_list", "200"): {
        "credential_detail": {"credential": f"{_BODY}/credentials/0/id"},
        "number_list": {"credential": f"{_BODY}/credentials/0/id"},
    },
    ("number_list", "200"): {
        "number_detail": {"credential": f"{_PATH}credential", "number": f"{_BODY}/numbers/0/id"},
        "record_add": {"credential": f"{_PATH}credential", "number": f"{_BODY}/numbers/0/id"},
        "number_history": {"credential": f"{_PATH}credential", "number": f"{_BODY}/numbers/0/id"},
        "dns_state": {"query.credential": f"{_PATH}credential", "path.number": f"{_BODY}/numbers/0/id"},
    },
    ("number_detail", "200"): {
        "record_detail": {**_OF_NUMBER, "record": f"{_BODY}/records/0/id"},
        "record_set": {**_OF_NUMBER, "header.If-Match": "$response.header.ETag"},
    },
    ("record_detail", "200"): {"record_change": _OF_RECORD, "record_delete": _OF_RECORD},
    ("record_add", "201"): {
        "change_detail": {"change": f"{_BODY}/changes/0/id"},
        "change_undo": {"change": f"{_BODY}/changes/0/id"},
    },
    ("change_list", "200"): {"change_detail": {"change": f"{_BODY}/changes/0/id"}},
    ("team_list", "200"): {"team_detail": {"team": f"{_BODY}/teams/0/id"}},
}


@functools.cache
def document() -> Json:
    """The document, for a site that has no path of its own."""
    made: Json = dict(api.get_openapi_schema(path_prefix=ROOT))
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    schemas = made["components"]["schemas"]
    for details in operations(made):
        for status, response in details["responses"].items():
            _complete(response, int(status), details["operationId"], schemas)
        if body := details.get("requestBody"):
            content = body["content"][JSON]
            content["example"] = example_of(content["schema"], schemas)
        details["responses"] = {str(status): response for status, response in details["responses"].items()}
    return made


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The document, with the path of this site."""
    del request
    return JsonResponse({**document(), "servers": [{"url": settings.E164WEB.url.prefix or "/"}]})


def operations(made: Json) -> Iterator[Json]:
    """What the document says of each operation."""
    for methods in made["paths"].values():
        yield from methods.values()


def _complete(response: Json, status: int, name: str, schemas: Json) -> None:
    content = response.get("content", {})
    if status >= HTTPStatus.BAD_REQUEST:
        content[MEDIA_TYPE] = {"schema": content.pop(JSON)["schema"], "examples": dict(_problems(status))}
        response["description"] = " ".join(kind.title + "." for kind in KINDS.values() if kind.status == status)
    else:
        content[JSON]["example"] = example_of(content[JSON]["schema"], schemas)
    headers = dict(HEADERS.get(status, {}))
    if status == HTTPStatus.OK and name in VERSIONS:
        headers["ETag"] = ETAG
    if headers:
        response["headers"] = headers
    if links := LINKS.get((name, str(status))):
        response["links"] = {to: {"operationId": to, "parameters": parameters} for to, parameters in links.items()}


def _problems(status: int) -> Iterator[tuple[str, Json]]:
    for kind in KINDS.values():
        if kind.status == status:
            said = {"type": f"/api/#{kind.code}", "title": kind.title, "status": status, "detail": kind.meaning}
            yield kind.code, {"value": {**said, "code": kind.code}}
