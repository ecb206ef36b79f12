"""One id for what the log, the history, the wire view and the answer say of a request."""

import ipaddress
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from dashboard.platform import request_ids
from e164web import logs
from e164web.middleware import RequestId

PROXY, STRANGER = "192.0.2.1", "203.0.113.9"
MADE = re.compile(r"[0-9a-f]{32}")
Answered = Callable[..., str]


@pytest.fixture
def answered(settings: Any) -> Answered:
    """Send a request through the middleware, and return the id that everything behind it sees."""
    settings.E164WEB = replace(settings.E164WEB, trusted_proxies=[ipaddress.ip_network(PROXY)])

    def send(peer: str, said: str) -> str:
        seen: list[str] = []

        def behind(_request: HttpRequest) -> HttpResponse:
            seen.append(request_ids.current())
            return HttpResponse()

        request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Request-ID": said})
        answer = RequestId(behind)(request)
        assert answer["X-Request-ID"] == seen[0]
        assert "X-Request-ID" not in request.headers
        assert request_ids.current() == ""
        return seen[0]

    return send


def test_a_trusted_proxy_names_a_request_and_nobody_else(answered: Answered) -> None:
    assert answered(PROXY, "of-the.proxy_7") == "of-the.proxy_7"
    assert answered(f"::ffff:{PROXY}", "of-the.proxy_7") == "of-the.proxy_7"
    assert MADE.fullmatch(answered(STRANGER, "made-up"))


@pytest.mark.parametrize("said", ["", "two\nlines", "<b>", "x" * 65, "ünï", 'a"b', "a b"])
def test_what_is_no_id_is_replaced_even_from_a_trusted_proxy(answered: Answered, said: str) -> None:
    assert MADE.fullmatch(answered(PROXY, said))


def test_a_line_for_programs_is_one_object_with_the_id() -> None:
    record = logging.LogRecord("dashboard.x", logging.WARNING, "", 0, "two\nlines of %s", ("ü",), None)
    with request_ids.carried("the-id"):
        assert logs.OfRequest().filter(record)
    line = logs.Json().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {"level": "WARNING", "logger": "dashboard.x", "message": "two\nlines of ü", "request_id": "the-id"}


def test_a_line_for_people_has_it_too_and_nothing_where_there_is_none() -> None:
    formatter = logging.Formatter("%(name)s%(in_request)s %(message)s")
    record = logging.LogRecord("x", logging.INFO, "", 0, "said", (), None)
    assert logs.OfRequest().filter(record)
    assert formatter.format(record) == "x said"
    with request_ids.carried("the-id"):
        assert logs.OfRequest().filter(record)
    assert formatter.format(record) == "x [the-id] said"
