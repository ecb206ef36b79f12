"""How the forms of this project are laid out."""

from crispy_forms.helper import FormHelper


def page_helper() -> FormHelper:
    """Fields only: the template writes the form tag, so that the same form works with and without htmx."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True  # the template writes that too
    return helper
