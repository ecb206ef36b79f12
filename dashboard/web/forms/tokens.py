"""Forms about tokens."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dashboard import access
from dashboard.enum import NumberError, read_number
from dashboard.models import Credential, Scope, User
from dashboard.models.token import MAX_BEGINNINGS, MAX_TOKEN_NAME
from dashboard.services.sentences import say
from dashboard.services.tokens import longest_life

DAYS = 90  # that a token lives unless somebody wants it otherwise
PRESETS = (7, 30, 90, 180, 365)
SCOPES = [(Scope.READ, _("read: see and change nothing")), (Scope.WRITE, _("read and write: change records too"))]
LAST = date(2999, 12, 31)  # a day that can be counted from in any time zone


class LabelsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Credentials, each with its registry, since two may be called alike."""

    def label_from_instance(self, obj: Credential) -> str:
        """What one is called."""
        return f"{obj.label} ({obj.username}, {obj.registry.name})"


class TokenForm(forms.Form):
    """A new token: what it is for, and how far and how long it goes."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_TOKEN_NAME,
        help_text=_("What it is for, such as “Nightly backup”, so that you know later which one to revoke."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label=_("Scope"), choices=SCOPES, initial=Scope.READ)
    expires = forms.DateField(
        label=_("Expires"),
        widget=forms.DateInput({"type": "date", "list": "token-lives"}, "%Y-%m-%d"),
        validators=[MaxValueValidator(LAST)],
    )
    credentials = LabelsField(
        None,
        label=_("Only with these credentials"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: with all that you may use, also those that come later."),
    )
    digits = forms.CharField(
        label=_("Only numbers that begin with"),
        required=False,
        max_length=MAX_BEGINNINGS,
        help_text=_("Such as +44 20. Several are separated by commas. Empty: all numbers."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        self.last_day = self.today + longest_life()
        expires = self.fields["expires"]
        expires.initial = min(self.today + timedelta(days=DAYS), self.last_day)
        days = longest_life().days
        expires.help_text = ngettext(
            "It works until the end of this day, and %(days)d day at most.",
            "It works until the end of this day, and %(days)d days at most.",
            days,
        ) % {"days": days}
        expires.widget.attrs |= {"min": self.today.isoformat(), "max": self.last_day.isoformat()}
        offered: QuerySet[Credential] = access.credentials(person)
        self.fields["credentials"].queryset = offered  # type: ignore[attr-defined]

    @property
    def presets(self) -> list[tuple[str, int]]:
        """Days that are often chosen, in numbers and as dates that the field takes."""
        fit = [days for days in PRESETS if days <= longest_life().days]
        return [((self.today + timedelta(days=days)).isoformat(), days) for days in fit]

    def clean_digits(self) -> list[str]:
        """The digits that were typed, in any writing of numbers. Raises ValidationError."""
        typed: str = self.cleaned_data["digits"]
        try:
            # Something without digits must not pass for nothing, which means all numbers.
            parts = typed.replace(";", ",").split(",") if typed else []
            return [read_number(part, settings.E164WEB.country) for part in parts]
        except NumberError as problem:
            raise forms.ValidationError(say(problem), code="number") from None

    @property
    def expires_at(self) -> datetime:
        """The end of the day that was chosen, in the time zone of the page; of the last one the longest life."""
        day: date = self.cleaned_data["expires"]
        end = timezone.make_aware(datetime.combine(day, time.max))
        return min(end, timezone.now() + longest_life()) if day == self.last_day else end
