"""Which part of the history somebody wants to see."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import Change, Credential, Team, User
from dashboard.models.user import MAX_USERNAME
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.web.forms.choices import offer


class HistoryForm(forms.Form):
    """Chooses among the changes that a person may see; what cannot be read chooses nothing, and says so."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        None, required=False, label=_("Team"), empty_label=_("all teams")
    )
    credential: "forms.ModelChoiceField[Credential]" = forms.ModelChoiceField(
        None, required=False, label=_("Credential"), empty_label=_("all credentials")
    )
    person = forms.CharField(required=False, label=_("Who"), max_length=MAX_USERNAME)
    number = forms.IntegerField(
        required=False, min_value=0, max_value=10**MAX_ID_DIGITS - 1, widget=forms.HiddenInput, label=_("Number")
    )
    open = forms.BooleanField(required=False, label=_("Only those that are not settled"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who_looks = person
        offer(self, team=access.teams(person), credential=access.credentials(person))

    def chosen(self) -> QuerySet[Change]:
        """The changes, newest first; none where a value cannot be read."""
        made = access.changes(self.who_looks)
        if not self.is_valid():
            return made.none()
        by = {
            "credential__shares__team": self.cleaned_data["team"],
            "credential": self.cleaned_data["credential"],
            "person": self.cleaned_data["person"],
            "number_id": self.cleaned_data["number"],
        }
        made = made.filter(**{name: value for name, value in by.items() if value not in {None, ""}})
        return made.filter(settled_at=None) if self.cleaned_data["open"] else made
