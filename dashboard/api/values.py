"""What goes in and out as JSON, in the words of docs/architecture.md."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dashboard import models
from dashboard.access import May
from dashboard.models.change import MAX_REASON
from dashboard.protocol import MAX_ID, MAX_SERVICE, MAX_UINT16
from dashboard.protocol import Record as ProtocolRecord
from dashboard.protocol import RecordData as Draft
from dashboard.protocol import RecordState as State
from dashboard.services.numbers import NumberRecords, NumberRow, fingerprint
from dashboard.services.numbers.formatting import name_of, writing
from dashboard.services.search import NumberPage

MAX_HOSTDATA = 10_000  # characters that are looked at; the wire's own limit is 255 octets
MAX_RECORDS = 500  # as many as a page shows
MAX_ACCEPTED = 64  # characters of a SHA-256
NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores none, and cannot be asked for any

Id = Annotated[int, Field(ge=0, le=MAX_ID, examples=[1001])]
Preference = Annotated[
    int, Field(ge=0, le=MAX_UINT16, description="Lower ones are tried first (RFC 3403, section 4.1).", examples=[100])
]
Uint16 = Annotated[int, Field(ge=0, le=MAX_UINT16, examples=[100])]


class RecordData(BaseModel):
    """What a person decides about a record."""

    preference: Preference
    service: Annotated[str, Field(description="A service that the registry offers.", examples=["SIP"])]
    hostdata: Annotated[str, Field(description="Where it is reached.", examples=["office@sip.example.org"])]

    @classmethod
    def of_draft(cls, draft: Draft) -> "RecordData":
        """The three values of a draft."""
        return cls(preference=draft.preference, service=draft.service, hostdata=draft.hostdata)


class RecordState(RecordData):
    """A record as it was, or will be; `id` is null for one that no registry has yet."""

    id: Annotated[int | None, Field(examples=[1001])]
    order: Annotated[int, Field(examples=[100])]

    @classmethod
    def of_state(cls, state: State) -> "RecordState":
        """The same in the history."""
        return cls(
            id=state.id,
            order=state.order,
            preference=state.preference,
            service=state.service,
            hostdata=state.hostdata,
        )


class Record(RecordData):
    """A record as the registry has it now. `fingerprint` is its ETag without the quotation marks."""

    id: Id
    order: Uint16
    fingerprint: Annotated[str, Field(examples=["1001-9b74c9897bac770ffc029102a200c5de"])]

    @classmethod
    def of(cls, record: ProtocolRecord) -> "Record":
        """One of a number's."""
        return cls(
            id=record.id,
            order=record.order,
            preference=record.preference,
            service=record.service,
            hostdata=record.hostdata,
            fingerprint=fingerprint([record]),
        )


class NumberData(BaseModel):
    """A telephone number of an account. `number` is written with + in front, a block's with * behind."""

    id: Id
    number: Annotated[str, Field(examples=["+442079460000"])]


class ListedNumber(NumberData):
    """A number of a list. `record_count` is what was seen last; null where nobody has looked yet."""

    written: Annotated[str, Field(description="As its country writes it.", examples=["+44 20 7946 0000"])]
    region: Annotated[str, Field(description="ISO 3166; empty where it names no country.", examples=["GB"])]
    domain: Annotated[str, Field(examples=["0.0.0.0.6.4.9.7.0.2.4.4.e164.arpa"])]
    record_count: Annotated[int | None, Field(examples=[2])]

    @classmethod
    def of(cls, row: NumberRow, suffix: str) -> "ListedNumber":
        """A row of a page."""
        written = writing(row.number, suffix)
        return cls(
            id=row.number.id,
            number=f"+{name_of(row.number).text}",
            written=written.text,
            region=written.region,
            domain=written.domain,
            record_count=row.record_count,
        )


class Number(NumberData):
    """A number with its records, in the order in which telephone systems try them.

    `fingerprint` is that of all records, the ETag without the quotation marks.
    """

    records: list[Record]
    fingerprint: Annotated[str, Field(examples=["6f1ed002ab5595859014ebf0951522d9"])]

    @classmethod
    def of(cls, found: NumberRecords) -> "Number":
        """A number that was just read."""
        return cls(
            id=found.number.id,
            number=f"+{name_of(found.number).text}",
            records=[Record.of(record) for record in found.records],
            fingerprint=found.fingerprint,
        )


