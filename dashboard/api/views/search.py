"""The search over all numbers that the mirror has."""

from typing import Annotated

from ninja import Query

from dashboard.api.operations import ProgramRequest, operation
from dashboard.api.problems import Refusal
from dashboard.api.values import NO_NUL, FoundNumbers
from dashboard.models.saved import MAX_QUERY
from dashboard.services.search import QueryError, page_of
from dashboard.services.sentences import say

MAX_CURSOR = 100  # characters

Asked = Annotated[
    str,
    Query(
        max_length=MAX_QUERY,
        pattern=NO_NUL,
        description="Words and key:value, as docs/search.md says; everything without any.",
        examples=["host:pbx-old service:SIP"],
    ),
]
Page = Annotated[str, Query(max_length=MAX_CURSOR, pattern=NO_NUL, description="“next” of the page before.")]


@operation("GET", "/search", FoundNumbers, tag="Numbers")
def number_search(request: ProgramRequest, q: Asked = "", page: Page = "") -> FoundNumbers:
    """Numbers of all credentials, as their registries had them when they were last looked at.

    Whoever changes a record reads it live first.
    """
    try:
        return FoundNumbers.of(page_of(request.user, q, after=page))
    except QueryError as error:
        field = "page" if page and error.word == page else "q"
        raise Refusal.of_fields("invalid", field, "query", say(error)) from None
