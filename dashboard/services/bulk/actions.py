"""What a job does with each number: its records become those that are wanted. Pure; nothing is asked or sent.

An action is made of the fields of a form, a request or a command (`read_action`), which are stored with the job.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from dashboard.enum import NaptrError
from dashboard.enum.problems import gettext_noop
from dashboard.models.job import Action
from dashboard.protocol import MAX_SERVICE, MAX_UINT16, Number, RecordData, RecordState
from dashboard.services.bulk.patterns import CannotBeDone, fill, unknown_in
from dashboard.services.records.planning import is_like

MAX_PATTERN = 255  # characters; host data is no longer
MAX_TEMPLATE = 20  # records of a template
MAX_TAGS = 500  # characters, of all together
REPLACE, ADD = "replace", "add"  # how a template is put on

Fields = Mapping[str, Any]

_EMPTY = gettext_noop("This must not be empty.")
_TOO_LONG = gettext_noop("At most %(limit)d characters.")
_NUMBER = gettext_noop("Enter a whole number from 0 to %(limit)d.")
_SAME_TEXT = gettext_noop("This is the text that is to be replaced.")
_NO_SUCH = gettext_noop("There is no such action.")
_WHICH = gettext_noop("Choose the service whose records are removed, or a part of their host data.")
_NO_RECORDS = gettext_noop("The template has no records.")
_NO_TAGS = gettext_noop("Enter at least one tag to add or to remove.")
_MODE = gettext_noop("Choose whether the template replaces all records or is added to them.")
_PRINTABLE = gettext_noop("Use visible characters only.")
_MANY_TAGS = gettext_noop("The number would have more tags than can be kept.")


class Unfit(Exception):
    """The fields of an action are wrong; `problems` name each field."""

    def __init__(self, problems: Iterable[NaptrError]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(map(str, self.problems)))


class Does(Protocol):
    """An action: which records a number is to have. Raises CannotBeDone."""

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """The records that an action is about: those of a service, those with a text in their host data; both or all."""

    service: str = ""
    host: str = ""

    def concerns(self, record: RecordData) -> bool:
        """Whether it is about this one. Case does not matter, as when searching."""
        of_service = not self.service or record.service.upper() == self.service.upper()
        return of_service and self.host.lower() in record.hostdata.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Host data by a pattern."""

    which: Which
    pattern: str

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records, those concerned with the host data that the pattern makes."""
        return [
            replace(one, hostdata=fill(self.pattern, number, one)) if self.which.concerns(one) else one
            for one in records
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceText:
    """A text in host data replaced by another, literally."""

    which: Which
    old: str
    new: str

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records, those concerned with the other text."""
        del number
        return [
            replace(one, hostdata=one.hostdata.replace(self.old, self.new)) if self.which.concerns(one) else one
            for one in records
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreference:
    """One preference for all records concerned."""

    which: Which
    preference: int

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records, those concerned with the preference."""
        del number
        return [replace(one, preference=self.preference) if self.which.concerns(one) else one for one in records]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """The records concerned go."""

    which: Which

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The others."""
        del number
        return [one for one in records if not self.which.concerns(one)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Records whose host data has placeholders: added where they are not there yet, or in place of all."""

    records: Sequence[RecordData]
    replaces: bool = False

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records with these, or these alone."""
        made = [replace(one, hostdata=fill(one.hostdata, number)).placed(None) for one in self.records]
        if self.replaces:
            return made
        return [*records, *(one for one in made if not any(is_like(one, there) for there in records))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Tags that come and go. No registry knows them."""

    add: frozenset[str] = field(default_factory=frozenset)
    remove: frozenset[str] = field(default_factory=frozenset)

    def tags(self, present: Iterable[str]) -> list[str]:
        """The tags of a number afterwards. Raises CannotBeDone for more than can be kept."""
        kept = [tag for tag in present if tag not in self.remove]
        return _kept([*kept, *sorted(self.add - set(kept))])

    def wanted(self, number: Number, records: Sequence[RecordState]) -> list[RecordState]:
        """The records as they are."""
        del number
        return list(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retag:
    """Tags become those that are `wanted` where they were `known`: what others did to other tags since stays."""

    known: Sequence[str]
    wanted: Sequence[str]

    def tags(self, present: Iterable[str]) -> list[str]:
        """The tags of a number afterwards. Raises CannotBeDone for more than can be kept."""
        there = list(present)
        back = [tag for tag in self.wanted if tag in there or tag not in self.known]
        return _kept([*back, *(tag for tag in there if tag not in self.wanted and tag not in self.known)])


def _kept(tags: list[str]) -> list[str]:
    if len(" ".join(tags)) > MAX_TAGS:
        raise CannotBeDone("add", _MANY_TAGS)
    return tags


def read_action(action: str, fields: Fields) -> Does:
    """The action of these fields. Raises Unfit, which names each field that is wrong."""
    reader = _Reader(fields)
    made = reader.action(action)
    if made is None or reader.problems:
        raise Unfit(reader.problems or [NaptrError("action", _NO_SUCH)])
    return made


def records_of(entries: Sequence[Mapping[str, Any]]) -> list[RecordData]:
    """The records of a template, of which `read_action` has found nothing wrong."""
    return [
        RecordData(preference=int(one["preference"]), service=str(one["service"]), hostdata=str(one["hostdata"]))
        for one in entries
    ]


class _Reader:
    """Reads fields, and remembers what is wrong with them."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.problems = list[NaptrError]()

    def action(self, action: str) -> Does | None:
        """The action; None for a name of none."""
        if action == Action.TEMPLATE:
            return self.template()
        if action == Action.TAG:
            return self.tag()
        if action == Action.ADD:
            return Put(records=[self.record(self.fields)])
        return self.of_some(action, Which(service=self.text("service", MAX_SERVICE), host=self.text("host")))

    def of_some(self, action: str, which: Which) -> Does | None:
        """An action about some of the records that are there."""
        match action:
            case Action.POINT:
                return Point(which=which, pattern=self.pattern("pattern", of_record=True))
            case Action.REPLACE:
                old, new = self.text("old", needed=True), self.text("new")
                if old and old == new:
                    self.wrong("new", _SAME_TEXT)
                return ReplaceText(which=which, old=old, new=new)
            case Action.PREFERENCE:
                return SetPreference(which=which, preference=self.number("preference"))
            case Action.REMOVE:
                if not which.service and not which.host:
                    self.wrong("service", _WHICH)
                return Remove(which=which)
        return None

    def tag(self) -> Tag:
        """Tags that come and go."""
        add, remove = self.tags("add"), self.tags("remove")
        if not add and not remove:
            self.wrong("add", _NO_TAGS)
        return Tag(add=add, remove=remove)

    def template(self) -> Put:
        entries = self.fields.get("records") or ()
        records = [self.record(one) for one in entries if isinstance(one, Mapping)]
        if not records or len(records) > MAX_TEMPLATE:
            self.wrong("template", _NO_RECORDS)
        if self.fields.get("mode") not in {REPLACE, ADD}:
            self.wrong("mode", _MODE)
        return Put(records=records, replaces=self.fields.get("mode") == REPLACE)

    def record(self, fields: Fields) -> RecordData:
        inner = _Reader(fields)
        record = RecordData(
            preference=inner.number("preference"),
            service=inner.text("service", MAX_SERVICE, needed=True),
            hostdata=inner.pattern("hostdata", of_record=False),
        )
        self.problems += inner.problems
        return record

    def wrong(self, name: str, message: str, **params: object) -> None:
        self.problems.append(NaptrError(name, message, params))

    def text(self, name: str, limit: int = MAX_PATTERN, *, needed: bool = False) -> str:
        value = str(self.fields.get(name) or "").strip()
        if needed and not value:
            self.wrong(name, _EMPTY)
        if len(value) > limit:
            self.wrong(name, _TOO_LONG, limit=limit)
        if not value.isprintable():
            self.wrong(name, _PRINTABLE)
        return value

    def pattern(self, name: str, *, of_record: bool) -> str:
        value = self.text(name, needed=True)
        problem = unknown_in(value, of_record=of_record)
        if problem is not None:
            self.wrong(name, problem.message, **problem.params)
        return value

    def number(self, name: str) -> int:
        value = str(self.fields.get(name, "")).strip()
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_UINT16))):
            self.wrong(name, _NUMBER, limit=MAX_UINT16)
            return 0
        if int(value) > MAX_UINT16:
            self.wrong(name, _NUMBER, limit=MAX_UINT16)
        return int(value)

    def tags(self, name: str) -> frozenset[str]:
        return frozenset(self.text(name, MAX_TAGS).lower().replace(",", " ").split())
