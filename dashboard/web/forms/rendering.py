"""How Django draws the forms of this project (setting FORM_RENDERER)."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and their fields are elements of pages like all others."""

    form_template_name = "elements/form.html"
    field_template_name = "elements/field.html"
