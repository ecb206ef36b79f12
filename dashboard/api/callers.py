"""Who can call a number, and what would become of a write, as JSON."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from dashboard.api.problems import FieldProblem
from dashboard.api.values import RecordState
from dashboard.protocol import RecordState as State
from dashboard.services.records import Review
from dashboard.services.records import Step as PlannedStep
from dashboard.services.records import callers as predicted
from dashboard.services.records.foreseeing import Foresight
from dashboard.services.sentences import say
from dashboard.services.undo import Theirs, UndoPlan
from dashboard.telephones import Prediction, Worsening
from dashboard.telephones import Verdict as PredictedVerdict

VerdictState = Literal["used", "skipped", "breaks"]
Code = Annotated[str, Field(description="A stable word.", examples=["used"])]
Sentence = Annotated[str, Field(examples=["Kamailio calls sip:office@sip.example.org."])]
Uri = Annotated[str, Field(description="Empty for none.", examples=["sip:office@sip.example.org"])]


class System(BaseModel):
    """A telephone system, and what it does with the number; `uris` in the order in which it tries them."""

    name: Annotated[str, Field(examples=["kamailio"])]
    label: Annotated[str, Field(examples=["Kamailio"])]
    can_call: bool
    uris: Annotated[list[str], Field(examples=[["sip:office@sip.example.org"]])]
    needs: Annotated[str, Field(description="What current versions lack and need for it.", examples=[""])]
    code: Code
    message: Sentence

    @classmethod
    def of(cls, prediction: Prediction) -> "System":
        """One prediction."""
        return cls(
            name=prediction.telephone.name,
            label=prediction.telephone.label,
            can_call=bool(prediction.uris),
            uris=list(prediction.uris),
            needs=prediction.needs,
            code=prediction.code,
            message=say(prediction),
        )


class Verdict(BaseModel):
    """What one telephone system does with one record."""

    system: Annotated[str, Field(examples=["kamailio"])]
    state: VerdictState
    uri: Uri
    code: Code
    message: Sentence

    @classmethod
    def of(cls, prediction: Prediction, verdict: PredictedVerdict) -> "Verdict":
        """One of a prediction."""
        return cls(
            system=prediction.telephone.name,
            state=verdict.state,
            uri=verdict.uri,
            code=verdict.code,
            message=say(verdict),
        )


class Way(BaseModel):
    """One record: what it is in the DNS, empty where it is left out, and what the systems do with it.

    A raw record has no id: an administrator has it published word for word, and nobody changes it here.
    """

    record: RecordState
    is_raw: Annotated[bool, Field(description="Whether it is a raw record.", examples=[False])]
    naptr: Annotated[str, Field(examples=['100 100 "u" "E2U+sip" "!^.*$!sip:office@sip.example.org!" .'])]
    uri: Uri
    verdicts: list[Verdict]


class Callers(BaseModel):
    """Who can call a number; of a block, one of its numbers."""

    number: Annotated[str, Field(examples=["+442079460000"])]
    systems: list[System]
    records: list[Way]
    size: Annotated[int, Field(description="Octets of the DNS answer.", examples=[120])]

    @classmethod
    def of(cls, callers: predicted.Callers) -> "Callers":
        """The same as JSON."""
        return cls(
            number=f"+{callers.digits}",
            systems=[System.of(prediction) for prediction in callers.predictions],
            records=list(_ways(callers)),
            size=callers.size,
        )


def _ways(callers: predicted.Callers) -> Iterator[Way]:
    place = 0  # among the verdicts, of which there are none on what is left out of the DNS
    for way in callers.ways:
        verdicts = list[Verdict]()
        if way.naptr is not None:
            verdicts = [Verdict.of(each, each.verdicts[place]) for each in callers.predictions]
            place += 1
        naptr = way.naptr.to_text() if way.naptr is not None else ""
        record = RecordState.of_state(way.record)
        yield Way(record=record, is_raw=way.is_raw, naptr=naptr, uri=way.uri, verdicts=verdicts)


class Step(BaseModel):
    """One command that would be sent. Without `before` a record comes, without `after` it goes; without both all."""

    command: Annotated[Literal["new", "update", "delete", "deleteall"], Field(examples=["update"])]
    before: RecordState | None
    after: RecordState | None


class Loss(BaseModel):
    """What a telephone system loses."""

    system: Annotated[str, Field(examples=["kamailio"])]
    code: Code
    message: Sentence

    @classmethod
    def of(cls, loss: Worsening) -> "Loss":
        """One of a prospect."""
        return cls(system=loss.telephone.name, code=loss.code, message=say(loss))


class Preview(BaseModel):
    """What would become of a write; nothing was sent.

    With `errors` it would be refused; `concerns` want `accept`. `steps` are the commands, in order.
    """

    steps: list[Step]
    errors: list[FieldProblem]
    concerns: list[FieldProblem]
    notes: list[FieldProblem]
    accept: Annotated[str, Field(description="What accepts the concerns; empty without any.", examples=[""])]
    before: Callers
    after: Callers
    losses: list[Loss]

    @classmethod
    def of(cls, foresight: Foresight | UndoPlan) -> "Preview":
        """The same as JSON."""
        return cls(**_members(foresight.steps, foresight.review, foresight.prospect))


class TheirChange(BaseModel):
    """A record that others changed since: how the change left it, how it is, and how undoing it makes it."""

    left: RecordState | None
    now: RecordState | None
    wanted: RecordState | None
    by: Annotated[int | None, Field(description="The last change to it in the history.", examples=[17])]

    @classmethod
    def of(cls, theirs: Theirs) -> "TheirChange":
        """One of a plan."""
        return cls(
            left=_state(theirs.left),
            now=_state(theirs.now),
            wanted=_state(theirs.wanted),
            by=theirs.by.pk if theirs.by is not None else None,
        )


class UndoPreview(Preview):
    """What would become of an undo; nothing was sent. `theirs` is left as it is without `with_theirs`."""

    theirs: list[TheirChange]

    @classmethod
    def of_undo(cls, plan: UndoPlan) -> "UndoPreview":
        """The same as JSON."""
        theirs = [TheirChange.of(each) for each in plan.theirs]
        return cls(theirs=theirs, **_members(plan.steps, plan.review, plan.prospect))


def _members(steps: Sequence[PlannedStep], review: Review, prospect: predicted.Prospect) -> dict[str, Any]:
    return {
        "steps": [
            Step(command=step.kind, before=_state(step.before), after=_state(step.after))  # type: ignore[arg-type]
            for step in steps
        ],
        "errors": [FieldProblem.of(problem) for problem in review.errors],
        "concerns": [FieldProblem.of(problem) for problem in review.concerns],
        "notes": [FieldProblem.of(problem) for problem in review.notes],
        "accept": review.digest if review.concerns else "",
        "before": Callers.of(prospect.before),
        "after": Callers.of(prospect.callers),
        "losses": [Loss.of(loss) for loss in prospect.losses],
    }


def _state(record: State | None) -> RecordState | None:
    return RecordState.of_state(record) if record is not None else None
