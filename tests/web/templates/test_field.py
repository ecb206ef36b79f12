"""How a form and its fields are drawn (templates/elements/uni_form.html and field.html)."""

import re
from typing import Any

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
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
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Always something is wrong with the whole."""
        raise ValidationError("The whole is wrong.")


def drawn(data: dict[str, str] | None = None) -> str:
    """The form as a page draws it."""
    return str(as_crispy_form(Sample(data)))


def tag(html: str, name: str) -> str:
    """The control of that name."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found is not None
    return found.group()


@pytest.mark.parametrize("name", ["text", "secret", "choice", "figure", "long", "tick"])
def test_every_control_has_a_label(name: str) -> None:
    html = drawn()

    assert f'id="id_{name}"' in tag(html, name)
    assert html.count(f'<label for="id_{name}"') == 1


def test_a_label_is_escaped() -> None:
    assert "A &lt;text&gt;" in drawn()


def test_what_may_stay_empty_says_so_and_a_tick_need_not() -> None:
    assert drawn().count("(optional)") == len(["secret", "long"])


def test_a_number_says_its_limits() -> None:
    assert {'type="number"', 'min="0"', "required"} <= set(re.split(r"[\s>]+", tag(drawn(), "figure")))


def test_a_choice_shows_what_was_chosen() -> None:
    assert re.search(r'<option value="b" selected>Two</option>', drawn({"choice": "b"}))
    assert "selected" not in drawn({"choice": "c"})


def test_help_is_tied_to_its_control() -> None:
    html = drawn()

    assert 'aria-describedby="id_text_helptext"' in tag(html, "text")
    assert 'id="id_text_helptext"' in html
    assert 'id="id_tick_helptext"' in html


def test_an_error_is_tied_to_its_control_beside_the_help() -> None:
    html = drawn({"figure": "-1"})

    assert 'aria-describedby="id_text_helptext id_text_error"' in tag(html, "text")
    assert 'aria-invalid="true"' in tag(html, "text")
    assert 'aria-invalid="true"' in tag(html, "figure")
    assert html.count('id="id_text_error"') == html.count('id="id_figure_error"') == 1


def test_every_id_of_a_bound_form_is_there_once() -> None:
    ids = re.findall(r'\sid="([^"]+)"', drawn({}))

    assert sorted(ids) == sorted(set(ids))


def test_what_is_described_exists() -> None:
    html = drawn({})
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()

    assert described
    assert [name for name in described if f'id="{name}"' not in html] == []


def test_a_password_never_comes_back_filled() -> None:
    assert "hunter2" not in drawn({"secret": "hunter2"})


@pytest.mark.parametrize("name", ["text", "choice", "figure", "long", "token"])
def test_what_is_typed_is_escaped(name: str) -> None:
    assert "<script>" not in drawn({name: '"><script>alert(1)</script>'})


def test_what_is_wrong_with_the_whole_interrupts() -> None:
    assert re.search(r'role="alert"[^>]*>\s*.*The whole is wrong\.', drawn({}))


def test_a_hidden_field_is_the_bare_control() -> None:
    html = drawn({"token": "abc"})

    assert 'value="abc"' in tag(html, "token")
    assert "id_token" not in html
