"""Form fields drawn without templates where their control is a single element.

A number's page holds up to sixty forms. Django draws every control with a template that includes another for the
attributes, and a select with two more for each option, and crispy adds its own around each field; that was most of
the page's time. `templates/bootstrap5/field.html` draws groups and check boxes, and comes here for the rest.
"""

import functools
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

INPUTS = frozenset(f"django/forms/widgets/{name}.html" for name in ("text", "number", "hidden", "password", "input"))
SELECTED = mark_safe(" selected")
HIDDEN = mark_safe(' class="visually-hidden"')
Options = tuple[tuple[str, str], ...]


class Renderer(DjangoTemplates):
    """Django's own renderer (setting FORM_RENDERER), with a short cut for plain inputs."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> str:
        """The control as HTML, with every value escaped."""
        if template_name not in INPUTS:
            return super().render(template_name, dict(context), request)
        widget = context["widget"]
        value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
        return format_html(
            '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, flatatt(widget["attrs"])
        )


def draw(
    field: BoundField, *, show_label: bool = True, show_errors: bool = True, wrapper_class: str = ""
) -> SafeString:
    """A field with its label, help and errors, every value escaped.

    Django itself ties help and errors to the control (aria-describedby, aria-invalid); their ids are as it expects.
    """
    if field.is_hidden:
        return field.as_widget()
    errors = field.errors
    kind = "form-select" if isinstance(field.field.widget, forms.Select) else "form-control"
    control = field.as_widget(attrs={"class": f"{kind} is-invalid" if errors else kind})
    return format_html(
        '<div id="div_{id}" class="field field-{name}{wrapper}">'
        '<label for="{target}"{hidden}>{label}{optional}</label>{control}{errors}{help}</div>',
        id=field.auto_id,
        name=field.name,
        wrapper=f" {wrapper_class}" if wrapper_class else "",
        target=field.id_for_label,
        hidden="" if show_label else HIDDEN,
        label=field.label,
        optional="" if field.field.required else format_html(' <span class="optional">({})</span>', _("optional")),
        control=control,
        errors=_errors_html(field) if errors and show_errors else "",
        help=_help_html(field) if field.help_text else "",
    )


def _errors_html(field: BoundField) -> SafeString:
    sentences = format_html_join("", "<p>{}</p>", ((error,) for error in field.errors))
    return format_html('<div id="{}_error" class="field-error">{}</div>', field.auto_id, sentences)


def _help_html(field: BoundField) -> SafeString:
    # As in Django's own templates, help may hold markup: it is the programmer's text and nobody else's.
    text = mark_safe(field.help_text)  # noqa: S308
    return format_html('<div id="{}_helptext" class="field-help">{}</div>', field.auto_id, text)


class ServiceSelect(forms.Select):
    """A select of service names."""

    offered: Options = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The element, with every value escaped."""
        attributes = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(attributes), _options_html(self.offered, str(value)))


class ServiceField(forms.CharField):
    """One of the registry's service names, compared without case as registries compare them.

    Not a ChoiceField: that copies and normalises its choices for each form of a page.
    """

    widget = ServiceSelect

    def offer(self, options: Options) -> None:
        """What may be chosen: names with their labels."""
        self._widget().offered = options

    def to_python(self, value: Any) -> str:
        """The name as the registry writes it."""
        return canonical_name(super().to_python(value) or "", self._names())

    def validate(self, value: str) -> None:
        """Refuse a name that is not on offer. Raises ValidationError."""
        super().validate(value)
        if value and value not in self._names():
            raise ValidationError(
                _("This registry does not offer “%(value)s”."), code="invalid_choice", params={"value": value[:40]}
            )

    def _widget(self) -> ServiceSelect:
        assert isinstance(self.widget, ServiceSelect)  # noqa: S101 -- the class says so
        return self.widget

    def _names(self) -> list[str]:
        return [name for name, _label in self._widget().offered]


def canonical_name(service: str, names: list[str]) -> str:
    """A service name as the registry writes it: names are compared without case."""
    return next((name for name in names if name.upper() == service.upper()), service)


@functools.lru_cache(maxsize=512)
def _options_html(options: Options, chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((name, SELECTED if name == chosen else "", label) for name, label in options),
    )
