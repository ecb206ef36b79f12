"""The kinds of problems that the API answers with (RFC 9457): for programs their code, for people their title."""

from dataclasses import dataclass
from http import HTTPStatus

from dashboard.enum.problems import gettext_noop


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `code` is a stable word, `title` always the same, `meaning` what to do then."""

    code: str
    status: HTTPStatus
    title: str
    meaning: str


_ALL = (
    Kind(
        "malformed",
        HTTPStatus.BAD_REQUEST,
        gettext_noop("The request cannot be read"),
        gettext_noop("The body is no JSON, or a header is not what it should be. The detail names the place."),
    ),
    Kind(
        "unauthorized",
        HTTPStatus.UNAUTHORIZED,
        gettext_noop("A token is needed"),
        gettext_noop("Send a token that is valid, as Authorization: Bearer. Cookies count for nothing here."),
    ),
    Kind(
        "forbidden",
        HTTPStatus.FORBIDDEN,
        gettext_noop("This is not allowed"),
        gettext_noop("The person sees this and may not do it, or the token may do less than its person."),
    ),
    Kind(
        "https-only",
        HTTPStatus.FORBIDDEN,
        gettext_noop("The API speaks HTTPS only"),
        gettext_noop("The token went over the network in clear: revoke it, and use https://."),
    ),
    Kind(
        "not-found",
        HTTPStatus.NOT_FOUND,
        gettext_noop("There is no such thing"),
        gettext_noop("It does not exist, or not for this person and this token."),
    ),
    Kind(
        "method",
        HTTPStatus.METHOD_NOT_ALLOWED,
        gettext_noop("This method is not for this address"),
        gettext_noop("The header Allow names those that are."),
    ),
    Kind(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        gettext_noop("The API answers with JSON only"),
        gettext_noop("The header Accept must allow application/json."),
    ),
    Kind(
        "others",
        HTTPStatus.CONFLICT,
        gettext_noop("Others changed the same since"),
        gettext_noop("Nothing was sent. A dry run shows what they did; “with_theirs” takes it away too."),
    ),
    Kind(
        "interrupted",
        HTTPStatus.CONFLICT,
        gettext_noop("This was interrupted half-way"),
        gettext_noop(
            "What was sent is among “changes”, and stays. Read what is there now, and send the request again, with a "
            "new key."
        ),
    ),
    Kind(
        "not-now",
        HTTPStatus.CONFLICT,
        gettext_noop("This cannot be done as things are"),
        gettext_noop("The detail says what is in the way, such as a job that has ended already."),
    ),
    Kind(
        "conflict",
        HTTPStatus.PRECONDITION_FAILED,
        gettext_noop("Somebody changed this meanwhile"),
        gettext_noop(
            "Nothing was sent. “sent” is what you wanted, “current” what the registry has; its ETag is the one to "
            "send as If-Match next."
        ),
    ),
    Kind(
        "too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        gettext_noop("The body is too large"),
        gettext_noop("No request needs so much."),
    ),
    Kind(
        "not-json",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        gettext_noop("The body must be JSON"),
        gettext_noop("Send it with Content-Type: application/json."),
    ),
    Kind(
        "invalid",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("Something in the request is wrong"),
        gettext_noop("Nothing was sent. “errors” name the fields, and say what is wrong with each."),
    ),
    Kind(
        "concerns",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("This is unsafe, and must be accepted"),
        gettext_noop(
            "Nothing was sent. Read the “concerns”, and send the same again with “accept” from this answer."
        ),
    ),
    Kind(
        "refused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("The registry refused this"),
        gettext_noop("The detail has its words. Of a set, what took effect before is among “changes”, and stays."),
    ),
    Kind(
        "other-request",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        gettext_noop("This key was used for another request"),
        gettext_noop("Nothing was sent. An Idempotency-Key belongs to one request; make a new one for another."),
    ),
    Kind(
        "precondition-required",
        HTTPStatus.PRECONDITION_REQUIRED,
        gettext_noop("Say which version you have seen"),
        gettext_noop("Nothing was sent. Read first, and send its ETag as If-Match."),
    ),
    Kind(
        "too-many",
        HTTPStatus.TOO_MANY_REQUESTS,
        gettext_noop("Too many requests"),
        gettext_noop("Wait as many seconds as Retry-After says."),
    ),
    Kind(
        "not-applied",
        HTTPStatus.BAD_GATEWAY,
        gettext_noop("The registry did not take the command"),
        gettext_noop(
            "Of a set, what took effect before is among “changes”, and stays. It is safe to send the request "
            "again, with a new key."
        ),
    ),
    Kind(
        "registry",
        HTTPStatus.BAD_GATEWAY,
        gettext_noop("The registry gave no good answer"),
        gettext_noop("Nothing was changed. Try again as soon as Retry-After says."),
    ),
    Kind(
        "busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        gettext_noop("Too many are waiting for this already"),
        gettext_noop("Nothing was sent. Try again as soon as Retry-After says."),
    ),
)
KINDS = {kind.code: kind for kind in _ALL}
