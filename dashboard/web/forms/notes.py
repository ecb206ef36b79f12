"""The form of a number's note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.models import NumberNote
from dashboard.models.note import MAX_NOTE, MAX_TAGS


class NoteForm(forms.Form):
    """A note and tags; `version` is that of the note that the page showed."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=MAX_TAGS,
        help_text=_("Words, separated by blanks."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, shown: NumberNote) -> None:
        given = {"note": shown.text, "tags": shown.tags, "version": shown.version}
        super().__init__(data, initial=given, auto_id="id_note_%s")

    def clean_note(self) -> str:
        """The note with line ends as they are stored."""
        return "\n".join(str(self.cleaned_data["note"]).splitlines())

    def clean_tags(self) -> str:
        """Each tag once, in small letters."""
        return " ".join(dict.fromkeys(str(self.cleaned_data["tags"]).replace(",", " ").lower().split()))

    def clean(self) -> dict[str, Any] | None:
        """Say it where people see it that a hidden field is wrong."""
        cleaned = super().clean()
        if "version" in self.errors:
            self.add_error(None, _("This form is incomplete. Load the page again."))
        return cleaned

    def follow(self, found: NumberNote) -> None:
        """Let what was typed be saved over what somebody else saved, once its person has seen that."""
        self.data = {**{name: self.data[name] for name in self.data}, "version": str(found.version)}
