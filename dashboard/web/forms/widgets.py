"""Controls that are one plain template each: Django's own take up to four, and a page may hold sixty forms."""

from typing import Any

from django import forms
from django.forms.utils import flatatt


class Plain(forms.Widget):
    """A control whose template takes its `attributes` ready to write."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows."""
        context = super().get_context(name, value, attrs)
        return {**context, "attributes": flatatt(context["widget"]["attrs"])}


class TextInput(Plain, forms.TextInput):
    """A line of text."""

    template_name = "elements/input.html"


class NumberInput(Plain, forms.NumberInput):
    """A whole number."""

    template_name = "elements/input.html"
