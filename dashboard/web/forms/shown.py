"""Forms that carry what they showed, so that nobody writes over what they have not seen."""

from typing import Any

from django import forms


class ShownForm(forms.Form):
    """A form that knows the mark of what it shows (`shown`); without one it is for something new."""

    shown = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mark: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].initial = mark

    def refuse(self, sentence: str, mark: str) -> None:
        """Say what is there now, with its mark: whoever sends it again has read that."""
        self.add_error(None, sentence)
        self.data = {**self.data.dict(), "shown": mark}  # type: ignore[attr-defined]  # it was sent
