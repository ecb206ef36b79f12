"""What is drawn once for each language (dashboard/web/templatetags/kept.py), and the menu's places."""

import sys

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import reverse, set_script_prefix
from django.utils import translation

from dashboard.protocol import Number
from dashboard.services.records.callers import Callers
from dashboard.web.templatetags.kept import KeptNode
from dashboard.web.templatetags.menu import Place, place_in_menu


def test_what_is_kept_sees_only_the_values_that_it_is_kept_by() -> None:
    template = Template(
        "{% load kept %}{% kept staff=user.staff %}{{ staff }}, {{ user.name }}{{ csrf_token }}.{% endkept %}"
    )

    drawn = template.render(Context({"user": {"staff": "yes", "name": "Ann"}, "csrf_token": "secret"}))

    assert drawn == "yes, ."


def test_what_is_kept_is_drawn_for_each_combination_of_its_values() -> None:
    template = Template("{% load kept %}{% kept a=a b=b %}{{ a }}{{ b }}{% endkept %}")

    assert [template.render(Context({"a": a, "b": b})) for a, b in ("xy", "yx", "xy")] == ["xy", "yx", "xy"]


def test_what_is_kept_escapes_its_values() -> None:
    assert Template("{% load kept %}{% kept a=a %}{{ a }}{% endkept %}").render(Context({"a": "<b>"})) == "&lt;b&gt;"


def test_what_is_fresh_is_put_in_anew_and_not_kept() -> None:
    template = Template("{% load kept %}{% kept a=a fresh token id %}{{ a }}: {{ token }}, {{ id }}{% endkept %}")

    drawn = [template.render(Context({"a": "form", "token": token, "id": lambda: 7})) for token in ("one", "<two>")]

    assert drawn == ["form: one, 7", "form: &lt;two&gt;, 7"]


def test_a_form_that_is_kept_has_the_token_of_who_asks() -> None:
    template = Template("{% load kept %}{% kept fresh csrf_token %}{% csrf_token %}{% endkept %}")

    for token in ("anns", "bobs"):
        drawn = template.render(Context({"csrf_token": token}))
        assert drawn == f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'


def test_what_is_kept_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.web.templatetags.kept.KEPT", 1_000)
    monkeypatch.setattr("dashboard.web.templatetags.kept.MOST", 10)
    template = Template("{% load kept %}{% kept a=a %}{{ a }}{% endkept %}")
    (node,) = template.nodelist.get_nodes_by_type(KeptNode)
    assert isinstance(node, KeptNode)

    for number in range(1_000, 2_000):
        assert template.render(Context({"a": number})) == str(number)
        assert sum(map(sys.getsizeof, node.drawn.values())) <= 1_000
        assert len(node.drawn) <= 10


def test_what_is_kept_holds_none_of_what_a_value_reckons_when_asked() -> None:
    number = Number(id=1, country="1", area="604", local="5550100")
    template = Template("{% load kept %}{% kept callers=callers %}{{ callers.outlooks|length }}{% endkept %}")
    (node,) = template.nodelist.get_nodes_by_type(KeptNode)
    assert isinstance(node, KeptNode)

    assert template.render(Context({"callers": Callers(number, ())})) == "6"

    ((_place, kept),) = node.drawn
    assert kept == Callers(number, ())
    assert "outlooks" not in vars(kept)


def test_what_is_kept_is_drawn_in_each_language() -> None:
    template = Template("{% load kept i18n %}{% kept %}{% get_current_language as it %}{{ it }}{% endkept %}")

    for language in ("en", "de", "en"):
        with translation.override(language):
            assert template.render(Context()) == language


def test_what_is_kept_has_addresses_below_the_prefix_of_the_request() -> None:
    template = Template('{% load kept %}{% kept %}{% url "history" %}{% endkept %}')
    try:
        for prefix in ("/", "/numbers-of-ours/", "/"):
            set_script_prefix(prefix)
            assert template.render(Context()) == reverse("history")
            assert template.render(Context()).startswith(prefix)
    finally:
        set_script_prefix("/")


def test_what_is_kept_may_include_other_templates() -> None:
    template = Template('{% load kept %}{% kept %}{% include "elements/mark.html" %}{% endkept %}')

    assert "<svg" in template.render(Context())


@pytest.mark.parametrize(
    "part",
    [
        "{% kept 5 %}{% endkept %}",
        "{% kept a=a fresh 5 %}{% endkept %}",
        "{% kept a=a csrf_token %}{% endkept %}",
        "{% kept %}{% block a %}{% endblock %}{% endkept %}",
    ],
)
def test_what_cannot_be_kept_is_refused(part: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept %}" + part)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", Place("home", True)),
        ("/credentials/1/numbers/", Place("home", False)),
        ("/credentials/", Place("credentials", True)),
        ("/credentials/1/", Place("credentials", False)),
        ("/history/7/settle/", Place("history", False)),
        ("/accounts/login/", Place("", False)),
        ("", Place("", False)),
    ],
)
def test_every_page_has_its_place_in_the_menu(path: str, place: Place) -> None:
    assert place_in_menu(path) == place
