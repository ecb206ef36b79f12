"""A person with a browser: signs in, adds credentials, and has the cookies that the measured requests carry."""

import html
import re
from collections.abc import Iterator

import requests

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')
CREDENTIAL = re.compile(r"/credentials/(\d+)/$")
INPUT = re.compile(r"<input ([^>]*)>")
SELECT = re.compile(r'<select [^>]*name="([^"]*)".*?<option value="([^"]*)"[^>]* selected', flags=re.DOTALL)
RECORD = re.compile(r'<article class="record".*?</article>', flags=re.DOTALL)
USERNAME = "admin"
SIGN_IN = "/accounts/login/"


class UnexpectedPageError(Exception):
    """The product answered with another page than a person would expect."""


class Person:
    """Somebody at the product, who begins as nobody in particular."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._session.cookies)

    def sign_in(self, password: str) -> None:
        """Sign in as the administrator. Raises UnexpectedPageError."""
        self._submit(SIGN_IN, {"login": USERNAME, "password": password})

    def sign_in_form(self, password: str) -> tuple[str, str]:
        """What a browser would send to sign in: its Cookie header and the form's body."""
        values = {"csrfmiddlewaretoken": self._token(SIGN_IN), "login": USERNAME, "password": password}
        body = requests.Request("POST", self.address, data=values).prepare().body
        return self.cookie, str(body)

    def add_credential(self, registry: str, username: str, password: str) -> int:
        """Add a credential for the registry of that name; its id in addresses. Raises UnexpectedPageError."""
        form = self._page("/credentials/add/")
        choice = next((value for value, name in OPTION.findall(form) if name.strip() == registry), None)
        if choice is None:
            raise UnexpectedPageError(f"the form offers no registry {registry}")
        values = {"registry": choice, "username": username, "password": password, "label": registry}
        found = CREDENTIAL.search(self._submit("/credentials/add/", values))
        if found is None:
            raise UnexpectedPageError("no credential was added")
        return int(found[1])

    def form(self, path: str) -> dict[str, str]:
        """What the record that is posted to `path` holds in the form of its number. Raises UnexpectedPageError."""
        page = self._page(path)
        found = next((part for part in RECORD.findall(page) if f'formaction="{path}"' in part), None)
        token = CSRF.search(page)
        if found is None or token is None:
            raise UnexpectedPageError(f"{path} has no form")
        chosen = SELECT.search(found)
        values = {name: html.unescape(value) for tag in INPUT.findall(found) for name, value in _named(tag)}
        return {"csrfmiddlewaretoken": token[1], **values} | ({chosen[1]: chosen[2]} if chosen else {})

    def submit(self, path: str, values: dict[str, str]) -> str:
        """Post a form that `form` has read; where it leads. Raises UnexpectedPageError."""
        reply = self._session.post(self.address + path, data=values, allow_redirects=False, timeout=60)
        if reply.status_code != requests.codes.found:
            raise UnexpectedPageError(f"{path} answered {reply.status_code}: {reply.text[:2000]}")
        return reply.headers["Location"]

    def _submit(self, path: str, values: dict[str, str]) -> str:
        return self.submit(path, {"csrfmiddlewaretoken": self._token(path), **values})

    def _token(self, path: str) -> str:
        found = CSRF.search(self._page(path))
        if found is None:
            raise UnexpectedPageError(f"{path} has no form")
        return found[1]

    def _page(self, path: str) -> str:
        reply = self._session.get(self.address + path, timeout=60)
        reply.raise_for_status()
        return reply.text


def _named(tag: str) -> Iterator[tuple[str, str]]:
    """The name and the value of an input, where it has both."""
    found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    if "name" in found:
        yield found["name"], found.get("value", "")
