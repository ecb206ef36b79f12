"""Jobs as JSON: many numbers changed at once, with a preview of each."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from dashboard import models
from dashboard.api.values import NO_NUL, Given, Id, Reason, RecordState
from dashboard.models.job import MAX_QUERY
from dashboard.models.job import Action as Actions
from dashboard.protocol import MAX_ID
from dashboard.services.bulk import Results
from dashboard.services.bulk.actions import MAX_PATTERN, MAX_TAGS, MAX_TEMPLATE
from dashboard.services.bulk.approving import may_approve
from dashboard.services.bulk.deciding import MAX_CHOSEN
from dashboard.services.bulk.results import Row

Action = Literal["point", "replace", "preference", "add", "remove", "template", "tag"]
Text = Annotated[str, Field(max_length=MAX_PATTERN, pattern=NO_NUL)]
Tags = Annotated[str, Field(max_length=MAX_TAGS, pattern=NO_NUL)]
Chosen = Annotated[str, Field(pattern=r"^[0-9]{1,18}:[0-9]{1,18}$", examples=["1:1001"])]


class TemplateRecord(Given):
    """A record whose host data has placeholders."""

    preference: Annotated[int, Field(examples=[100])]
    service: Annotated[Text, Field(examples=["SIP"])]
    hostdata: Annotated[Text, Field(examples=["{number}@pbx.example.net"])]


class BulkFields(Given):
    """What an action is given; docs/bulk.md says which of these each takes."""

    service: Annotated[Text, Field(description="Only records of this service; of “add” the new one's.")] = ""
    host: Annotated[Text, Field(description="Only records in whose host data this is.", examples=["pbx-old"])] = ""
    pattern: Annotated[Text, Field(examples=["{local}@pbx-new.example.net"])] = ""
    old: Text = ""
    new: Text = ""
    preference: int | None = None
    hostdata: Text = ""
    records: Annotated[list[TemplateRecord], Field(max_length=MAX_TEMPLATE)] = []
    mode: Literal["", "add", "replace"] = ""
    add: Tags = ""
    remove: Tags = ""

    @property
    def given(self) -> dict[str, Any]:
        """Those that say something."""
        return self.model_dump(exclude_defaults=True)


class BulkWrite(Given):
    """What is to be done with which numbers: those that `query` finds, or `numbers`."""

    action: Annotated[Action, Field(examples=["point"])]
    fields: BulkFields = BulkFields()
    query: Annotated[str, Field(max_length=MAX_QUERY, pattern=NO_NUL, examples=["host:pbx-old"])] = ""
    numbers: Annotated[
        list[Chosen], Field(max_length=MAX_CHOSEN, description="The ids of credential and number.", examples=[[]])
    ] = []
    reason: Reason = ""


class StartWrite(Given):
    """When a job starts, and that what becomes unsafe was read."""

    starts_at: Annotated[AwareDatetime | None, Field(description="Null for now.", examples=[None])] = None
    has_read: Annotated[bool, Field(description="Needed where “unsafe” is not 0.", examples=[False])] = False


class UndoJobWrite(Given):
    """How far a job is taken back."""

    with_theirs: Annotated[bool, Field(description="Take away what others did since, too.", examples=[False])] = False
    reason: Reason = ""


Count = Annotated[int, Field(examples=[0])]


class JobCounts(BaseModel):
    """How many numbers have which result; `unsafe` of those that wait."""

    waiting: Annotated[int, Field(examples=[1200])]
    same: Count
    cannot: Count
    done: Count
    failed: Count
    conflict: Count
    unknown: Count
    unsafe: Count


class Job(BaseModel):
    """Many writes that somebody has seen before any was sent. `failure` says why it waits, or cannot be prepared."""

    id: Id
    action: Annotated[str, Field(examples=["point"])]
    state: Annotated[str, Field(examples=["preview"])]
    person: Annotated[str, Field(examples=["alice"])]
    query: str
    reason: str
    failure: str
    is_outdated: Annotated[bool, Field(description="Whether the mirror knows something newer than the preview.")]
    undoes: Annotated[int | None, Field(examples=[None])]
    approved_by: Annotated[str, Field(description="The second person; empty for none yet.", examples=[""])]
    may_approve: Annotated[bool, Field(description="Whether it waits for you: POST to its “/approve”.")]
    created_at: datetime
    starts_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    counts: JobCounts

    @classmethod
    def of(cls, person: models.User, job: models.Job) -> "Job":
        """One that the person may see, with the counts of what they may see."""
        results = Results(person, job)
        counts = {name: results.counts.of(name) for name in JobCounts.model_fields}
        return cls(
            id=job.pk,
            action=Actions(job.action).value,
            state=job.state,
            person=job.person,
            query=job.query,
            reason=job.reason,
            failure=job.failure,
            is_outdated=results.is_outdated,
            undoes=job.undoes_id,
            approved_by=job.approved_by.get_username() if job.approved_by is not None else "",
            may_approve=job.state == models.JobState.APPROVAL and may_approve(person, job),
            created_at=job.created_at,
            starts_at=job.starts_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            counts=JobCounts(**counts),
        )


class Jobs(BaseModel):
    """Jobs, newest first. `next` is what to send as `before` for older ones."""

    jobs: list[Job]
    next: Annotated[int | None, Field(examples=[None])]


class JobNumber(BaseModel):
    """A number of a job: what it has, what it is to have, and what came of it."""

    place: Annotated[int, Field(ge=1, le=MAX_ID, examples=[1])]
    credential: Annotated[int | None, Field(examples=[1])]
    number: Annotated[int | None, Field(description="Its id.", examples=[1001])]
    digits: Annotated[str, Field(examples=["442079460000"])]
    result: Annotated[str, Field(examples=["waiting"])]
    words: str
    before: list[RecordState]
    after: list[RecordState]
    raws_come: Annotated[list[str], Field(description="Raw records that come, as a zone file has them.")]
    raws_gone: Annotated[list[str], Field(description="Raw records that go.")]
    worse: Annotated[list[str], Field(description="Telephone systems that get less than before.")]
    concerns: list[str]
    change: Annotated[int | None, Field(description="Its last change in the history.", examples=[None])]

    @classmethod
    def of(cls, row: Row) -> "JobNumber":
        """One row."""
        item = row.item
        return cls(
            place=item.place,
            credential=item.credential_id,
            number=item.number_id,
            digits=item.digits,
            result=item.result,
            words=item.words,
            before=[RecordState.of_state(one) for one in item.before],
            after=[RecordState.of_state(one) for one in item.after],
            raws_come=row.raws_come,
            raws_gone=row.raws_gone,
            worse=item.worse.split(),
            concerns=item.concerns,
            change=row.change,
        )


class JobNumbers(BaseModel):
    """Numbers of a job, in their order. `next` is what to send as `after` for the following ones."""

    numbers: list[JobNumber]
    next: Annotated[int | None, Field(examples=[None])]
