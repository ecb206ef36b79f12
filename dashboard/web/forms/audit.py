"""What somebody looks for in the audit trail."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import AuditEvent, User
from dashboard.models.user import MAX_USERNAME
from dashboard.services.audit import EVENTS, Wanted, called, find

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# Days that can be counted from in any time zone.
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def _day(label: "StrOrPromise") -> forms.DateField:
    limits = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=limits)


class AuditForm(forms.Form):
    """Filters. Everything is optional, and dates are days in the time zone of the page."""

    who = forms.CharField(label=_("Who"), max_length=MAX_USERNAME, required=False)
    since = _day(_("From"))
    until = _day(_("To"))

    def __init__(self, person: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        events = [("", _("all")), *((event, called(event)) for event in EVENTS)]
        self.fields["event"] = forms.ChoiceField(label=_("What"), required=False, choices=events)
        self.fields["team"] = forms.ModelChoiceField(
            access.audited_teams(person), label=_("Team"), required=False, empty_label=_("all")
        )
        self.order_fields(["who", "event", "team"])

    def clean(self) -> dict[str, Any] | None:
        """Refuse days that exclude each other. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This must not be before the day under “From”."))
        return cleaned

    def chosen(self) -> QuerySet[AuditEvent]:
        """The events, newest first; none where a value cannot be read."""
        if not self.is_bound:
            return find(self.person, Wanted())
        if not self.is_valid():
            return access.audit_events(self.person).none()
        said = self.cleaned_data
        until = said["until"]
        wanted = Wanted(
            who=said["who"],
            event=said["event"],
            team=said["team"],
            since=_begin_of(said["since"]) if said["since"] else None,
            before=_begin_of(until + timedelta(days=1)) if until else None,
        )
        return find(self.person, wanted)


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
