"""Forms of pages that show a plan and send it: a change taken back, a number put back as it was then."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.models.change import MAX_REASON
from dashboard.models.credential import validate_printable
from dashboard.web.forms.records import WriteForm


class PlanForm(WriteForm):
    """Sends what its page showed. `seen` is the fingerprint of all records of the number."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON,
        validators=[validate_printable],
        help_text=_("Kept in the history, for everybody who may see the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def accepted(self) -> str:
        """The digest of the concerns that the person has read; empty for none."""
        return str(self.data.get("accepted", ""))

    @property
    def reason_given(self) -> str:
        """Why, in the person's own words; empty for none."""
        return str(self.cleaned_data["reason"])


class UndoForm(PlanForm):
    """Takes a change back; with what others changed since, only where the person says so."""

    with_theirs = forms.BooleanField(label=_("Take away what was changed since, too"), required=False)

    field_order = ("with_theirs", "reason")

    @property
    def takes_theirs(self) -> bool:
        """Whether what others changed goes too, as far as the form can be read."""
        return bool(self["with_theirs"].value())


class RestoreForm(PlanForm):
    """Puts a number back as it was at a moment of its line."""

    at = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, seen: str, at: str) -> None:
        super().__init__(data, seen=seen, initial={"at": at})
