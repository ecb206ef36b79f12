"""How a person wants to be shown things."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboard.models import User
from dashboard.models.user import BROWSERS, Theme
from dashboard.platform import time_zones

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm  # generic for the type checker only

_AREAS: "dict[str, StrOrPromise]" = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


def _languages() -> "list[tuple[str, StrOrPromise]]":
    return [(BROWSERS, _("as the browser asks for")), *settings.LANGUAGES]


def _zones() -> list[tuple[Any, Any]]:
    grouped = [
        (_AREAS[area], [(name, name.partition("/")[2].replace("_", " ").replace("/", " / ")) for name in names])
        for area, names in time_zones.places()
    ]
    return [(BROWSERS, _("the browser’s")), (time_zones.UTC, time_zones.UTC), *grouped]


class OwnFieldsForm(UserModelForm):
    """Fields of one's own row; nothing else of it is written, for a password may be changed at the same instant."""

    def save(self, commit: bool = True) -> User:
        """Store the fields of the form."""
        self.instance.save(update_fields=list(self.fields))
        return self.instance


class ThemeForm(OwnFieldsForm):
    """The colours alone, as the switch in the header sends them."""

    theme = forms.ChoiceField(choices=Theme.choices, label=_("Colours"))

    class Meta:
        model = User
        fields = ["theme"]


class SettingsForm(OwnFieldsForm):
    """Language, time zone, colours, and e-mail notices where this installation sends mail."""

    language = forms.ChoiceField(choices=_languages, label=_("Language"))
    time_zone = forms.ChoiceField(
        choices=_zones,
        label=_("Time zone"),
        help_text=_("All times are shown in it. Point at one to see the exact time in UTC."),
    )
    theme = forms.ChoiceField(choices=Theme.choices, label=_("Colours"))
    email_notices = forms.BooleanField(required=False, label=_("Send me notices by e-mail"))

    class Meta:
        model = User
        fields = ["language", "time_zone", "theme", "email_notices"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.E164WEB.mail_server:
            del self.fields["email_notices"]
