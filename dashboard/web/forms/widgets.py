"""Controls that are one plain template each: Django's own take up to four, and a page may hold sixty forms."""

from typing import Any

from django import forms


class Plain(forms.Widget):
    """Attributes as a template writes them: all have a value, and one that is merely there an empty one."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """The attributes of the element."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {name: "" if value is True else str(value) for name, value in attrs.items() if value is not False}


class TextInput(Plain, forms.TextInput):
    """A line of text."""

    template_name = "elements/input.html"


class NumberInput(Plain, forms.NumberInput):
    """A whole number."""

    template_name = "elements/input.html"
