"""Days from which and to which somebody looks, as filters have them: days in the time zone of the page."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Days that can be counted from in any time zone.
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def _day(label: "StrOrPromise") -> forms.DateField:
    limits = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=limits)


class DaysForm(forms.Form):
    """Filters with two days, of which neither is needed."""

    since = _day(_("From"))
    until = _day(_("To"))

    def clean(self) -> dict[str, Any] | None:
        """Refuse days that exclude each other. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This must not be before the day under “From”."))
        return cleaned

    @property
    def from_when(self) -> datetime | None:
        """When the first day begins."""
        return _begin_of(self.cleaned_data["since"])

    @property
    def before_when(self) -> datetime | None:
        """When the last day has ended."""
        until = self.cleaned_data["until"]
        return _begin_of(until + timedelta(days=1)) if until else None

    @property
    def asked(self) -> str:
        """What is looked for, as the audit trail says it."""
        return ", ".join(f"{name} {value}" for name, value in self.cleaned_data.items() if value)


def _begin_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
