"""The field that offers a registry's services."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dashboard.enum import find_service
from dashboard.web.forms.widgets import Select


class ServiceField(forms.ChoiceField):
    """One of the registry's service names, compared without case as registries compare them."""

    widget = Select
    names: list[str] = []

    def offer(self, services: Mapping[str, str]) -> None:
        """Let these be chosen: names with their labels."""
        self.names = list(services)
        self.choices = list(services.items())

    def to_python(self, value: Any) -> str:
        """The name as the registry writes it."""
        return canonical_name(super().to_python(value).strip(), self.names)


def canonical_name(service: str, names: Iterable[str]) -> str:
    """A service name as the registry writes it: names are compared without case."""
    return next((name for name in names if name.upper() == service.upper()), service)


def labelled(names: Iterable[str]) -> dict[str, str]:
    """Names of services with their labels; a page makes them once for all its forms."""
    return {name: service_label(name) for name in names}


def service_label(name: str) -> str:
    """How a service is offered: its name, and what it is where we know."""
    known = find_service(name)
    label = _(known.label) if known is not None else name
    return label if label.upper().startswith(name.upper()) else f"{name} – {label}"
