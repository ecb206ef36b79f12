"""The OpenAPI document: what ninja makes of the operations, completed by headers, problems, links and examples."""

import functools
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

# Which registers all operations and what their exceptions become.
from dashboard.api import failures, views
from dashboard.api.door import JSON
from dashboard.api.examples import REF, example_of
from dashboard.api.kinds import KINDS
from dashboard.api.operations import api
from dashboard.api.problems import MEDIA_TYPE
from dashboard.api.views import credentials, history, jobs, people, predictions, records, search, transfers

__all__ = [
    "api",
    "credentials",
    "document",
    "failures",
    "history",
    "jobs",
    "people",
    "predictions",
    "records",
    "search",
    "transfers",
    "views",
]

Json = dict[str, Any]

ROOT = "/api/v1/"  # where the addresses of the document begin, below the path of the site

TAGS = {
    "Numbers": "Credentials, and the numbers of each.",
    "Records": "The records of a number: one by one, and as a whole set.",
    "History": "Every write, undo, and settling those of which nobody knows yet.",
    "Jobs": "Many numbers changed at once: a preview of each, and then a job.",
    "Import and export": "A text becomes the preview of a job, and what a search finds becomes a file.",
    "Predictions and DNS": "Who can call a number, and what the DNS says about it.",
    "People": "Who asks, and the teams.",
}
_TEXT: Json = {"schema": {"type": "string"}}
_SECONDS: Json = {"schema": {"type": "integer", "minimum": 0}, "description": "Seconds to wait."}
ETAG: Json = {**_TEXT, "description": "What to send as If-Match.", "example": '"1001-9b74c9897bac"'}
LOCATION: Json = {**_TEXT, "description": "Where to look at it.", "example": "/api/v1/history/17"}
_COUNT: Json = {"schema": {"type": "integer", "minimum": 0}}
# Of every answer to a token, as draft-ietf-httpapi-ratelimit-headers-07 has them.
RATE: Json = {
    "RateLimit-Limit": {**_COUNT, "description": "Requests of this token in a minute."},
    "RateLimit-Remaining": {**_COUNT, "description": "How many are left."},
    "RateLimit-Reset": {**_COUNT, "description": "Seconds until there are as many again."},
}
HEADERS: dict[int, Json] = {
    HTTPStatus.CREATED: {"ETag": ETAG, "Location": LOCATION},
    HTTPStatus.ACCEPTED: {"Location": LOCATION},
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {**_TEXT, "example": "Bearer"}},
    HTTPStatus.PRECONDITION_FAILED: {"ETag": ETAG},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": _SECONDS, **RATE},
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
    components = made["components"]
    statuses = sorted({kind.status for kind in KINDS.values()})
    components["responses"] = {str(int(status)): _problem(status) for status in statuses}
    for details in operations(made):
        for parameter in details["parameters"]:
            parameter["schema"] = _of_text(parameter["schema"])
        if body := details.get("requestBody"):
            content = body["content"][JSON]
            content["example"] = example_of(content["schema"], components["schemas"])
        details["responses"] = {
            str(status): _response(response, status, details["operationId"], components["schemas"])
            for status, response in details["responses"].items()
        }
    return made


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The document, with the path of this site. Raises Http404 where the API is switched off."""
    del request
    if not settings.E164WEB.api:
        raise Http404
    return JsonResponse({**document(), "servers": [{"url": settings.E164WEB.url.prefix or "/"}]})


def operations(made: Json) -> Iterator[Json]:
    """What the document says of each operation."""
    for methods in made["paths"].values():
        yield from methods.values()


def _of_text(schema: Json) -> Json:
    """The schema of what stands in an address or a header, where nothing can be null; the rest stands beside it."""
    found = {name: value for name, value in schema.items() if name not in {"title", "description"}}
    several = [one for one in found.pop("anyOf", []) if one != {"type": "null"}]
    return {**found, **(several[0] if several else {})}


def _response(response: Json, status: int, name: str, schemas: Json) -> Json:
    if status >= HTTPStatus.BAD_REQUEST:
        return {"$ref": f"#/components/responses/{status}"}
    if content := response["content"].get(JSON):  # none of what is a file
        content["schema"].pop("title", None)
        content["example"] = example_of(content["schema"], schemas)
    headers = {"ETag": ETAG} if status == HTTPStatus.OK and name in VERSIONS else HEADERS.get(status, {})
    links = LINKS.get((name, str(status)), {})
    to = {one: {"operationId": one, "parameters": parameters} for one, parameters in links.items()}
    return {**response, "headers": {**headers, **RATE}, **({"links": to} if to else {})}


def _problem(status: HTTPStatus) -> Json:
    """What an operation answers where something is wrong, with an example of each kind that has this status."""
    kinds = [kind for kind in KINDS.values() if kind.status == status]
    said = {
        kind.code: {
            "type": f"/api/#{kind.code}",
            "title": kind.title,
            "status": int(status),
            "detail": kind.meaning,
            "code": kind.code,
        }
        for kind in kinds
    }
    examples = {code: {"value": value} for code, value in said.items()}
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{REF}Problem"}, "examples": examples}}
    found = {"description": " ".join(f"{kind.title}." for kind in kinds), "content": content}
    headers = HEADERS.get(status, {})
    return {**found, "headers": headers} if headers else found
