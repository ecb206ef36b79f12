"""What an exception of a service, of Django or of ninja becomes as an answer."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from allauth.core.internal import ratelimit
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja.errors import HttpError, ValidationError

from dashboard.api.operations import api
from dashboard.api.problems import RETRY_AFTER, FieldProblem, Refusal
from dashboard.client import RegistryError
from dashboard.enum import NumberError
from dashboard.services.dns import TooManyLooks
from dashboard.services.sentences import say
from dashboard.services.tokens import Refusal as Refused
from dashboard.services.tokens import TokenRefused, TooManyRequests

GUESSES_WAIT = 60  # seconds in which an address may try so many tokens (token_failed in the settings)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    del request
    return refusal.response


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    del request
    return Refusal("not-found", str(error)).response


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    del request
    return Refusal("forbidden", str(error)).response


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    del request, error
    return Refusal("too-large").response


@api.exception_handler(UnreadablePostError)
def _broken(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    """Whoever was sending has gone, and nothing was carried out."""
    del request, error
    return Refusal("malformed").response


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps what the parser of bodies raises."""
    if isinstance(error.__cause__, Exception) and not isinstance(error.__cause__, HttpError):
        return api.on_exception(request, error.__cause__)
    kinds = {HTTPStatus.UNAUTHORIZED: "unauthorized", HTTPStatus.FORBIDDEN: "forbidden"}
    return Refusal(kinds.get(HTTPStatus(error.status_code), "malformed"), str(error)).response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields as they were sent; what no address can be is not there."""
    del request
    if any(one["loc"][0] == "path" for one in error.errors):
        return Refusal("not-found").response
    found = [FieldProblem(field=_field(one["loc"]), code=one["type"], message=one["msg"]) for one in error.errors]
    return Refusal("invalid", "; ".join(f"{one.field}: {one.message}" for one in found), errors=found).response


@api.exception_handler(TokenRefused)
def _unauthorized(request: HttpRequest, refusal: TokenRefused) -> HttpResponse:
    """Without any token the challenge says nothing else (RFC 6750, section 3.1). Who tries tokens has to wait."""
    if refusal.is_guess and not ratelimit.consume(
        request, app="allauth.account", action="token_failed", limit_get=True
    ):
        return Refusal("too-many", headers={"Retry-After": str(GUESSES_WAIT)}).response
    challenge = "Bearer" if refusal.code == Refused.MISSING else 'Bearer error="invalid_token"'
    return Refusal("unauthorized", say(refusal), {"WWW-Authenticate": challenge}).response


@api.exception_handler(TooManyRequests)
def _too_many(request: HttpRequest, problem: TooManyRequests) -> HttpResponse:
    del request
    return Refusal("too-many", headers=problem.headers).response


@api.exception_handler(NumberError)
def _no_number(request: HttpRequest, error: NumberError) -> HttpResponse:
    del request
    return Refusal.of_fields("invalid", error.field, "number", say(error)).response


@api.exception_handler(RegistryError)
def _registry_failed(request: HttpRequest, failure: RegistryError) -> HttpResponse:
    del request
    code = "busy" if failure.code == "busy" else "registry"
    return Refusal(code, say(failure), {"Retry-After": str(RETRY_AFTER)}).response


@api.exception_handler(TooManyLooks)
def _too_many_looks(request: HttpRequest, problem: TooManyLooks) -> HttpResponse:
    del request
    return Refusal("busy", say(problem), {"Retry-After": str(RETRY_AFTER)}).response


def _field(place: Sequence[Any]) -> str:
    """Where something is in the request: "records.0.service" of a body, "query.page", "header.If-Match"."""
    source, *names = map(str, place)
    # Of a body, ninja says the name of the function's own parameter first.
    return ".".join(names[1:] or ["body"]) if source == "body" else f"{source}.{'.'.join(names)}"
