"""Records in and out: a text becomes the preview of a job, and what a search finds becomes a file."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from dashboard.api.operations import BODY, ProgramRequest, operation, reply
from dashboard.api.problems import Refusal
from dashboard.api.values import NO_NUL, Id
from dashboard.models import Format
from dashboard.models.job import MAX_REASON
from dashboard.models.saved import MAX_QUERY
from dashboard.protocol import MAX_UINT16
from dashboard.services import transfer
from dashboard.services.search import QueryError
from dashboard.services.sentences import say
from dashboard.services.transfer import KINDS, Options, Unreadable
from dashboard.services.transfer.options import DEFAULT_PREFERENCE

TAG = "Import and export"
MAX_PART = 1_000_000

Column = Annotated[int | None, Field(ge=0, lt=100, description="Counted from 0.", examples=[0])]
Searched = Annotated[str, Query(max_length=MAX_QUERY, pattern=NO_NUL, description="A search; empty for all numbers.")]
Kind = Annotated[
    Literal["csv", "jsonl", "zone", "vcard", "yealink", "cisco", "snom", "grandstream"],
    Query(alias="format", description="What the file is."),
]
Part = Annotated[
    int, Query(ge=1, le=MAX_PART, description="Of a Cisco telephone's directory, which takes 32 numbers.")
]


# What ninja cannot know of an answer that is a file.
_FILE: dict[str, Any] = {
    "responses": {
        200: {
            "content": {
                kind.content_type.partition(";")[0]: {"schema": {"type": "string"}, "example": ""}
                for kind in KINDS.values()
            }
        }
    }
}


class Columns(BaseModel):
    """Which column of a table holds what. Where this is missing, its first line is read for it."""

    model_config = ConfigDict(extra="forbid")

    number: Column = None
    preference: Column = None
    service: Column = None
    hostdata: Column = None


class ImportWrite(BaseModel):
    """A text with records, for the numbers of a credential. Larger ones are for the page, or `import_records`."""

    model_config = ConfigDict(extra="forbid")

    credential: Id
    text: Annotated[str, Field(description="The text itself.", examples=["number,service,hostdata\n"])]
    format: Literal["csv", "jsonl", "zone"]
    columns: Columns | None = None
    origin: Annotated[str, Field(max_length=253, description="What relative names of a zone file belong to.")] = ""
    mode: Annotated[
        Literal["add", "replace"],
        Field(
            description="Whether what is missing is added and all other records stay, or each number gets these "
            "records alone and its others are deleted."
        ),
    ] = "add"
    others: Annotated[
        Literal["leave", "split"],
        Field(description="What becomes of NAPTR records that are no service with host data."),
    ] = "leave"
    makes: Annotated[bool, Field(description="Whether numbers are made that the account does not have.")] = False
    takes_plain: Annotated[bool, Field(description="Whether numbers without + begin with their country code.")] = (
        False
    )
    service: Annotated[str, Field(max_length=255, pattern=NO_NUL, description="Of lines that name none.")] = ""
    preference: Annotated[int, Field(ge=0, le=MAX_UINT16)] = DEFAULT_PREFERENCE
    reason: Annotated[str, Field(max_length=MAX_REASON, pattern=NO_NUL)] = ""

    @property
    def options(self) -> Options:
        """The same for the service."""
        columns = self.columns.model_dump(exclude_none=True) if self.columns is not None else {}
        return Options(
            encoding="utf-8",
            columns=columns,
            origin=self.origin.rstrip("."),
            replaces=self.mode == "replace",
            splits=self.others == "split",
            makes=self.makes,
            takes_plain=self.takes_plain,
            service=self.service,
            preference=self.preference,
        )


class Imported(BaseModel):
    """The job whose preview is being made."""

    job: Id


@operation("POST", "/import", Imported, *BODY, tag=TAG, others={HTTPStatus.CREATED: Imported})
def import_make(request: ProgramRequest, body: ImportWrite) -> HttpResponse:
    """Have a preview made of what a text would change. Nothing is sent until the job is started."""
    octets = body.text.encode("utf-8", "surrogatepass")
    try:
        kept = transfer.keep(
            request.user, body.credential, [octets], format_=Format(body.format), options=body.options
        )
        job = transfer.start_preview(request.user, kept, Options.of(kept.options), reason=body.reason)
    except Unreadable as problem:
        raise Refusal.of_fields("invalid", "text", "unreadable", say(problem)) from None
    return reply(Imported(job=job.pk), status=HTTPStatus.CREATED, location=f"/api/v1/jobs/{job.pk}")


@operation("GET", "/export", None, tag=TAG, openapi_extra=_FILE)
def export_file(request: ProgramRequest, kind: Kind, q: Searched = "", part: Part = 1) -> StreamingHttpResponse:
    """A file of what a search finds: the numbers as the registries said last, with their records."""
    try:
        lines = transfer.export(request.user, q, kind, part=part)
    except QueryError as problem:
        raise Refusal.of_fields("invalid", "query.q", "query", say(problem)) from None
    return StreamingHttpResponse(lines, content_type=KINDS[kind].content_type)
