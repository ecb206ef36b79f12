"""Forms about templates of records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import access
from dashboard.models import RecordTemplate, Team, User
from dashboard.models.credential import validate_printable
from dashboard.models.saved import MAX_NAME
from dashboard.services.bulk import Unfit, read_action
from dashboard.services.bulk.actions import ADD
from dashboard.services.bulk.patterns import placeholders
from dashboard.services.bulk.templates import mark_of
from dashboard.services.sentences import say
from dashboard.web.forms.choices import offer
from dashboard.web.forms.shown import ShownForm

PARTS = 3  # of a line: preference, service, host data


class RecordTemplateForm(ShownForm):
    """A name, and a record a line."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=MAX_NAME,
        validators=[validate_printable],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    records = forms.CharField(
        label=gettext_lazy("Records"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, person: User, template: RecordTemplate | None = None) -> None:
        initial = {"name": template.name, "records": as_lines(template.records)} if template is not None else {}
        super().__init__(data, initial=initial, mark=mark_of(template) if template is not None else "")
        self.fields["records"].help_text = _(
            "A record a line: preference, service and host data, such as 10 SIP {number}@pbx.example.net. "
            "Placeholders: %(known)s."
        ) % {"known": ", ".join(placeholders(of_record=False))}
        managed = access.teams(person, access.EDIT)
        if template is None and managed.exists():
            field: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
                None,
                label=_("For"),
                required=False,
                empty_label=_("myself"),
                help_text=_("Or for a team in which you may change records."),
            )
            self.fields["team"] = field
            offer(self, team=managed)

    def clean_records(self) -> list[dict[str, Any]]:
        """The records. What is wrong is said with the line."""
        lines = [line for line in str(self.cleaned_data["records"]).splitlines() if line.strip()]
        records = list[dict[str, Any]]()
        for place, line in enumerate(lines, start=1):
            parts = line.split(None, PARTS - 1)
            if len(parts) != PARTS:
                raise forms.ValidationError(
                    _("Line %(place)d: write preference, service and host data, with blanks between.")
                    % {"place": place}
                )
            records.append(dict(zip(("preference", "service", "hostdata"), parts, strict=True)))
            try:
                read_action("template", {"records": records[-1:], "mode": ADD})
            except Unfit as unfit:
                said = " ".join(map(say, unfit.problems))
                raise forms.ValidationError(
                    _("Line %(place)d: %(problem)s") % {"place": place, "problem": said}
                ) from None
        return records

    @property
    def team(self) -> int | None:
        """The team that it is for; None for oneself."""
        team = self.cleaned_data.get("team")
        return team.pk if team is not None else None


class TryForm(forms.Form):
    """A number on which a template is tried."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=100,
        help_text=gettext_lazy("One of your numbers. Nothing is changed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )


def as_lines(records: Sequence[Mapping[str, Any]]) -> str:
    """A record a line."""
    return "\n".join(f"{one['preference']} {one['service']} {one['hostdata']}" for one in records)
