"""Changes as the rows of a table: what each says, put together before it is drawn, since a page has many."""

from collections.abc import Container, Iterable

from django.urls import reverse

from dashboard.models import Change
from dashboard.models.change import Command
from dashboard.protocol import RecordState
from dashboard.services.numbers.formatting import text_of
from dashboard.services.sentences import visible
from dashboard.services.undo import can_be_undone
from dashboard.web.templatetags.e164 import in_words
from dashboard.web.views.row_parts import Times, times_of

SHOWN = 3  # records on either side; the page of the change has the others


class ChangeRow(Times):
    """One row; templates read a dictionary quickest. `number_page` is empty where the credential is gone."""

    pk: str
    page: str
    command: str
    number: str
    number_page: str
    reason: str
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


def rows_of(changes: Iterable[Change], editable: Container[int | None]) -> list[ChangeRow]:
    """A row for each, for who may edit with the credentials whose ids are in `editable`."""
    commands = {command.value: str(command.label).capitalize() for command in Command}
    history, credentials = reverse("history"), reverse("credentials")
    return [_row(change, history, credentials, commands, editable) for change in changes]


def _row(
    change: Change, history: str, credentials: str, commands: dict[str, str], editable: Container[int | None]
) -> ChangeRow:
    gone, come = change.gone, change.come
    of = change.credential_id
    return {
        "pk": str(change.pk),
        "page": f"{history}{change.pk}/",
        "command": commands[change.command],
        "number": text_of(change.number),
        "number_page": f"{credentials}{of}/numbers/{change.number_id}/" if of is not None else "",
        "reason": visible(change.reason),
        **times_of(change.created_at),
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
