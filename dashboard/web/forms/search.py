"""Forms about searches that are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.models import Team, User
from dashboard.models.saved import MAX_NAME, MAX_QUERY
from dashboard.services.search import QueryError, parse
from dashboard.services.sentences import say
from dashboard.web.forms.choices import offer
from dashboard.web.forms.shown import ShownForm


class SearchNameForm(ShownForm):
    """What a saved search is called."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, widget=forms.TextInput({"autocomplete": "off"}))


class SaveSearchForm(SearchNameForm):
    """What is saved, for oneself or for a team in which one may edit."""

    q = forms.CharField(
        label=_("Search"),
        max_length=MAX_QUERY,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        None, required=False, label=_("For"), empty_label=_("you"), help_text=_("All members of a team see it.")
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = access.teams(person, access.EDIT)
        if teams.exists():
            offer(self, team=teams)
        else:
            del self.fields["team"]

    def clean_q(self) -> str:
        """Refuse what nobody could search for. Raises ValidationError."""
        typed = str(self.cleaned_data["q"])
        try:
            parse(typed)
        except QueryError as error:
            raise forms.ValidationError(say(error), code="query") from None
        return typed
