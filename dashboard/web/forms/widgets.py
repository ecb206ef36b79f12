"""Controls that are one template each: Django's own take up to four, and a page may hold sixty forms."""

from typing import Any

from django import forms


class TextInput(forms.TextInput):
    """A line of text."""

    template_name = "elements/input.html"


class NumberInput(forms.NumberInput):
    """A whole number."""

    template_name = "elements/input.html"


class Select(forms.Widget):
    """A choice; `choices` are values with their labels."""

    template_name = "elements/select.html"
    choices: list[tuple[str, str]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: Django's `widget`, and the choices."""
        return super().get_context(name, value, attrs) | {"choices": self.choices}
