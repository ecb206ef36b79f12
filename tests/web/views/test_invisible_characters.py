"""Characters that nobody sees, or that turn the direction of writing, show on every page for what they are."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from dashboard.services.sentences import visible, visible_lines
from tests.web.views.far import Far, typed
from tests.web.views.pages import form_to

ODD = "\u202e\u2066\u200b\ufeff\x1b\x07\u00ad\x85"
VALUE = re.compile(r'value="[^"]*"')


def _shown(page: Any) -> str:
    """The page without the values of its fields, which are sent back as they are."""
    return VALUE.sub("", page.content.decode())


def _is_clean(page: Any) -> bool:
    return not [sign for sign in _shown(page) if not sign.isprintable() and sign not in "\n\t\xa0"]


@given(st.text())
def test_what_is_made_visible_is_visible(text: str) -> None:
    assert visible(text).isprintable()
    assert not text.isprintable() or visible(text) == text
    assert visible_lines(text).count("\n") >= text.count("\n") - text.count("\r\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("alice@example.org", "alice@example.org"),
        ("jörg@example.org", "jörg@example.org"),
        ("a\u202eb", "a\\u202eb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u200bb\U000e0041", "a\\u200bb\\U000e0041"),
    ],
)
def test_only_what_nobody_sees_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.fixture
def odd(far: Far) -> Far:
    """A number with a record that holds such characters, and a registry whose services do."""
    far.credential.services = ["SIP", f"S{ODD}"]
    far.credential.save()
    far.set(far.records[0], hostdata=f"a{ODD}@example.org")
    far.add(70, f"b{ODD}", service=f"X{ODD}")
    return far


def test_pages_about_a_record_show_them(alice: Browser, odd: Far) -> None:
    root = f"/credentials/{odd.credential.pk}/"
    addresses = [root, f"{root}numbers/", odd.address, f"{odd.address}delete-all/", "/registries/", "/credentials/"]
    addresses += [f"{odd.record_address(place)}{what}" for place in (0, -1) for what in ("", "delete/")]
    for address in addresses:
        page = alice.get(address)
        assert page.status_code == 200
        assert _is_clean(page), address


def test_the_value_of_a_field_survives_an_edit(alice: Browser, odd: Far) -> None:
    form = form_to(alice.get(odd.address), odd.record_address())

    assert form.fields["hostdata"] == f"a{ODD}@example.org"


def test_history_conflict_and_refusals_show_them(alice: Browser, odd: Far) -> None:
    late = odd.form(alice)
    conflicting = odd.form(alice)
    answer = late.submit(alice, **typed())
    assert answer.status_code == 302
    odd.set(odd.records[0], hostdata=f"c{ODD}", service=f"X{ODD}")
    conflict = conflicting.submit(alice, **typed("mine@example.org"))
    odd.registry.fault("update", "bad", error=f"no {ODD}")
    refused = odd.form(alice).submit(alice, **typed("other@example.org"))

    assert (conflict.status_code, refused.status_code) == (409, 422)
    assert "\\u202e" in _shown(refused)
    for page in (conflict, refused, alice.get("/history/"), alice.get("/registries/")):
        assert _is_clean(page)


@pytest.mark.parametrize("command", ["ping", "list", "show", "listservices", "myip"])
def test_what_a_registry_says_shows_them(alice: Browser, odd: Far, command: str) -> None:
    odd.registry.fault(command, "bad", error=f"no {ODD}")
    root = f"/credentials/{odd.credential.pk}/"
    pages = [alice.post(f"{root}check/", follow=True), alice.get(f"{root}numbers/"), alice.get(odd.address)]
    pages += [alice.get("/registries/"), alice.get("/credentials/")]

    assert all(_is_clean(page) for page in pages)


def test_a_list_shows_them_in_the_fields_of_a_number(alice: Browser, odd: Far) -> None:
    odd.registry.store.add_number(odd.registry.username, "1", f"2{ODD}", f"555{ODD}")
    page = alice.get(f"/credentials/{odd.credential.pk}/numbers/")

    assert page.status_code == 200
    assert _is_clean(page)
