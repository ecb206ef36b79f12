"""Forms about what people want to be told of, and where."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import Credential, Email, Kind, Team, User, Watch
from dashboard.models.watch import MAX_WEBHOOK_ADDRESS
from dashboard.services import telling
from dashboard.web.forms.choices import offer
from dashboard.web.forms.shown import ShownForm

_WITH_TAG = _("those with the tag “%(tag)s”")


class WatchForm(ShownForm):
    """Of what to be told, and how."""

    def __init__(self, *args: Any, watch: Watch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, mark=telling.mark_of(watch) if watch is not None else "", **kwargs)
        asked = list(Kind) if watch is None else watch.asked_for
        for kind in Kind:
            self.fields[kind.value] = forms.BooleanField(
                label=capfirst(kind.label), required=False, initial=kind in asked
            )
        self.fields["email"] = forms.ChoiceField(
            label=_("E-mail"),
            choices=Email.choices,
            initial=watch.email if watch else Email.NOW if telling.sends_mail() else Email.NONE,
            help_text="" if telling.sends_mail() else _("This server sends no mail: no mail server is set."),
        )
        self.fields["to_webhooks"] = forms.BooleanField(
            label=_("Webhooks"),
            required=False,
            initial=bool(watch and watch.to_webhooks),
            help_text=_("All webhooks of whoever watches get it."),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what tells of nothing, or nobody."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(kind.value) for kind in Kind):
            self.add_error(Kind.CHANGED.value, _("Choose at least one thing to be told of."))
        if cleaned.get("email") == Email.NONE and not cleaned.get("to_webhooks"):
            self.add_error("email", _("Choose e-mail, webhooks, or both."))
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """What was chosen, as the service takes it."""
        cleaned = self.cleaned_data
        return {
            "kinds": [kind for kind in Kind if cleaned[kind.value]],
            "email": Email(cleaned["email"]),
            "to_webhooks": cleaned["to_webhooks"],
        }


class NewWatchForm(WatchForm):
    """The same, and for whom: oneself, or a team that one manages and that has the credential."""

    def __init__(
        self, *args: Any, person: User, credential: Credential, number_id: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        tags = telling.tags_in(credential) if number_id is None else []
        if tags:
            self.fields["tag"] = forms.ChoiceField(
                label=_("Numbers"),
                required=False,
                choices=[
                    ("", _("all numbers")),
                    *((tag, _("those with the tag “%(tag)s”") % {"tag": tag}) for tag in tags),
                ],
            )
        managed = access.teams(person, access.MANAGE).filter(shares__credential=credential)
        if managed.exists():
            _ask_for_whom(self, managed)

    @property
    def team(self) -> int | None:
        """The team that it is for; None for oneself."""
        return _team_of(self)

    @property
    def tag(self) -> str:
        """The tag of the numbers that are watched; empty for all."""
        return str(self.cleaned_data.get("tag", ""))


class WebhookForm(forms.Form):
    """Where messages are sent, and for whom."""

    address = forms.CharField(
        label=_("Address"),
        max_length=MAX_WEBHOOK_ADDRESS,
        help_text=_("It must begin with https:// and be public, such as https://example.org/e164web."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = access.teams(person, access.MANAGE)
        if managed.exists():
            _ask_for_whom(self, managed)

    @property
    def team(self) -> int | None:
        """The team that it is for; None for oneself."""
        return _team_of(self)


def _ask_for_whom(form: forms.Form, managed: QuerySet[Team]) -> None:
    field: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        None, label=_("For"), required=False, empty_label=_("myself"), help_text=_("Or for a team that you manage.")
    )
    form.fields["team"] = field
    offer(form, team=managed)


def _team_of(form: forms.Form) -> int | None:
    team = form.cleaned_data.get("team")
    return team.pk if team is not None else None