class Numbers(BaseModel):
    """A page of an account's numbers; `matching` says how many there are on all pages, `total` how many without q."""

    numbers: list[ListedNumber]
    page: Annotated[int, Field(examples=[1])]
    pages: Annotated[int, Field(examples=[1])]
    matching: Annotated[int, Field(examples=[3])]
    total: Annotated[int, Field(examples=[3])]


class Credential(BaseModel):
    """A login at a registry, one's own or one that a team shares. `may` is how much this token may do with it.

    That is “edit” at most, since people manage members and secrets themselves.
    """

    id: Id
    label: Annotated[str, Field(examples=["Office"])]
    username: Annotated[str, Field(examples=["example"])]
    registry: Annotated[str, Field(examples=["e164.org"])]
    services: Annotated[list[str], Field(description="What the registry offers.", examples=[["SIP", "IAX2"]])]
    may: Annotated[Literal["see", "edit"], Field(examples=["edit"])]
    teams: Annotated[list[str], Field(description="Through which teams.", examples=[["Support"]])]
    problem: Annotated[str, Field(description="What its last check found; empty for nothing.", examples=[""])]

    @classmethod
    def of(cls, credential: models.Credential) -> "Credential":
        """One that was asked for with its teams."""
        return cls(
            id=credential.pk,
            label=credential.label,
            username=credential.username,
            registry=credential.registry.name,
            services=credential.services,
            may=May(credential.may).name.lower(),  # type: ignore[arg-type]  # one of the two, with a token
            teams=credential.teams,
            problem=credential.problem,
        )


class Credentials(BaseModel):
    """All credentials of a person that the token allows."""

    credentials: list[Credential]


class Change(BaseModel):
    """A write in the history: all records of the number before and after it, and what is known about it."""

    id: Id
    at: datetime
    settled_at: Annotated[datetime | None, Field(description="Null as long as nobody knows its outcome.")]
    person: Annotated[str, Field(description="Empty for what changed elsewhere.", examples=["alice"])]
    token: Annotated[str, Field(description="Of the program that acted for them, if any did.", examples=["deploy"])]
    credential: Annotated[int | None, Field(description="Null for one that was removed.", examples=[1])]
    credential_label: Annotated[str, Field(examples=["Office"])]
    registry: Annotated[str, Field(examples=["e164.org"])]
    command: Annotated[Literal["new", "update", "delete", "deleteall", "seen"], Field(examples=["update"])]
    number_id: Annotated[int, Field(examples=[1001])]
    number: Annotated[str, Field(examples=["+442079460000"])]
    record_id: Annotated[int | None, Field(examples=[1001])]
    before: list[RecordState]
    after: list[RecordState]
    outcome: Annotated[Literal["sent", "applied", "refused", "not-applied", "unknown"], Field(examples=["applied"])]
    words: Annotated[str, Field(description="What was said about it, such as the registry's words.", examples=[""])]
    reason: Annotated[str, Field(description="What the person said that it is for.", examples=["the new PBX"])]
    batch: Annotated[str | None, Field(description="What was sent together has the same.", examples=[None])]
    undoes: Annotated[int | None, Field(description="The change that it takes back.", examples=[None])]

    @classmethod
    def of(cls, change: models.Change) -> "Change":
        """One row of the history."""
        return cls(
            id=change.pk,
            at=change.created_at,
            settled_at=change.settled_at,
            person=change.person,
            token=change.token_name,
            credential=change.credential_id,
            credential_label=change.credential_label,
            registry=change.registry_name,
            command=change.command,  # type: ignore[arg-type]  # its choices
            number_id=change.number_id,
            number=f"+{change.number}",
            record_id=change.record_id,
            before=[RecordState.of_state(record) for record in change.before],
            after=[RecordState.of_state(record) for record in change.after],
            outcome=change.outcome,  # type: ignore[arg-type]  # its choices
            words=change.words,
            reason=change.reason,
            batch=str(change.batch) if change.batch else None,
            undoes=change.undoes_id,
        )


class Changes(BaseModel):
    """A page of the history, newest first; `next` is what to send as `before` for the next one, null at the end."""

    changes: list[Change]
    next: Annotated[int | None, Field(examples=[None])]


