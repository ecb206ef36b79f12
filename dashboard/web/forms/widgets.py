"""Controls that are one plain template each: Django's own take up to four, and a page may hold sixty forms."""

from typing import Any

from django import forms
from django.utils.html import format_html_join


class _Plain(forms.Widget):
    """Attributes as a template writes them: all have a value, and one that is merely there an empty one."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """The attributes of the element."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {name: "" if value is True else str(value) for name, value in attrs.items() if value is not False}


class TextInput(_Plain, forms.TextInput):
    """A line of text."""

    template_name = "elements/input.html"


class NumberInput(_Plain, forms.NumberInput):
    """A whole number."""

    template_name = "elements/input.html"


class Select(_Plain):
    """A choice; `choices` are values with their labels."""

    template_name = "elements/select.html"
    choices: list[tuple[str, str]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: Django's `widget`, and `options`: a page may hold thousands, and a loop in a
        template takes several times as long.
        """
        context = super().get_context(name, value, attrs)
        chosen = context["widget"]["value"]
        options = ((key, " selected" if key == chosen else "", label) for key, label in self.choices)
        return context | {"options": format_html_join("\n", '<option value="{}"{}>{}</option>', options)}
