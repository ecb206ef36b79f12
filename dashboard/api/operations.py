"""The operations of the API: what each takes and answers with, once, for the router and for the document."""

import functools
import inspect
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.security.http import HttpAuthBase
from pydantic import BaseModel

from dashboard.api.door import JSON
from dashboard.api.problems import Problem, Refusal
from dashboard.models import User
from dashboard.services import tokens

VERSION = "1.0.0"  # of the document: the first figure is that of the addresses
DESCRIPTION = """\
Everything that the pages do with numbers, their records, history and DNS state, for programs.

A token is made on the page *Tokens*, and sent as `Authorization: Bearer`. It allows what its person may do, or less.

Whatever is written to something that exists names the version that was seen: `If-Match` with the `ETag` of the
answer that showed it. An `Idempotency-Key`, any UUID, makes a request that is sent twice one write. `?dry_run=1`
answers with what would become of a write, and sends nothing. What goes wrong is `application/problem+json` (RFC
9457), whose `code` is for programs. Sentences are in the language of `Accept-Language`.
"""
# What any operation may answer with.
ANY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)
REGISTRY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)  # of those that ask a registry or the DNS
BODY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
WRITE = (*REGISTRY, *BODY)
VERSIONED = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED, *REGISTRY)

Function = Callable[..., Any]


class ProgramRequest(HttpRequest):
    """A request of a program that acts for a person."""

    user: User


class Token(HttpAuthBase):
    """How programs say for whom they act."""

    openapi_scheme = "bearer"
    openapi_description = "A token that was made on the page Tokens."

    def __call__(self, request: HttpRequest) -> User:
        """The person, as narrow as the token. Raises what `authenticate` and `count_request` of `tokens` raise."""
        person = tokens.authenticate(request.headers.get("Authorization", ""), request.META.get("REMOTE_ADDR", ""))
        request.user = person
        if person.token is not None:
            request.rate = tokens.count_request(person.token).headers  # type: ignore[attr-defined]  # for the door
        return person


class Body(Parser):
    """JSON as RFC 8259 has it, with the place of what is not."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says. Raises Refusal."""
        try:
            return json.loads(request.body.decode(), parse_constant=_no_json, object_pairs_hook=_once)
        except UnicodeDecodeError as error:
            raise Refusal("malformed", f"The body is not UTF-8: octet {error.start + 1}.") from None
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise Refusal("malformed", f"The body is not JSON: {error.msg} ({place}).") from None
        except RecursionError:
            raise Refusal("malformed", "The body is nested too deep.") from None
        except ValueError as error:
            raise Refusal("malformed", f"The body is not JSON: {error}.") from None


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{json.dumps(twice)} stands there twice")
    return found


api = NinjaAPI(
    title="e164web",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=Token(),
    parser=Body(),
)


def operation(
    method: str,
    path: str,
    answer: Any,
    *problems: HTTPStatus,
    tag: str,
    others: dict[HTTPStatus, Any] | None = None,
    **extra: Any,
) -> Callable[[Function], Function]:
    """Register a function as what answers `method` at `path`. It returns an HttpResponse, or the answer itself: a
    model, or one of several.

    `problems` are the statuses that it may have beside those that any may have, `others` further good answers.
    """
    statuses = dict.fromkeys((*ANY, *problems), Problem)
    responses: dict[HTTPStatus, Any] = {HTTPStatus.OK: answer, **(others or {}), **statuses}

    def register(function: Function) -> Function:
        @functools.wraps(function)
        def answered(request: ProgramRequest, **values: Any) -> HttpResponseBase:
            _insist_on_names(request, registered)
            result = function(request, **values)
            return result if isinstance(result, HttpResponseBase) else reply(result)

        decorate = api.api_operation(
            [method],
            path,
            response={int(status): model for status, model in sorted(responses.items())},
            operation_id=function.__name__,
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            tags=[tag],
            **extra,
        )
        registered = cast("Function", decorate(answered))
        return registered

    return register


def _insist_on_names(request: HttpRequest, function: Function) -> None:
    """Raises Refusal for a parameter that there is none of: dry-run, misspelt, would else be no dry run at all."""
    models = function._ninja_operation.models  # type: ignore[attr-defined]
    known = {name for one in models if one.__ninja_param_source__ == "query" for name in one.__ninja_flatten_map__}
    for name in request.GET:
        if name not in known:
            message = f"This address takes no such parameter; it takes: {', '.join(sorted(known)) or 'none'}."
            raise Refusal.of_fields("invalid", f"query.{name}", "unknown", message)


def reply(answer: BaseModel, *, status: int = HTTPStatus.OK, etag: str = "", location: str = "") -> HttpResponse:
    """An answer as JSON. It is made by its model, so that nobody need check it again."""
    headers = {"ETag": f'"{etag}"'} if etag else {}
    if location:
        headers["Location"] = location
    return HttpResponse(answer.model_dump_json(), status=status, content_type=JSON, headers=headers)
