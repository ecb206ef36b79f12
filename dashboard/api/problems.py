"""What goes wrong, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from pydantic import BaseModel, Field

from dashboard.api.kinds import KINDS
from dashboard.api.values import Change, Number, RecordData
from dashboard.enum import Problem as RecordProblem
from dashboard.services.sentences import say

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 10  # seconds; as long as a registry that was silent is left alone


class FieldProblem(BaseModel):
    """What is wrong with one field, or must be accepted: where it is in the request, a stable word, a sentence."""

    field: Annotated[str, Field(examples=["hostdata"])]
    code: Annotated[str, Field(examples=["no-uri"])]
    message: Annotated[str, Field(examples=["This is no address of a SIP user."])]

    @classmethod
    def of(cls, problem: RecordProblem) -> "FieldProblem":
        """The same of a record."""
        return cls(field=problem.field, code=problem.code, message=say(problem))


class Problem(BaseModel):
    """Why a request was not carried out. `code` is a stable word; the other members belong to some kinds only."""

    type: Annotated[str, Field(description="The kind of problem: where it is explained.", examples=["/api/#invalid"])]
    title: Annotated[str, Field(examples=["Something in the request is wrong"])]
    status: Annotated[int, Field(examples=[422])]
    detail: Annotated[str, Field(examples=["This is no address of a SIP user."])]
    code: Annotated[str, Field(examples=["invalid"])]
    errors: Annotated[list[FieldProblem] | None, Field(description="What is wrong, field by field.")] = None
    concerns: Annotated[list[FieldProblem] | None, Field(description="What must be read and accepted.")] = None
    accept: Annotated[str | None, Field(description="What says that these concerns were read.")] = None
    sent: Annotated[list[RecordData] | None, Field(description="Of a conflict: what you wanted to write.")] = None
    current: Annotated[Number | None, Field(description="Of a conflict: what the registry has now.")] = None
    changes: Annotated[list[Change] | None, Field(description="What the history has of it.")] = None


class Refusal(Exception):
    """A request that is not carried out: the kind of problem, what there is to say, and headers."""

    def __init__(self, code: str, detail: str = "", headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers, self.members = code, detail, dict(headers or {}), members

    @classmethod
    def of_fields(cls, code: str, field: str, word: str, message: str) -> "Refusal":
        """One field at fault."""
        return cls(code, message, errors=[FieldProblem(field=field, code=word, message=message)])

    @property
    def response(self) -> HttpResponse:
        """The answer."""
        kind = KINDS[self.code]
        problem = Problem(
            type=f"{reverse('api')}#{kind.code}",
            title=gettext(kind.title),
            status=kind.status,
            detail=self.detail or gettext(kind.meaning),
            code=kind.code,
            **self.members,
        )
        content = problem.model_dump_json(exclude_none=True)
        return HttpResponse(content, status=kind.status, content_type=MEDIA_TYPE, headers=self.headers)


def of_review(errors: Sequence[RecordProblem], concerns: Sequence[RecordProblem], digest: str) -> Refusal:
    """A draft that has errors, or concerns that nobody has accepted."""
    if errors:
        found = [FieldProblem.of(problem) for problem in errors]
        return Refusal("invalid", " ".join(problem.message for problem in found), errors=found)
    found = [FieldProblem.of(problem) for problem in concerns]
    return Refusal("concerns", " ".join(problem.message for problem in found), concerns=found, accept=digest)


def codes_of(*statuses: HTTPStatus) -> list[str]:
    """The kinds of problems that have one of these statuses."""
    return [kind.code for kind in KINDS.values() if kind.status in statuses]
