"""The form of a number, which takes it as people write it, and looks twice at one that nobody could have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.enum import without_trunk_prefix
from dashboard.enum.plans import split
from dashboard.registry.models import BLOCK, Number, Zone

if TYPE_CHECKING:
    NumberForm_ = forms.ModelForm[Number]
else:
    NumberForm_ = forms.ModelForm

MAX_TYPED = 100  # characters; the digits among them are counted once they are read
PARTS = ("country", "area", "local", "is_block")


class NumberForm(NumberForm_):
    """A number in three fields, or a whole one in the last, in any writing.

    `as_it_is` holds the digits that somebody insists on, so that a tick for one number does not count for another.
    """

    country = forms.CharField(label=_("Country code"), max_length=MAX_TYPED, required=False)
    area = forms.CharField(label=_("Area code"), max_length=MAX_TYPED, required=False)
    local = forms.CharField(
        label=_("Local number"),
        max_length=MAX_TYPED,
        required=False,
        help_text=_("Or the whole number with + and the country code, with the fields above left empty."),
    )
    as_it_is = forms.CharField(
        label=_("Keep the number as it is"), max_length=MAX_TYPED, required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Number
        fields = ("account", "country", "area", "local", "is_block", "caller_name")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Only now the number is read.
        number = self.instance
        if self.errors or not Zone.current().is_public or not self._is_another_number():
            return
        meant = without_trunk_prefix(number.digits, is_block=number.is_block)
        if meant and self.cleaned_data["as_it_is"] != number.digits:
            self._ask_twice(meant)

    def _is_another_number(self) -> bool:
        return any(getattr(self.instance, name) != self.initial.get(name) for name in PARTS)

    def _ask_twice(self, meant: str) -> None:
        number = self.instance
        message = gettext(
            "%(number)s is not in use as it is: behind the country code there seems to be a trunk prefix, which "
            "nobody dials from abroad. Write %(meant)s, or tick “Keep the number as it is”."
        )
        written = "+" + " ".join(filter(None, split(meant))) + BLOCK * number.is_block
        self.add_error("area" if number.area else "local", message % {"number": number, "meant": written})
        # What was ticked for another number is no answer for this one.
        self.data = {**dict(self.data.items()), "as_it_is": ""}
        self.fields["as_it_is"].widget = forms.CheckboxInput(attrs={"value": number.digits})
