"""Reads pages as a person and a browser do: what is said, and what a form would send."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client as Browser

VOID = frozenset({"input", "img", "br", "hr", "link", "meta", "path", "rect", "circle", "use"})
SAID = frozenset({"notice", "outcome"})  # what was done stands at the top, or beside the button that did it
SIGN_IN = "/accounts/login/"


@dataclass
class Form:
    """A form of a page with what it would send; `buttons` are (name, value, formaction).

    `rows` are the parts of a form that are articles: a record each, with the same names.
    """

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    rows: list["Form"] = field(default_factory=list)

    def submit(self, browser: Browser, to: str = "", **typed: Any) -> Any:
        """Send it with these fields typed over."""
        return browser.post(to or self.action, self.fields | typed)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.whole: Form | None = None  # where the form is a row of another
        self.select = ""
        self.words: list[str] = []
        self.notices: list[str] = []
        self.errors: list[str] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes.append((tag, given))
        if tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self.form)
        if tag == "article" and self.form is not None:
            self.whole, self.form = self.form, Form("", self.form.method, dict(self.form.fields))
            self.whole.rows.append(self.form)
        if self.form is not None and not (tag == "input" and given.get("type") == "submit"):
            self._control(tag, given)
        if tag not in VOID:
            self.open.append((tag, given.get("class", "")))
            if SAID & set(given.get("class", "").split()):
                self.notices.append("")
            if "field-error" in given.get("class", "").split():
                self.errors.append("")

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        if tag == "input" and "name" in given:
            self.form.fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select:
            value = given.get("value", "")
            if "selected" in given or self.select not in self.form.fields:
                self.form.fields[self.select] = value
        elif tag == "button":
            self.form.buttons.append((given.get("name", ""), given.get("value", ""), given.get("formaction", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "article" and self.whole is not None:
            self.whole, self.form = None, self.whole
        if tag == "select":
            self.select = ""
        if any(name == tag for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if any(tag in {"script", "style", "title"} for tag, _ in self.open):
            return
        self.words.append(data)
        classes = [kind.split() for _, kind in self.open]
        if any(SAID & set(kinds) for kinds in classes):
            self.notices[-1] += f" {data}"
        if any("field-error" in kinds for kinds in classes):
            self.errors[-1] += f" {data}"


def _read(response: Any) -> _Reader:
    reader = _Reader()
    reader.feed(response.content.decode())
    reader.close()
    return reader


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def text_of(response: Any) -> str:
    """All words of a page, without its markup."""
    return _plain(" ".join(_read(response).words))


def notices_of(response: Any) -> list[str]:
    """The sentences in notices: what was done, and what went wrong."""
    return [said for notice in _read(response).notices if (said := _plain(notice))]


def errors_of(response: Any) -> list[str]:
    """The sentences at fields that are wrong."""
    return [_plain(error) for error in _read(response).errors]


def elements_of(response: Any, tag: str) -> list[dict[str, str]]:
    """The attributes of all elements of a kind."""
    return [given for name, given in _read(response).attributes if name == tag]


def texts_to_copy(response: Any) -> list[str]:
    """The texts of a page that are there to be copied, in their order."""
    return [unescape(found) for found in re.findall(r'class="copy-text"[^>]*>([^<]*)<', response.content.decode())]


def form_to(response: Any, action: str) -> Form:
    """The form of a page that posts to `action`; "" is the page itself. Where a button of a row leads there, it is
    that row, as somebody sends it who presses the button.
    """
    forms = [form for form in _read(response).forms if form.method == "post"]
    asked = response.request
    itself = {"", asked["PATH_INFO"] if isinstance(asked, dict) else urlsplit(asked.url).path}
    for form in forms:
        if form.action == action or (action == "" and form.action in itself):
            return form
    for row in (row for form in forms for row in form.rows):
        for name, value, to in row.buttons:
            if to == action and name != "accepted":
                pressed = {name: value} if name not in {"", "preview"} else {}
                return Form(action, "post", row.fields | pressed, row.buttons)
    raise AssertionError(f"no form to {action!r} among {[form.action for form in forms]}")


def page_form(response: Any, action: str) -> dict[str, list[str]]:
    """All that the form of a number's page would send: for each name the value of each record."""
    (form,) = [form for form in _read(response).forms if form.action == action and form.method == "post"]
    sent = {name: [value] for name, value in form.fields.items()}
    for row in form.rows:
        for name, value in row.fields.items():
            if name not in form.fields:
                sent.setdefault(name, []).append(value)
    return sent


def asks_to_sign_in(response: Any, address: str) -> bool:
    """Whether somebody who has not signed in was sent to do so, and comes back afterwards."""
    return (response.status_code, response.get("Location")) == (302, f"{SIGN_IN}?next={address}")
