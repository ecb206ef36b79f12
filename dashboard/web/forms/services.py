"""The field that offers a registry's services."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.enum import find_service
from dashboard.services.sentences import visible

Options = Mapping[str, SafeString]  # the names of services, each with its option as HTML


class ServiceField(forms.CharField):
    """One of the registry's service names, compared without case as registries compare them."""

    names: Iterable[str] = ()

    def to_python(self, value: Any) -> str:
        """The name as the registry writes it."""
        return canonical_name(super().to_python(value) or "", self.names)


def options_of(names: Iterable[str]) -> Options:
    """What may be chosen, made once for all forms of a page."""
    return {name: option_of(name) for name in names}


def options_with(chosen: str, options: Options) -> SafeString:
    """The options of a select, with the chosen one among them, also where it is none of them."""
    return SafeString("\n".join({**options, chosen: option_of(chosen, is_chosen=True)}.values()))


def option_of(name: str, *, is_chosen: bool = False) -> SafeString:
    """An option of the select."""
    selected = SafeString(" selected" if is_chosen else "")
    return format_html('<option value="{}"{}>{}</option>', name, selected, visible(service_label(name)))


def canonical_name(service: str, names: Iterable[str]) -> str:
    """A service name as the registry writes it: names are compared without case."""
    return next((name for name in names if name.upper() == service.upper()), service)


def service_label(name: str) -> str:
    """How a service is offered: its name, and what it is where we know."""
    known = find_service(name)
    label = _(known.label) if known is not None else name
    return label if label.upper().startswith(name.upper()) else f"{name} – {label}"
