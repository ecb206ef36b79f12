"""Changes as the rows of a table: what each says, put together before it is drawn, since a page has many."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import lru_cache
from typing import TypedDict

from django.urls import reverse
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, User
from dashboard.models.change import Command
from dashboard.protocol import RecordState
from dashboard.services.numbers.formatting import text_of
from dashboard.services.sentences import visible
from dashboard.services.undo import can_be_undone
from dashboard.web.templatetags.e164 import in_words, moment

SHOWN = 3  # records on either side; the page of the change has the others

_number = lru_cache(maxsize=1_000)(text_of)


class ChangeRow(TypedDict):
    """One row; templates read a dictionary quickest. `number_page` is empty where the credential is gone."""

    pk: str
    page: str
    command: str
    number: str
    number_page: str
    reason: str
    exact: str
    machine: str
    when: str
    gone: list[str]
    come: list[str]
    more: int
    person: str
    token: str
    credential: str
    state: str
    outcome: str
    words: str
    can_settle: bool
    can_undo: bool


def rows_of(person: User, changes: Sequence[Change]) -> list[ChangeRow]:
    """A row for each, as this person may see it."""
    editable = access.allowed(person, access.EDIT) if changes else set[int]()
    commands = {command.value: str(command.label).capitalize() for command in Command}
    history, credentials = reverse("history"), reverse("credentials")
    return [_row(change, history, credentials, commands, editable) for change in changes]


def _row(change: Change, history: str, credentials: str, commands: dict[str, str], editable: set[int]) -> ChangeRow:
    gone, come = change.gone, change.come
    of = change.credential_id
    return {
        "pk": str(change.pk),
        "page": f"{history}{change.pk}/",
        "command": commands[change.command],
        "number": _number(change.number),
        "number_page": f"{credentials}{of}/numbers/{change.number_id}/" if of is not None else "",
        "reason": visible(change.reason),
        "exact": f"{change.created_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "machine": f"{change.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "when": moment(timezone.localtime(change.created_at)),
        "gone": _texts(gone),
        "come": _texts(come),
        "more": sum(max(0, len(side) - SHOWN) for side in (gone, come)),
        "person": visible(change.person) or "–",
        "token": visible(change.token_name),
        "credential": visible(f"{change.credential_label} ({change.registry_name})"),
        "state": change.outcome,
        "outcome": in_words(change.outcome),
        "words": visible(change.words),
        "can_settle": change.is_open and of in editable,
        "can_undo": of in editable and can_be_undone(change),
    }


def _texts(records: Iterable[RecordState]) -> list[str]:
    return [visible(f"{one.service} {one.hostdata} {one.preference}") for one in list(records)[:SHOWN]]
