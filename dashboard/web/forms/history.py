"""Which part of the history somebody wants to see."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.enum import DEFAULT_SUFFIX, NumberError, Sought
from dashboard.models import Credential, Outcome, Team, User
from dashboard.models.user import MAX_USERNAME
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services.history import Wanted, find
from dashboard.services.numbers.typed import typed_search
from dashboard.services.sentences import say
from dashboard.web.forms.choices import offer
from dashboard.web.forms.days import DaysForm

MAX_SOUGHT = 200  # characters


class HistoryForm(DaysForm):
    """Chooses among the changes that a person may see; what cannot be read chooses nothing, and says so.

    `digits` are a number as people write it, or a part of one; `number` is the id of one at its registry.
    """

    q = forms.CharField(
        required=False,
        label=_("Text"),
        max_length=MAX_SOUGHT,
        widget=forms.TextInput({"type": "search"}),
    )
    digits = forms.CharField(required=False, label=_("Number"), max_length=100)
    service = forms.CharField(required=False, label=_("Service"), max_length=100)
    host = forms.CharField(required=False, label=_("Host data"), max_length=MAX_SOUGHT)
    person = forms.CharField(required=False, label=_("Who"), max_length=MAX_USERNAME)
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        None, required=False, label=_("Team"), empty_label=_("all teams")
    )
    credential: "forms.ModelChoiceField[Credential]" = forms.ModelChoiceField(
        None, required=False, label=_("Credential"), empty_label=_("all credentials")
    )
    outcome = forms.ChoiceField(required=False, label=_("Outcome"), choices=[("", _("all")), *Outcome.choices])
    number = forms.IntegerField(
        required=False, min_value=0, max_value=10**MAX_ID_DIGITS - 1, widget=forms.HiddenInput, label=_("Number’s id")
    )
    open = forms.BooleanField(required=False, label=_("Only those that are not settled"))

    field_order = ("q", "digits", "service", "host", "person", "team", "credential", "outcome", "since", "until")

    sought: Sought  # what `digits` mean

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who_looks = person
        if self.is_more:  # to find out what can be chosen costs more than to search
            offer(self, team=access.teams(person), credential=access.credentials(person))

    def clean_digits(self) -> str:
        """Read what was typed, once for all. Raises ValidationError."""
        typed = str(self.cleaned_data["digits"])
        try:
            self.sought = typed_search(typed, DEFAULT_SUFFIX) if typed else Sought()
        except NumberError as error:
            raise forms.ValidationError(say(error), code="number") from None
        return typed

    def clean(self) -> dict[str, Any] | None:
        """Say of a field that nobody sees what is wrong with it where people see it."""
        cleaned = super().clean()
        for field in self.hidden_fields():
            for error in self.errors.get(field.name, []):
                self.add_error(None, f"{field.label}: {error}")
        return cleaned

    @property
    def is_asked(self) -> bool:
        """Whether anything is looked for, rightly or not."""
        return any(self.data.get(name) for name in self.fields) or bool(self.errors)

    @property
    def is_more(self) -> bool:
        """Whether somebody wants more filters than the text, or has used them."""
        shown = (name for name in self.fields if name not in {"q", "number"})
        return "filters" in self.data or any(self.data.get(name) for name in shown)

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        """What goes along with the form though nobody sees it."""
        return [(name, self.data[name]) for name in ("number", "filters") if self.data.get(name)]

    def chosen(self, rights: Iterable[int]) -> QuerySet[Any]:
        """The changes (`services.history.find`); none where a value cannot be read. `rights` are the person's."""
        if not self.is_valid():
            return access.changes(self.who_looks, rights).none()
        said = self.cleaned_data
        wanted = Wanted(
            text=said["q"],
            number=self.sought,
            number_id=said["number"],
            service=said["service"],
            host=said["host"],
            person=said["person"],
            team=said["team"],
            credential=said["credential"],
            outcome=said["outcome"],
            since=self.from_when,
            before=self.before_when,
            is_open=said["open"],
        )
        return find(self.who_looks, wanted, rights)
