"""The embedded registry takes no secret in the clear from elsewhere, whatever a proxy forgets to say."""

import dataclasses
import ipaddress
from typing import Any

import pytest
from django.test import Client as Browser

API = "/e164/api"
FORM = "application/x-www-form-urlencoded"
PING = "version=1&command=ping&username=alice&secret=" + "0" * 32


@pytest.fixture
def behind_proxy(settings: Any) -> None:
    """A TLS proxy on this machine that is trusted."""
    here = [ipaddress.ip_network("127.0.0.1")]
    settings.E164WEB = dataclasses.replace(settings.E164WEB, trusted_proxies=here)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-For": "203.0.113.5:4711", "X-Forwarded-Proto": "http"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.5"},
        {"X-Forwarded-Host": "registry.example"},
        {"Forwarded": "for=203.0.113.5;proto=http"},
    ],
)
@pytest.mark.usefixtures("behind_proxy")
def test_what_comes_through_a_proxy_without_tls_never_passes_for_this_machine(
    anonymous: Browser, headers: dict[str, str]
) -> None:
    assert anonymous.post(API, PING, content_type=FORM, headers=headers).status_code == 403


@pytest.mark.parametrize("said", ["unknown", "garbage", "127.0.0.1:x"])
@pytest.mark.usefixtures("behind_proxy")
def test_a_proxy_that_does_not_say_who_is_asking_costs_one_line_in_the_log(
    anonymous: Browser, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = anonymous.post(
        API, PING, content_type=FORM, headers={"X-Forwarded-For": said, "X-Forwarded-Proto": "https"}
    )
    assert answer.status_code == 400
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == (
        f"From the trusted proxy 127.0.0.1: X-Forwarded-For: '{said}' does not say who is asking: /e164/api"
    )


@pytest.mark.usefixtures("behind_proxy")
def test_what_comes_through_a_proxy_over_tls_is_answered(anonymous: Browser) -> None:
    headers = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
    assert anonymous.post(API, PING, content_type=FORM, headers=headers).status_code == 200


@pytest.mark.usefixtures("behind_proxy")
def test_a_program_on_this_machine_needs_no_tls(anonymous: Browser) -> None:
    assert anonymous.post(API, PING, content_type=FORM).status_code == 200
