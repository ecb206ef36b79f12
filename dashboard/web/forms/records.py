"""Forms about records: text becomes a `NaptrDraft`, or an error at the field at fault."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.enum import DEFAULT_SUFFIX, NaptrDraft, Problem, check_draft, in_order
from dashboard.protocol import Number, Record
from dashboard.services.history import fingerprint
from dashboard.services.numbers.formatting import digits_in
from dashboard.services.records import MAX_PREFERENCE
from dashboard.services.records import callers as outlook
from dashboard.services.sentences import say
from dashboard.web.forms.services import ServiceField, canonical_name, service_label
from dashboard.web.forms.widgets import NumberInput, TextInput

MAX_FINGERPRINT = 100  # characters; an id and a SHA-256
MAX_TYPED = 10_000  # characters of host data that are looked at; the wire's own limit is 255 octets


class WriteForm(forms.Form):
    """What every form that writes carries: what the person saw, and a token that makes a double click one write."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=MAX_FINGERPRINT)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, seen: str, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        given = {"fingerprint": seen, "submission": uuid.uuid4(), **(initial or {})}
        super().__init__(data, initial=given, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Say it where people see it that a hidden field is wrong."""
        cleaned = super().clean() or {}
        if "fingerprint" in self.errors:
            self.add_error(None, _("This form is incomplete. Load the page again."))
        elif "submission" in self.errors:
            self.add_error(None, _("This form was damaged on its way here. Send it again."))
        return cleaned

    @property
    def seen(self) -> str:
        """The fingerprint of what the person saw."""
        return str(self.cleaned_data["fingerprint"])

    @property
    def submission_id(self) -> uuid.UUID | None:
        """The form's own token; None where a program posts without one."""
        token: uuid.UUID | None = self.cleaned_data.get("submission")
        return token

    def renew(self, **values: str) -> None:
        """Give a form that is shown again a token of its own: it will be another submission. `values` go in too."""
        # Field by field: a QueryDict gives its values away as lists when it is unpacked.
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | values | {"submission": str(uuid.uuid4())}


class RecordForm(WriteForm):
    """One record. `record` is None for a new one; `others` are the number's other records.

    What is illegal is an error at its field. What is legal and unsafe is for a second look: the view asks for it by
    `look_again`, and the form then offers to save all the same, which posts `accepted` with the sentences' digest.
    """

    service = ServiceField(label=gettext_lazy("Service"))
    hostdata = forms.CharField(
        label=gettext_lazy("Reached at"),
        max_length=MAX_TYPED,
        widget=TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    preference = forms.IntegerField(
        label=gettext_lazy("Preference"),
        min_value=0,
        max_value=MAX_PREFERENCE,
        widget=NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        number: Number,
        services: Sequence[str],
        record: Record | None = None,
        others: Sequence[Record] = (),
        suffix: str = DEFAULT_SUFFIX,
        **kwargs: Any,
    ) -> None:
        self.number, self.record, self.others, self.suffix = number, record, list(others), suffix
        self.second_look: list[Problem] = []
        initial = kwargs.pop("initial", {})
        seen = ""
        if record is not None:
            seen = fingerprint([record])
            initial = {
                "preference": record.preference,
                "service": canonical_name(record.service, list(services)),
                "hostdata": record.hostdata,
            } | initial
        super().__init__(
            data, seen=seen, initial=initial, auto_id=f"id_{record.id if record else 'new'}_%s", **kwargs
        )
        if record is None:
            # Nothing was there to be seen: what is new cannot be changed meanwhile.
            self.fields["fingerprint"].required = False
        names = list(services)
        if record is not None and canonical_name(record.service, names) not in names:
            names.append(record.service)  # a name we do not know is kept, never dropped
        choices = self.fields["service"]
        assert isinstance(choices, ServiceField)  # noqa: S101 -- declared above
        choices.choices = [(name, service_label(name)) for name in names]
        self.problems: list[Problem] = []

    @property
    def draft(self) -> NaptrDraft | None:
        """What the form holds now, typed or initial, as far as it can be previewed at all."""
        try:
            preference = int(self["preference"].value())
        except (TypeError, ValueError):
            return None
        return NaptrDraft(
            preference=preference,
            service=str(self["service"].value() or ""),
            hostdata=str(self["hostdata"].value() or "").strip(),
        )

    def clean(self) -> dict[str, Any]:
        """Hold the record against the safety rules; each problem goes to its field."""
        cleaned = super().clean()
        if {"preference", "service", "hostdata"} <= cleaned.keys():
            draft = NaptrDraft(
                preference=cleaned["preference"], service=cleaned["service"], hostdata=cleaned["hostdata"]
            )
            self.problems = check_draft(draft, self.number.digits, self.others)
            for problem in self.problems:
                if problem.is_error and self._is_new(problem):
                    self.add_error(problem.field if problem.field in self.fields else None, say(problem))
            self._check_answer(draft)
        return cleaned

    @property
    def clean_draft(self) -> NaptrDraft:
        """The domain value, once the form is valid."""
        cleaned = self.cleaned_data
        return NaptrDraft(preference=cleaned["preference"], service=cleaned["service"], hostdata=cleaned["hostdata"])

    @property
    def concerns(self) -> list[Problem]:
        """What is unsafe in the draft of a valid form, though legal."""
        return outlook.concerns(self.number, self._records, self.clean_draft, record=self.record, suffix=self.suffix)

    @property
    def prospect(self) -> outlook.Prospect | None:
        """What becomes of the number's callers with what the form holds now."""
        draft = self.draft
        if draft is None:
            return None
        record_id = self.record.id if self.record else None
        return outlook.prospect(self.number, self._records, draft, record_id=record_id, suffix=self.suffix)

    def accepts(self, concerns: Sequence[Problem]) -> bool:
        """Whether the person has read exactly these sentences and wants the record all the same."""
        return bool(self.data.get("accepted") == outlook.digest(concerns))

    def look_again(self, concerns: Sequence[Problem]) -> None:
        """Show the sentences, and a button that saves all the same."""
        self.second_look = list(concerns)

    @property
    def _records(self) -> list[Record]:
        """The number's records as they are now, in order."""
        return in_order([*self.others, self.record] if self.record else self.others)

    def _check_answer(self, draft: NaptrDraft) -> None:
        """Refuse what makes the number's DNS answer longer than telephone systems can read."""
        record_id = self.record.id if self.record else None
        after = outlook.prospect(self.number, self._records, draft, record_id=record_id, suffix=self.suffix)
        before = outlook.Callers(self.number, tuple(self._records), self.suffix)
        problem = outlook.too_large(before, after.callers)
        if problem is not None:
            self.add_error("hostdata", say(problem))

    def _is_new(self, problem: Problem) -> bool:
        """Whether an edit brought the problem in: a shared preference that was there before must not block one."""
        if problem.field != "preference" or self.record is None:
            return True
        return bool(self.cleaned_data["preference"] != self.record.preference)


class DeleteForm(WriteForm):
    """Deleting one record, confirmed on a page that showed it."""


class DeleteAllForm(WriteForm):
    """Deleting every record of a number; the number itself must be typed."""

    confirm = forms.CharField(
        label=gettext_lazy("Type the number to confirm"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, data: Any = None, *, number: Number, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.number = number

    def clean_confirm(self) -> str:
        """Refuse any other number. It may be written with or without +, blanks and dashes."""
        typed = digits_in(self.cleaned_data["confirm"])
        if typed != self.number.digits:
            raise forms.ValidationError(_("That is not the number of this page."), code="other")
        return typed


class MoveForm(forms.Form):
    """Moving a record a place up or down; the fingerprint is that of the record as the person saw it."""

    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])
    fingerprint = forms.CharField(max_length=MAX_FINGERPRINT)
    submission = forms.UUIDField(required=False)
