"""The page about the API: read, and tried. It is drawn from the document, and asks for nothing from elsewhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.api.document import TAGS, document
from dashboard.api.door import JSON
from dashboard.api.examples import REF
from dashboard.api.kinds import KINDS

Json = dict[str, Any]

READS = "get"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What stands in an address, its query or a header."""

    name: str
    where: str
    type: str
    description: str
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status, what it means, and the name of what comes with it."""

    status: str
    description: str
    schema: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as the page shows it. `path` is that of the document, `address` the one on this site; `body` is
    an example, empty where none is sent.
    """

    name: str
    method: str
    path: str
    address: str
    summary: str
    description: str
    parameters: list[Parameter]
    body: str
    body_schema: str
    answers: list[Answer]
    curl: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member of what goes in or out."""

    name: str
    type: str
    description: str
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What goes in or out, with its members."""

    name: str
    description: str
    members: list[Member]


@login_not_required
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Everything that the document says. Raises Http404 where the API is switched off."""
    if not settings.E164WEB.api:
        raise Http404(_("The API is switched off."))
    made = document()
    context = {
        "version": made["info"]["version"],
        "description": made["info"]["description"].strip().split("\n\n"),
        "groups": [(name, text, list(_operations(made, name))) for name, text in TAGS.items()],
        "shapes": list(_shapes(made)),
        "kinds": [replace(kind, title=_(kind.title), meaning=_(kind.meaning)) for kind in KINDS.values()],
    }
    return render(request, "dashboard/api.html", context)


def _operations(made: Json, tag: str) -> Iterator[Operation]:
    for path, methods in made["paths"].items():
        for method, details in methods.items():
            if tag in details["tags"]:
                yield _operation(path, method, details)


def _operation(path: str, method: str, details: Json) -> Operation:
    content = details.get("requestBody", {}).get("content", {}).get(JSON, {})
    body = json.dumps(content["example"], indent=2) if content else ""
    parameters = [
        Parameter(
            name=each["name"],
            where=each["in"],
            type=_type(each["schema"]),
            description=each.get("description", ""),
            is_required=each["required"],
        )
        for each in details["parameters"]
    ]
    answers = [_answer(status, each) for status, each in details["responses"].items()]
    whole = f"{settings.E164WEB.url.origin}{settings.E164WEB.url.prefix}{path}"
    return Operation(
        name=details["operationId"],
        method=method.upper(),
        path=path,
        address=f"{settings.E164WEB.url.prefix}{path}",
        summary=details["summary"],
        description=details.get("description", "").partition("\n")[2].strip(),
        parameters=parameters,
        body=body,
        body_schema=_type(content["schema"]) if content else "",
        answers=answers,
        curl=_curl(method.upper(), whole, parameters, bool(body)),
    )


def _curl(method: str, whole: str, parameters: list[Parameter], has_body: bool) -> str:
    needed = [each.name for each in parameters if each.where == "query" and each.is_required]
    query = "&".join(f"{name}={{{name}}}" for name in needed)
    lines = [f'curl -X {method} "{whole}{"?" if query else ""}{query}"', '-H "Authorization: Bearer $TOKEN"']
    lines += ["-H 'If-Match: \"ETAG\"'" for each in parameters if each.name == "If-Match"]
    if has_body:
        lines += ["--json @body.json"]
    return " \\\n  ".join(lines)


def _shapes(made: Json) -> Iterator[Shape]:
    for name, schema in sorted(made["components"]["schemas"].items()):
        members = [
            Member(
                name=member,
                type=_type(one),
                description=one.get("description", ""),
                is_required=member in schema.get("required", ()),
            )
            for member, one in schema.get("properties", {}).items()
        ]
        yield Shape(name=name, description=schema.get("description", ""), members=members)


def _answer(status: str, response: Json) -> Answer:
    if "$ref" in response:
        response = document()["components"]["responses"][status]
    schema = next((_type(content["schema"]) for content in response.get("content", {}).values()), "")
    return Answer(status=status, description=response["description"], schema=schema)


def _type(schema: Json) -> str:
    """A type in words: "integer, 0 to 65535", "list of Record", "string or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    if several := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(_type(one) for one in several)
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    bounds = f", {schema['minimum']} to {schema['maximum']}" if {"minimum", "maximum"} <= set(schema) else ""
    return f"{schema.get('format') or schema.get('type', 'any')}{bounds}"
