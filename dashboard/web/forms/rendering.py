"""Form fields drawn without templates where their control is a single element.

A number's page holds up to sixty forms. Django draws every control with a template that includes another for the
attributes, and a select with two more for each option, and crispy adds its own around each field; that was most of
the page's time. `templates/bootstrap5/field.html` draws groups and check boxes, and comes here for the rest.
"""

import functools
import html
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

INPUTS = frozenset(f"django/forms/widgets/{name}.html" for name in ("text", "number", "hidden", "password", "input"))
Options = tuple[tuple[str, str], ...]


class Renderer(DjangoTemplates):
    """Django's own renderer (setting FORM_RENDERER), with a short cut for plain inputs."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> str:
        """The control as HTML, with every value escaped."""
        if template_name not in INPUTS:
            return super().render(template_name, dict(context), request)
        widget = context["widget"]
        named = {"type": widget["type"], "name": widget["name"], "value": widget["value"]}
        return SafeString(f"<input{_attributes(named)}{_attributes(widget['attrs'])}>")


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
    hidden = "" if show_label else ' class="visually-hidden"'
    optional = "" if field.field.required else f' <span class="optional">({_text(_("optional"))})</span>'
    return SafeString(
        f'<div id="div_{_text(field.auto_id)}"'
        f' class="{_text(f"field field-{field.name} {wrapper_class}".rstrip())}">'
        f'<label for="{_text(field.id_for_label)}"{hidden}>{_text(field.label)}{optional}</label>{control}'
        f"{_errors_html(field) if errors and show_errors else ''}{_help_html(field) if field.help_text else ''}</div>"
    )


def _text(value: Any) -> str:
    """What a form says, as HTML. Django's own escaping looks for lazy texts first, which costs four times as much."""
    return str(value) if isinstance(value, SafeString) else html.escape(str(value))


def _attributes(values: Mapping[str, Any]) -> str:
    """Attributes of an element: True is one without a value, None and False are none."""
    return "".join(_attribute(name, value) for name, value in values.items())


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_text(value)}"'


def _errors_html(field: BoundField) -> str:
    sentences = "".join(f"<p>{_text(error)}</p>" for error in field.errors)
    return f'<div id="{_text(field.auto_id)}_error" class="field-error">{sentences}</div>'


def _help_html(field: BoundField) -> str:
    # As in Django's own templates, help may hold markup: it is the programmer's text and nobody else's.
    return f'<div id="{_text(field.auto_id)}_helptext" class="field-help">{field.help_text}</div>'


class ServiceSelect(forms.Select):
    """A select of service names."""

    offered: Options = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The element, with every value escaped."""
        attributes = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return SafeString(f"<select{_attributes(attributes)}>{_options_html(self.offered, str(value))}</select>")


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
def _options_html(options: Options, chosen: str) -> str:
    return "".join(
        f'<option value="{_text(name)}"{" selected" if name == chosen else ""}>{_text(label)}</option>'
        for name, label in options
    )
