"""Forms about many numbers: what is to be done, when, and why. The service says what is wrong with fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.models import RecordTemplate
from dashboard.models.credential import validate_printable
from dashboard.models.job import MAX_REASON, Action
from dashboard.services.bulk import Unfit, read_action
from dashboard.services.bulk.actions import ADD, MAX_PATTERN, REPLACE
from dashboard.services.bulk.patterns import placeholders
from dashboard.services.sentences import say

MODES = [(ADD, _("add its records to those that are there")), (REPLACE, _("replace all records by its records"))]


class _Text(forms.CharField):
    """A line of text: it is `wanted`, or it `is_one_of` some of which at least one is, or it is optional."""

    def __init__(
        self, label: Any, help_text: Any = "", *, wanted: bool = False, is_one_of: bool = False, **attributes: str
    ) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": MAX_PATTERN, **attributes}
        )
        super().__init__(label=label, required=wanted, help_text=help_text, widget=widget)
        self.error_messages["required"] = _("This must not be empty.")
        self.is_one_of = is_one_of


def _service() -> forms.CharField:
    return _Text(_("Service"), _("Only records of this service, such as SIP; empty for every service."))


def _host() -> forms.CharField:
    return _Text(_("Part of the host data"), _("Only records in whose host data this is; empty for all."))


def _preference() -> forms.CharField:
    help_text = _("From 0 to 65,535; lower ones are tried first.")
    return _Text(_("Preference"), help_text, wanted=True, inputmode="numeric")


class ActionForm(forms.Form):
    """What every action is made with: for which numbers, and why."""

    action: Action

    reason = _Text(_("Reason"), _("Kept in the history with each change."))
    field_order: tuple[str, ...] = ()

    def clean_reason(self) -> str:
        """A line that the history can keep."""
        reason = str(self.cleaned_data["reason"])
        validate_printable(reason)
        if len(reason) > MAX_REASON:
            raise forms.ValidationError(_("At most 200 characters."))
        return reason

    def clean(self) -> dict[str, Any]:
        """Say at each field what the service finds wrong with it."""
        cleaned = super().clean() or {}
        try:
            read_action(self.action, self.given(cleaned))
        except Unfit as unfit:
            for problem in unfit.problems:
                if problem.field not in self.errors:  # that it is empty is said already
                    self.add_error(problem.field if problem.field in self.fields else None, say(problem))
        return cleaned

    def given(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of the action."""
        return {name: value for name, value in cleaned.items() if name != "reason"}

    @property
    def fields_given(self) -> dict[str, Any]:
        """The fields of the action, as the service takes them."""
        return self.given(self.cleaned_data)


class PointForm(ActionForm):
    """To another host, by a pattern."""

    action = Action.POINT
    pattern = _Text(_("New host data"), wanted=True)
    service = _service()
    host = _host()
    field_order = ("pattern", "service", "host", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pattern"].help_text = _(
            "Such as {local}@pbx.example.net. {local} is what stands before the @ now, {host} and {tail} are the "
            "host and what follows it. Placeholders: %(known)s."
        ) % {"known": ", ".join(placeholders(of_record=True))}


class ReplaceForm(ActionForm):
    """A text in host data."""

    action = Action.REPLACE
    old = _Text(_("Text"), _("As it stands in the host data; capital and small letters count."), wanted=True)
    new = _Text(_("Replaced by"), _("Empty to take the text away."))
    service = _service()
    host = _host()
    field_order = ("old", "new", "service", "host", "reason")


class PreferenceForm(ActionForm):
    """One preference."""

    action = Action.PREFERENCE
    preference = _preference()
    service = _service()
    host = _host()
    field_order = ("preference", "service", "host", "reason")


class AddForm(ActionForm):
    """A record more."""

    action = Action.ADD
    preference = _preference()
    service = _Text(_("Service"), _("Such as SIP."), wanted=True)
    hostdata = _Text(_("Host data"), wanted=True)
    field_order = ("preference", "service", "hostdata", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hostdata"].help_text = _("Such as {number}@pbx.example.net. Placeholders: %(known)s.") % {
            "known": ", ".join(placeholders(of_record=False))
        }


class RemoveForm(ActionForm):
    """Records less."""

    action = Action.REMOVE
    service = _Text(_("Service"), _("Only records of this service, such as SIP."), is_one_of=True)
    host = _Text(_("Part of the host data"), _("Only records in whose host data this is."), is_one_of=True)
    field_order = ("service", "host", "reason")


class TagForm(ActionForm):
    """Tags, which no registry knows."""

    action = Action.TAG
    add = _Text(_("Tags to add"), _("Words, separated by blanks."), is_one_of=True)
    remove = _Text(_("Tags to remove"), _("Words, separated by blanks."), is_one_of=True)
    field_order = ("add", "remove", "reason")


class TemplateForm(ActionForm):
    """A template."""

    action = Action.TEMPLATE
    # Somebody may have deleted it since the page was opened.
    template = forms.ChoiceField(
        label=_("Template"), error_messages={"invalid_choice": _("There is no such template.")}
    )
    mode = forms.ChoiceField(label=_("How"), choices=MODES, initial=ADD, widget=forms.RadioSelect)
    field_order = ("template", "mode", "reason")

    def __init__(self, *args: Any, templates: Mapping[str, RecordTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = templates
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what is declared
        field.choices = [(pk, str(template)) for pk, template in templates.items()]

    def given(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The template's records as they are now: it may be changed before the job runs."""
        template = self.templates.get(str(cleaned.get("template", "")))
        return {
            "template": template.name if template else "",
            "records": template.records if template else [],
            "mode": cleaned.get("mode", ""),
        }


FORMS: dict[str, type[ActionForm]] = {
    str(form.action.value): form
    for form in (PointForm, ReplaceForm, PreferenceForm, AddForm, RemoveForm, TemplateForm, TagForm)
}


class StartForm(forms.Form):
    """When a job starts; and that what becomes unsafe was read, where something does."""

    starts_at = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        help_text=_("In your time zone. Empty to start now."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    has_read = forms.BooleanField(label=_("I have read what becomes unsafe"), required=False)

    def __init__(self, *args: Any, is_unsafe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_unsafe:
            del self.fields["has_read"]


class UndoJobForm(forms.Form):
    """Takes a whole job back."""

    with_theirs = forms.BooleanField(
        label=_("Take away what was changed since, too"),
        required=False,
        help_text=_("Otherwise it is left as it is, and the preview says where."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON,
        validators=[validate_printable],
        help_text=_("Kept in the history with each change."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
