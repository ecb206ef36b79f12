"""Who can call a number, and what the DNS says about it."""

from dataclasses import replace
from typing import Annotated

from ninja import Query
from pydantic import Field, model_validator

from dashboard import access
from dashboard.api.callers import Callers
from dashboard.api.dns import DnsState
from dashboard.api.operations import BODY, REGISTRY, ProgramRequest, operation
from dashboard.api.parameters import MAX_NUMBER, NumberName, number_id_of
from dashboard.api.values import MAX_RECORDS, Given, Id, RecordGiven
from dashboard.protocol import MAX_ID
from dashboard.services import dns, numbers
from dashboard.services.records import callers as predicted

TAG = "Predictions and DNS"

Of = Annotated[int, Query(ge=0, le=MAX_ID, description="The id of the credential that has the number.")]


class Question(Given):
    """A number with these records; or, with the id of a `credential`, with those that the registry has for it."""

    number: Annotated[
        str,
        Field(
            pattern=r"^\+[0-9]{1,40}\*?$",
            max_length=MAX_NUMBER,
            description="With + in front, and a block with * behind.",
            examples=["+442079460000"],
        ),
    ]
    credential: Id | None = None
    records: Annotated[list[RecordGiven] | None, Field(max_length=MAX_RECORDS)] = None
    dialled: Annotated[
        str,
        Field(
            pattern=r"^(?:\+[0-9]{1,40})?$", description="Of a block, which of its numbers is called.", examples=[""]
        ),
    ] = ""

    @model_validator(mode="after")
    def has_records(self) -> "Question":
        """Without records there must be somebody to ask for them."""
        if self.records is None and self.credential is None:
            raise ValueError("Give records, or the id of a credential that has the number.")
        return self


@operation("POST", "/who-can-call", Callers, *REGISTRY, *BODY, tag=TAG)
def who_can_call(request: ProgramRequest, body: Question) -> Callers:
    """Who can call a number: what each telephone system makes of given records, or of those that the registry has.

    It changes nothing, so a token that may only read may ask.
    """
    if body.records is not None:
        drafts = [given.draft for given in body.records]
        return Callers.of(predicted.callers_of(body.number.removeprefix("+"), drafts, body.dialled))
    of = access.credential(request.user, body.credential or 0, access.SEE)
    found = numbers.see_number(request.user, of, number_id_of(request.user, of, body.number))
    return Callers.of(predicted.Callers.of(replace(found, dialled=body.dialled)))


@operation("GET", "/dns/{number}", DnsState, *REGISTRY, tag=TAG)
def dns_state(request: ProgramRequest, number: NumberName, credential: Of) -> DnsState:
    """What the DNS says about a number now, at each name server and resolver, compared with the registry."""
    of = access.credential(request.user, credential, access.SEE)
    found = numbers.see_number(request.user, of, number_id_of(request.user, of, number))
    return DnsState.of(found.number, dns.look_at_number(request.user, of, found))
