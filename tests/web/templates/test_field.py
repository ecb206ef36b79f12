"""How a field of a form is drawn (templates/bootstrap5/)."""

import re
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError


class Sample(forms.Form):
    """One field of each kind that the product uses."""

    text = forms.CharField(label="A <text>", help_text="Some <b>help</b>.")
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    choice = forms.ChoiceField(choices=[("a", "One"), ("b", "Two")])
    figure = forms.IntegerField(min_value=0)
    long = forms.CharField(widget=forms.Textarea, required=False)
    tick = forms.BooleanField(required=False, help_text="When ticked.")
    pick = forms.ChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect, help_text="Pick one.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Always something is wrong with the whole."""
        raise ValidationError("The whole is wrong.")


def drawn(form: forms.Form, *layout: Any, **options: Any) -> str:
    """The form as crispy draws it."""
    helper = FormHelper()
    helper.layout = Layout(*(layout or form.fields))
    for name, value in options.items():
        setattr(helper, name, value)
    return str(render_crispy_form(form, helper))


def tag(html: str, name: str) -> str:
    """The control of that name."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found is not None
    return found.group()


@pytest.mark.parametrize("name", ["text", "secret", "choice", "figure", "long", "tick"])
def test_every_control_has_a_label(name: str) -> None:
    html = drawn(Sample())

    assert f'id="id_{name}"' in tag(html, name)
    assert html.count(f'<label for="id_{name}"') == 1


def test_a_group_is_named_by_its_legend() -> None:
    html = drawn(Sample(), "pick")

    assert re.search(r"<fieldset[^>]*><legend[^>]*>Pick", html)
    assert html.count('type="radio"') == 2


def test_a_label_is_escaped() -> None:
    assert "A &lt;text&gt;" in drawn(Sample(), "text")


def test_a_hidden_label_is_still_there_for_who_cannot_see() -> None:
    html = drawn(Sample(), "text", form_show_labels=False)

    assert '<label for="id_text" class="visually-hidden">' in html


def test_what_may_stay_empty_says_so() -> None:
    assert "(optional)" in drawn(Sample(), "secret")
    assert "(optional)" not in drawn(Sample(), "text")


def test_help_is_tied_to_its_control() -> None:
    html = drawn(Sample(), "text", "tick")

    assert 'aria-describedby="id_text_helptext"' in tag(html, "text")
    assert 'id="id_text_helptext"' in html
    assert 'id="id_tick_helptext"' in html


def test_an_error_is_tied_to_its_control_beside_the_help() -> None:
    html = drawn(Sample({"figure": "-1"}), "text", "figure")

    assert 'aria-describedby="id_text_helptext id_text_error"' in tag(html, "text")
    assert 'aria-invalid="true"' in tag(html, "text")
    assert "is-invalid" in tag(html, "figure")
    assert html.count('id="id_text_error"') == html.count('id="id_figure_error"') == 1


def test_every_id_of_a_bound_form_is_there_once() -> None:
    ids = re.findall(r'\sid="([^"]+)"', drawn(Sample({})))

    assert sorted(ids) == sorted(set(ids))


def test_what_is_described_exists() -> None:
    html = drawn(Sample({}))
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()

    assert described
    assert [name for name in described if f'id="{name}"' not in html] == []


def test_a_password_never_comes_back_filled() -> None:
    assert "hunter2" not in drawn(Sample({"secret": "hunter2"}))


def test_what_is_typed_is_escaped() -> None:
    html = drawn(Sample({"text": '"><script>alert(1)</script>'}), "text")

    assert "<script>" not in html


def test_what_is_wrong_with_the_whole_interrupts() -> None:
    html = drawn(Sample({}), "text")

    assert re.search(r'role="alert"[^>]*>.*The whole is wrong\.', html)


def test_a_hidden_field_is_the_bare_control() -> None:
    html = drawn(Sample(), "token")

    assert tag(html, "token")
    assert "div_id_token" not in html


def test_rows_columns_and_classes_of_a_layout_are_kept() -> None:
    html = drawn(Sample(), Row(Column("text", css_class="col-4")), Field("figure", wrapper_class="narrow"))

    assert 'class="col-4"' in html
    assert re.search(r'class="field field-figure narrow"', html)
