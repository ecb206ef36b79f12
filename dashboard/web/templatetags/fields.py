"""Fields of forms, drawn in Python."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from dashboard.web.forms.rendering import draw

register = template.Library()


@register.simple_tag(takes_context=True)
def drawn_field(context: Context) -> SafeString:
    """The field that crispy is at, with what its helper says about labels and errors."""
    return draw(
        context["field"],
        show_label=bool(context.get("form_show_labels", True)),
        show_errors=bool(context.get("form_show_errors", True)),
        wrapper_class=context.get("wrapper_class") or "",
    )
