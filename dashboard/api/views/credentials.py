"""Credentials, and the numbers of each."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query

from dashboard import access
from dashboard.api.operations import REGISTRY, ProgramRequest, operation, reply
from dashboard.api.parameters import CredentialId, NumberName, number_id_of
from dashboard.api.values import Credential, Credentials, ListedNumber, Number, Numbers
from dashboard.services import credentials as services
from dashboard.services import numbers
from dashboard.services.zones import suffix_of

MAX_QUERY = 100  # characters, as on the page

Search = Annotated[
    str, Query(max_length=MAX_QUERY, description="Part of a number, in any writing; or of its domain name.")
]
Sort = Annotated[Literal["number", "-number", "id", "-id"], Query(description="The order of all pages.")]
Page = Annotated[int, Query(ge=1, description="Which page of 50; past the end, the last one.")]


@operation("GET", "/credentials", Credentials, tag="Numbers")
def credential_list(request: ProgramRequest) -> Credentials:
    """All credentials that this token may use."""
    found = services.with_teams(request.user, access.credentials(request.user))
    return Credentials(credentials=[Credential.of(credential) for credential in found])


@operation("GET", "/credentials/{int:credential}", Credential, tag="Numbers")
def credential_detail(request: ProgramRequest, credential: CredentialId) -> Credential:
    """One credential."""
    found = access.credential(request.user, credential, access.SEE)
    return Credential.of(services.with_teams(request.user, [found])[0])


@operation("GET", "/credentials/{int:credential}/numbers", Numbers, *REGISTRY, tag="Numbers")
def number_list(
    request: ProgramRequest, credential: CredentialId, q: Search = "", sort: Sort = "number", page: Page = 1
) -> Numbers:
    """A page of the numbers of an account, all or those that a search finds.

    A search that cannot be read is refused with 422.
    """
    of = access.credential(request.user, credential, access.SEE)
    found = numbers.list_numbers(request.user, of, query=q, sort=sort, page=str(page))
    if found.problem is not None:
        raise found.problem
    suffix = suffix_of(of.registry)
    return Numbers(
        numbers=[ListedNumber.of(row, suffix) for row in found.rows],
        page=found.page.number,
        pages=found.page.paginator.num_pages,
        matching=found.matching,
        total=found.total,
    )


@operation("GET", "/credentials/{int:credential}/numbers/{number}", Number, *REGISTRY, tag="Numbers")
def number_detail(request: ProgramRequest, credential: CredentialId, number: NumberName) -> HttpResponse:
    """A number with its records, as the registry has them now."""
    of = access.credential(request.user, credential, access.SEE)
    found = Number.of(numbers.see_number(request.user, of, number_id_of(request.user, of, number)))
    return reply(found, etag=found.fingerprint)
