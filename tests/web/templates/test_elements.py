"""The elements that pages are composed of (templates/elements/)."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from dashboard.models import Outcome, User
from tests.web.templates.test_field import Sample


def element(name: str, path: str = "/", **context: Any) -> str:
    """The element as a page at `path` draws it."""
    request = RequestFactory().get(path)
    request.user = context.pop("user", AnonymousUser())
    return render_to_string(f"elements/{name}.html", context, request)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_badge_says_each_outcome_in_words(outcome: Outcome) -> None:
    assert f">{outcome.label}</span>" in element("badge", state=outcome.value)


@pytest.mark.parametrize("state", ["works", "fails", "unchecked", "ok", "bad", "failed"])
def test_a_badge_says_each_state_in_words(state: str) -> None:
    html = element("badge", state=state)

    assert not html.endswith("></span>")
    assert f"state-{state}" in html


def test_text_to_copy_stands_in_the_page_with_the_name_for_its_button() -> None:
    html = element("copy", text="1.2.3.e164.arpa", what="domain name")

    assert ">1.2.3.e164.arpa</code>" in html
    assert 'data-what="domain name"' in html
    assert "<button" not in html  # which could do nothing where no script runs


def test_pagination_keeps_what_was_searched_for() -> None:
    page = Paginator(range(200), 50).page(2)
    html = element("pagination", "/?q=604&page=2", page=page, what="numbers")

    assert 'href="?q=604&amp;page=3"' in html
    assert 'href="?q=604"' in html
    assert "<b>51–100</b> of 200" in html


def test_pagination_of_one_page_counts_and_links_nothing() -> None:
    html = element("pagination", page=Paginator(range(3), 50).page(1), what="numbers")

    assert "<b>1–3</b> of 3" in html
    assert "href" not in html


def test_pagination_of_nothing_draws_nothing() -> None:
    assert element("pagination", page=Paginator([], 50).page(1)).strip() == ""


def test_the_search_is_a_plain_form_that_keeps_what_was_typed() -> None:
    html = element("search", "/numbers/", value='"><b>', label="Search numbers", target="#numbers")

    assert 'method="get"' in html
    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert 'hx-get="/numbers/"' in html


def test_the_list_of_errors_links_each_field_and_leaves_the_whole_to_the_form() -> None:
    html = element("form_errors", form=Sample({}))

    assert '<a href="#id_text">A &lt;text&gt;</a>' in html
    assert "The whole is wrong" not in html


def test_a_form_without_errors_has_no_list_of_them() -> None:
    assert element("form_errors", form=Sample()).strip() == ""


def test_an_alert_escapes_a_registry_s_words() -> None:
    html = element("alert", level="danger", text="Refused.", detail="<script>alert(1)</script>")

    assert "<script>" not in html


def test_a_confirm_page_posts_and_offers_a_way_back() -> None:
    html = element("confirm", title="Delete?", label="Delete it", cancel="/back/")

    assert 'method="post"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'href="/back/"' in html


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", 'href="/" aria-current="page"'),
        ("/credentials/1/numbers/7/", 'href="/" aria-current="true"'),
        ("/credentials/", 'href="/credentials/" aria-current="page"'),
        ("/credentials/1/", 'href="/credentials/" aria-current="true"'),
        ("/registries/", 'href="/registries/" aria-current="page"'),
        ("/history/", 'href="/history/" aria-current="page"'),
    ],
)
def test_the_navigation_marks_where_one_is_once(person: User, path: str, current: str) -> None:
    html = element("header", path, user=person)

    assert current in html
    assert html.count("aria-current") == 1


def test_only_staff_are_led_to_the_admin(person: User) -> None:
    assert "/admin/" not in element("header", user=person)
    assert "/admin/" in element("header", user=User(username="ada", is_staff=True))


def test_administrators_are_led_to_the_audit_trail(person: User) -> None:
    assert 'href="/audit/"' not in element("header", user=person)
    person.is_staff = True
    assert 'href="/audit/"' in element("header", user=person)


def test_who_has_not_signed_in_sees_no_navigation() -> None:
    assert "<nav" not in element("header")
