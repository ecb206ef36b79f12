"""Guessing at /e164/api: a crowd of guesses is counted like a queue of them, and no answer repeats a password."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, unquote_plus, urlencode

import pytest
import requests
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.registry.auth import FAILURES_PER_LOGIN
from dashboard.registry.models import Account
from dashboard.registry.samples import make_sample_account
from tests.commands.test_serve import Server

API = "/e164/api"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "Kx7 hunter2"


@pytest.mark.parametrize("name", ["sample", "nobody at all"])
def test_of_eighty_guesses_at_one_instant_no_more_are_looked_at_than_are_allowed(server: Server, name: str) -> None:
    def guess(place: int) -> str:
        """The code of the answer."""
        form = {"version": "1", "command": "ping", "username": name, "password": f"guess {place}"}
        with requests.Session() as session:
            session.trust_env = False
            text = session.post(f"http://127.0.0.1:{server.port}{API}", data=form, timeout=60).text
        (code,) = re.findall(r"^code=(.*?)\r?$", text, flags=re.MULTILINE)
        return str(code)

    with ThreadPoolExecutor(80) as threads:
        answers = Counter(threads.map(guess, range(80)))
    assert answers == {"login": FAILURES_PER_LOGIN, "too-many-logins": 80 - FAILURES_PER_LOGIN}


def answer(browser: Browser, body: str) -> str:
    """What comes back, without its urlencoding."""
    return unquote_plus(browser.post(API, body, content_type=FORM).content.decode())


@pytest.fixture
def account(db: None, quick_hasher: None) -> Account:
    return make_sample_account("alice", PASSWORD)


VARIABLES = {"version": "1", "command": "ping", "username": "alice", "password": PASSWORD}


@pytest.mark.parametrize(
    "separator", [";", "%26", "%3B", ",", "|", "+", "%20", "%09", "%0A", "&amp;", "/", ":", "&&;"]
)
@pytest.mark.parametrize("write", [urlencode, lambda pairs: "&".join(f"{k}={v}" for k, v in pairs.items())])
def test_a_request_with_another_separator_never_has_its_password_quoted_back(
    anonymous: Browser, account: Account, separator: str, write: Callable[[dict[str, str]], str]
) -> None:
    for first, value in VARIABLES.items():
        body = write({first: value} | VARIABLES).replace("&", separator)
        assert "hunter2" not in answer(anonymous, body)


@pytest.mark.parametrize(
    "body",
    [
        "version=1&command=ping&username=alice&password=a&hunter2&hunter2",
        "version=1&command=hunter2=&username=alice",
        "version=hunter2&command=ping",
        "version=1&command=ping;password=hunter2&username=alice&secret=x",
        '{"version=": "1", "password": "hunter2"}',
        "version=1%3B%20password=hunter2",
    ],
)
def test_what_is_left_of_a_request_that_went_wrong_is_not_quoted(
    anonymous: Browser, account: Account, body: str
) -> None:
    assert "hunter2" not in answer(anonymous, body)


def test_a_service_that_holds_the_rest_of_the_request_is_not_quoted(anonymous: Browser, account: Account) -> None:
    number = account.numbers.first()
    assert number is not None
    form = {**VARIABLES, "command": "new", "id": number.pk, "preference": 1, "hostdata": "a@b", "service": "x-none"}
    assert "“x-none”" in answer(anonymous, urlencode(form))
    form["service"] = "SIP;password=hunter2"
    assert "hunter2" not in answer(anonymous, urlencode(form))


@given(
    password=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=8).filter(
        lambda text: len(set(text)) > 5
    ),
    place=st.integers(0, 3),
    separators=st.lists(st.text(";,&|=+% \t:/", min_size=1, max_size=3), min_size=3, max_size=3),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_repeats_a_password_whatever_separates_it(
    anonymous: Browser, account: Account, password: str, place: int, separators: list[str]
) -> None:
    pairs = [f"{name}={value}" for name, value in VARIABLES.items() if name != "password"]
    pairs.insert(place, f"password={password}")
    body = pairs[0] + "".join(separator + pair for separator, pair in zip(separators, pairs[1:], strict=True))
    for written in (body, quote(body, safe="&=;+% "), body.replace("=", "%3D")):
        assert password not in answer(anonymous, written)
