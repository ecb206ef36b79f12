"""What somebody looks for in the audit trail."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import AuditEvent, User
from dashboard.models.user import MAX_USERNAME
from dashboard.services.audit import EVENTS, Wanted, called, find
from dashboard.web.forms.days import DaysForm


class AuditForm(DaysForm):
    """Filters. Everything is optional, and dates are days in the time zone of the page."""

    who = forms.CharField(label=_("Who"), max_length=MAX_USERNAME, required=False)

    def __init__(self, person: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        events = [("", _("all")), *((event, called(event)) for event in EVENTS)]
        self.fields["event"] = forms.ChoiceField(label=_("What"), required=False, choices=events)
        self.fields["team"] = forms.ModelChoiceField(
            access.audited_teams(person), label=_("Team"), required=False, empty_label=_("all")
        )
        self.order_fields(["who", "event", "team"])

    def chosen(self) -> QuerySet[AuditEvent]:
        """The events, newest first; none where a value cannot be read."""
        if not self.is_bound:
            return find(self.person, Wanted())
        if not self.is_valid():
            return access.audit_events(self.person).none()
        said = self.cleaned_data
        wanted = Wanted(
            who=said["who"],
            event=said["event"],
            team=said["team"],
            since=self.from_when,
            before=self.before_when,
        )
        return find(self.person, wanted)