class Written(BaseModel):
    """What came of a write: its changes, and the number's records as they are then. Without changes all was so.

    Where the status is 202 nobody knows the outcome of the last change: look at it again, or settle it.
    """

    changes: list[Change]
    records: list[RecordState]
    fingerprint: Annotated[str, Field(description="That of all records.", examples=["6f1ed002ab5595859014ebf095"])]

    @classmethod
    def of(cls, changes: Sequence[models.Change], records: Sequence[State]) -> "Written":
        """Of these changes, after which the number has these records."""
        return cls(
            changes=[Change.of(change) for change in changes],
            records=[RecordState.of_state(record) for record in records],
            fingerprint=fingerprint(records),
        )


class Given(BaseModel):
    """What is sent in: other members are refused, and no text is taken for a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RecordGiven(Given):
    """A record as you want it to be."""

    preference: Preference
    service: Annotated[
        str,
        Field(min_length=1, max_length=MAX_SERVICE, description="One that the registry offers.", examples=["SIP"]),
    ]
    hostdata: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_HOSTDATA,
            description="Where it is reached.",
            examples=["office@sip.example.org"],
        ),
    ]

    @property
    def draft(self) -> Draft:
        """The same as the review and the writer take it."""
        return Draft(preference=self.preference, service=self.service.strip(), hostdata=self.hostdata.strip())


Accept = Annotated[
    str,
    Field(
        max_length=MAX_ACCEPTED,
        description="From an answer “concerns”: that you have read them.",
        examples=[""],
    ),
]
Reason = Annotated[
    str, Field(max_length=MAX_REASON, pattern=NO_NUL, description="What it is for.", examples=["the new PBX"])
]


class RecordWrite(RecordGiven):
    """A record as you want it to be, and what goes with it."""

    accept: Accept = ""
    reason: Reason = ""


class RecordOfSet(RecordGiven):
    """A record of a whole set; with an `id` it is that record, without it any that says the same, or a new one."""

    id: Annotated[int | None, Field(ge=0, le=MAX_ID, examples=[1001])] = None


class SetWrite(Given):
    """All records that a number is to have. What is not among them goes."""

    records: Annotated[list[RecordOfSet], Field(max_length=MAX_RECORDS)]
    accept: Accept = ""
    reason: Reason = ""


class UndoWrite(Given):
    """What goes with an undo."""

    with_theirs: Annotated[
        bool, Field(description="Take away what others did since at the same records, too.", examples=[False])
    ] = False
    accept: Accept = ""
    reason: Reason = ""


class FoundNumber(BaseModel):
    """A number of the mirror: what its registry said when it was looked at last, and what is known besides."""

    credential: Id
    credential_label: Annotated[str, Field(examples=["Office"])]
    id: Annotated[int, Field(description="The registry's own.", examples=[1001])]
    number: Annotated[str, Field(description="With * behind for a block.", examples=["+442079460000"])]
    records: list[RecordState]
    problems: Annotated[list[str], Field(description="Telephone systems that cannot use some record.", examples=[[]])]
    dns: Annotated[str, Field(description="What the DNS said last; empty for never asked.", examples=["published"])]
    tags: Annotated[list[str], Field(examples=[["pbx"]])]
    note: Annotated[str, Field(examples=["Front desk"])]
    seen_at: Annotated[datetime | None, Field(description="Of the last look; null where nobody has looked yet.")]
    changed_at: Annotated[datetime | None, Field(description="Of the last change, as far as is known.")]

    @classmethod
    def of(cls, number: models.MirroredNumber) -> "FoundNumber":
        """One that was found."""
        return cls(
            credential=number.credential_id,
            credential_label=number.label,
            id=number.number_id,
            number=number.name,
            records=[RecordState.of_state(record) for record in number.records],
            problems=number.problems.split(),
            dns=number.dns_state,
            tags=number.tags.split(),
            note=number.note,
            seen_at=number.seen_at,
            changed_at=number.changed_at,
        )


class FoundNumbers(BaseModel):
    """A page of what was found, in the order of digits; `next` is the `page` behind it, null at the end."""

    numbers: list[FoundNumber]
    next: Annotated[str | None, Field(examples=[None])]

    @classmethod
    def of(cls, page: NumberPage) -> "FoundNumbers":
        """The same as JSON."""
        return cls(numbers=[FoundNumber.of(one) for one in page.shown], next=page.after or None)
