"""The form of a number's page: one for all its records, so that each answer has all that was typed on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import QueryDict

from dashboard.protocol import MAX_ID_DIGITS, RecordState
from dashboard.services.numbers import fingerprint
from dashboard.web.forms.records import NEW, ReasonForm, RecordForm
from dashboard.web.forms.services import Options

MAX_ROWS = 600  # more than a page shows, with what was typed for records that are gone


class NumberForm:
    """What a page sent: the form of each of its records, by key.

    Every name comes once for each record, in the order of the page, and `record` says whose turn it is. A program
    that sends one record need not say which (`addressed`): its address does. `reason` is for all that is sent.
    """

    def __init__(self, post: QueryDict, services: Options, addressed: str = "") -> None:
        self.reason = ReasonForm(post)
        self.forms = {
            key: RecordForm(row, services=services, record_id=None if key == NEW else int(key))
            for key, row in _rows(post, addressed).items()
        }

    def typed(self, now: Sequence[RecordState]) -> dict[str, RecordForm]:
        """The forms that hold something else than the registry has `now`, and than what their person was shown."""
        records = {record.id: record for record in now}
        return {key: form for key, form in self.forms.items() if _is_typed(form, records.get(form.record_id))}

    def unsent(self, now: Sequence[RecordState]) -> dict[str, RecordForm]:
        """The same, to be shown beside what was sent."""
        forms = self.typed(now)
        for form in forms.values():
            form.is_unsent = True
        return forms

    def forget(self, key: str) -> None:
        """Leave out what was typed for a record."""
        self.forms.pop(key, None)

    def follow(self, before: Sequence[RecordState], after: Sequence[RecordState]) -> None:
        """After moves of one's own: what was typed for records that got another preference goes with them."""
        for old in before:
            form = self.forms.get(str(old.id))
            new = next((record for record in after if record.id == old.id), None)
            if form is None or new is None or form.carried_fingerprint != fingerprint([old]):
                continue
            typed = str(form["preference"].value() or "").strip()
            kept = str(new.preference) if typed == str(old.preference) else typed
            form.renew(fingerprint=fingerprint([new]), preference=kept)


def is_key(text: str) -> bool:
    """Whether a text is the key of a record that the registry has or had."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS


def _rows(post: QueryDict, addressed: str) -> dict[str, Mapping[str, str]]:
    """The values of each record. Where they cannot be told apart, none: then each form says that it is incomplete."""
    keys = post.getlist("record")
    if not keys:
        return {addressed: {name: str(post[name]) for name in post}} if addressed else {}
    columns = {name: post.getlist(name) for name in RecordForm.base_fields}
    whole = all(len(values) == len(keys) for values in columns.values())
    rows: dict[str, Mapping[str, str]] = {
        key: {name: values[place] for name, values in columns.items()} if whole else {}
        for place, key in enumerate(keys)
        if (place < MAX_ROWS or key == addressed) and (key == NEW or is_key(key))
    }
    if addressed:
        # The button that was pressed belongs to one record.
        rows[addressed] = {**rows.get(addressed, {}), "accepted": post.get("accepted", "")}
    return rows


def _is_typed(form: RecordForm, now: RecordState | None) -> bool:
    draft = form.draft
    if form.record_id is None or draft is None:
        return True
    if now is not None and draft == form.as_shown(now):
        return False
    seen = form.carried_fingerprint
    if now is not None and seen == fingerprint([now]):
        return True
    # Somebody else changed the record: only what its person typed stays, and not what the page merely showed.
    shown = draft.placed(form.record_id)
    if now is not None:
        # The form has no order, and writes a service as its registry offers it.
        service = now.service if draft.service == form.as_shown(now).service else draft.service
        shown = replace(shown, order=now.order, service=service)
    return seen != fingerprint([shown])
