"""Forms about records: text becomes a draft, or an error at the field at fault."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.enum import NumberError, Problem, without_star
from dashboard.models.change import MAX_REASON
from dashboard.nameservers import ZoneFacts
from dashboard.protocol import MAX_UINT16, Record, RecordData, RecordState
from dashboard.services.numbers import fingerprint
from dashboard.services.numbers.typed import typed_number
from dashboard.services.records import Review
from dashboard.services.sentences import say
from dashboard.web.forms.services import Options, ServiceField, canonical_name

NEW = "new"  # the key of a record that is to be added; of others it is the id
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

    @property
    def carried_fingerprint(self) -> str:
        """The fingerprint that the form has with it, checked or not; empty for none."""
        return str(self["fingerprint"].value() or "")


class ReasonForm(forms.Form):
    """What a change is for, which the history keeps with it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def given(self) -> str:
        """The reason of a valid form; empty for none."""
        return str(self.cleaned_data["reason"])

    @property
    def is_typed(self) -> bool:
        """Whether somebody wrote one."""
        return bool(self["reason"].value())


class RecordForm(WriteForm):
    """One record: `record_id` is None for a new one, `record` is known where it is shown and not typed into.

    The form turns text into a draft. What is wrong with that, or unsafe, the review says, and `show` puts it where
    people see it; a concern comes with a button that posts `accepted`, the digest of the sentences that were read.
    A form `is_unsent` that was typed into on a page of which something else was sent.
    """

    # As HTML has it: characters that are with "^.*$" and its delimiters 255 octets, a string of the DNS (RFC 1035).
    HOSTDATA_FITS = "248"
    PREFERENCE_MOST = str(MAX_UINT16)

    service = ServiceField(label=gettext_lazy("Service"))
    hostdata = forms.CharField(
        label=gettext_lazy("Host data"),
        max_length=MAX_TYPED,
    )
    preference = forms.IntegerField(
        label=gettext_lazy("Preference"),
        min_value=0,
        max_value=MAX_UINT16,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        services: Options,
        record_id: int | None = None,
        record: Record | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.record_id = record.id if record is not None else record_id
        self.is_unsent = False
        self.review = Review()
        seen = ""
        if record is not None:
            seen = fingerprint([record])
            initial = {
                "preference": record.preference,
                "service": canonical_name(record.service, services.names),
                "hostdata": record.hostdata,
            } | (initial or {})
        super().__init__(data, seen=seen, initial=initial, auto_id=f"id_{self.key}_%s")
        # What is new was not there to be seen, so it cannot be changed meanwhile.
        self.fields["fingerprint"].required = self.record_id is not None
        self.services = services
        field = self.fields["service"]
        assert isinstance(field, ServiceField)  # noqa: S101 -- declared above
        field.names = services.names

    @property
    def key(self) -> str:
        """What tells the form from others of its page."""
        return NEW if self.record_id is None else str(self.record_id)

    @property
    def errors(self) -> ErrorDict:
        """What is wrong with what was sent; nothing yet with what was typed and stays behind."""
        return ErrorDict() if self.is_unsent else super().errors

    @property
    def is_typed(self) -> bool:
        """Whether the form holds what somebody typed, and nobody saved."""
        return self.is_bound and not self.is_empty

    def as_shown(self, record: RecordState) -> RecordData:
        """What the form of a record holds as long as nobody types into it."""
        service = canonical_name(record.service, self.services.names)
        return RecordData(preference=record.preference, service=service, hostdata=record.hostdata.strip())

    @property
    def draft(self) -> RecordData | None:
        """What the form holds now, typed or initial, as far as it can be previewed at all."""
        try:
            preference = int(self["preference"].value())
        except (TypeError, ValueError):
            return None
        return RecordData(
            preference=preference,
            service=str(self["service"].value() or ""),
            hostdata=str(self["hostdata"].value() or "").strip(),
        )

    @property
    def is_empty(self) -> bool:
        """Whether this is the form of a new record that nobody has filled in."""
        return self.record_id is None and not str(self["hostdata"].value() or "").strip()

    @property
    def clean_draft(self) -> RecordData:
        """What a valid form holds."""
        cleaned = self.cleaned_data
        return RecordData(preference=cleaned["preference"], service=cleaned["service"], hostdata=cleaned["hostdata"])

    @property
    def accepted(self) -> str:
        """The digest of the concerns that the person has read; empty for none."""
        return str(self.data.get("accepted", ""))

    def show(self, review: Review) -> None:
        """Put what a review found where people see it."""
        self.review = review
        for problem in review.errors:
            self.add_error(problem.field if problem.field in self.fields else None, say(problem))

    @property
    def second_look(self) -> Sequence[Problem]:
        """The concerns that a person has to accept; none while there are errors."""
        return () if self.errors else self.review.concerns

    @property
    def options(self) -> SafeString:
        """What may be chosen: the registry's services, and the one that the record has or that was typed.

        A name that we do not know is kept, never dropped; the review says whether it may be written.
        """
        chosen = canonical_name(str(self["service"].value() or "").strip(), self.services.names)
        return self.services.with_chosen(chosen or next(iter(self.services.names), ""))


class DeleteForm(ReasonForm, WriteForm):
    """Deleting one record, confirmed on a page that showed it."""


class DeleteAllForm(ReasonForm, WriteForm):
    """Deleting every record of a number; the number itself must be typed."""

    confirm = forms.CharField(
        label=gettext_lazy("Type the number to confirm"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    field_order = ("confirm", "reason")

    def __init__(self, data: Any = None, *, seen: str, zone: ZoneFacts) -> None:
        self.zone = zone
        super().__init__(data, seen=seen)

    def clean_confirm(self) -> str:
        """The digits, in whatever writing; a block's star may be there or not. Raises ValidationError."""
        try:
            return typed_number(without_star(self.cleaned_data["confirm"])[0], self.zone)
        except NumberError as error:
            raise forms.ValidationError(say(error), code="number") from None


class MoveForm(forms.Form):
    """Moving a record a place up or down; the fingerprint is that of the record as the person saw it."""

    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])
    fingerprint = forms.CharField(max_length=MAX_FINGERPRINT)
    submission = forms.UUIDField(required=False)
