"""The field that offers a registry's services."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.enum import find_service
from dashboard.web.forms.widgets import Plain

Options = Mapping[str, SafeString]  # the names of services, each with its option as HTML


class ServiceSelect(Plain):
    """A select whose options the forms of a page share: some forty in each of up to sixty forms."""

    template_name = "elements/select.html"
    options: Options = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: Django's `widget`, and the options with the chosen one among them."""
        chosen = {value: option_of(value, is_chosen=True)} if value in self.options else {}
        options = SafeString("\n".join((dict(self.options) | chosen).values()))
        return super().get_context(name, value, attrs) | {"options": options}


class ServiceField(forms.CharField):
    """One of the registry's service names, compared without case as registries compare them."""

    widget = ServiceSelect

    def offer(self, options: Options) -> None:
        """Let these be chosen."""
        self.widget.options = options

    def to_python(self, value: Any) -> str:
        """The name as the registry writes it."""
        return canonical_name(super().to_python(value) or "", self.widget.options)


def options_of(names: Iterable[str]) -> Options:
    """What may be chosen, made once for all forms of a page."""
    return {name: option_of(name) for name in names}


def option_of(name: str, *, is_chosen: bool = False) -> SafeString:
    """An option of the select."""
    selected = SafeString(" selected" if is_chosen else "")
    return format_html('<option value="{}"{}>{}</option>', name, selected, service_label(name))


def canonical_name(service: str, names: Iterable[str]) -> str:
    """A service name as the registry writes it: names are compared without case."""
    return next((name for name in names if name.upper() == service.upper()), service)


def service_label(name: str) -> str:
    """How a service is offered: its name, and what it is where we know."""
    known = find_service(name)
    label = _(known.label) if known is not None else name
    return label if label.upper().startswith(name.upper()) else f"{name} – {label}"
