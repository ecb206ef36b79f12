"""Guessing passwords: what counts, what counts together, and whom a guesser can keep out."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from django.test import Client as Browser

from dashboard.models import User
from tests.commands.test_serve import Server
from tests.fixtures_people import PASSWORD
from tests.prepared import prepare

ADDRESS = "/accounts/login/"
GUESSER, OWNER = "203.0.113.5", "198.51.100.7"
OF_ONE_ADDRESS, IN_AN_HOUR = 10, 30  # guesses that are looked at in a minute, and in an hour
OF_ONE_ACCOUNT = 120  # the same in an hour, from all addresses


def sign_in(browser: Browser, address: str) -> int:
    return browser.post(ADDRESS, {"login": "alice", "password": PASSWORD}, REMOTE_ADDR=address).status_code


def is_looked_at(browser: Browser, address: str, host: str = "testserver") -> bool:
    """Whether a guess was compared with the password at all."""
    data = {"login": "alice", "password": "guess"}
    page = browser.post(ADDRESS, data, REMOTE_ADDR=address, headers={"host": host})
    return "not correct" in page.content.decode()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the rate limits, which a test can put forward."""
    fake = SimpleNamespace(now=time.time(), monotonic=time.monotonic, sleep=time.sleep)
    fake.time = lambda: fake.now
    monkeypatch.setattr("allauth.core.internal.ratelimit.time", fake)
    return fake


def test_guesses_at_an_account_count_together_whatever_host_they_name(
    anonymous: Browser, person: User, settings: SimpleNamespace, clock: SimpleNamespace
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other"]
    seen = 0
    for place in range(OF_ONE_ACCOUNT + 20):
        host = f"{'testserver' if place % 2 else 'other'}:{place + 1}"
        seen += is_looked_at(anonymous, f"203.0.113.{place}", host)
    assert seen == OF_ONE_ACCOUNT


def test_a_guesser_at_one_address_does_not_keep_the_owner_out(
    anonymous: Browser, person: User, clock: SimpleNamespace
) -> None:
    for _ in range(60):
        clock.now += 60
        for _ in range(OF_ONE_ADDRESS + 2):
            is_looked_at(anonymous, GUESSER)
        assert sign_in(Browser(), OWNER) == 302


def test_a_guesser_gets_few_guesses_in_an_hour(anonymous: Browser, person: User, clock: SimpleNamespace) -> None:
    seen = 0
    for _ in range(59):
        seen += sum(is_looked_at(anonymous, GUESSER) for _ in range(OF_ONE_ADDRESS + 2))
        clock.now += 60
    assert seen <= IN_AN_HOUR


def test_the_addresses_of_an_ipv6_network_count_together(anonymous: Browser, person: User) -> None:
    seen = sum(is_looked_at(anonymous, f"2001:db8:1:2::{place:x}") for place in range(40))
    assert seen <= OF_ONE_ADDRESS


def test_how_many_people_may_sign_in_at_one_address_is_a_setting(tmp_path: Path, settings: SimpleNamespace) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["login"] == "30/m/ip"
    server = Server(prepare(tmp_path / "school"), ADMIN_PASSWORD=PASSWORD, SAMPLE_DATA="0", SIGN_INS_PER_MINUTE="3")
    server.wait()
    try:
        root = f"http://127.0.0.1:{server.port}"
        answers = []
        for _ in range(5):
            with requests.Session() as session:
                session.trust_env = False
                session.get(root + ADDRESS)
                data = {"login": "admin", "password": PASSWORD, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
                answers.append(session.post(root + ADDRESS, data, allow_redirects=False).status_code)
    finally:
        server.stop()
    assert answers == [302, 302, 302, 429, 429]


def test_both_worker_processes_count_guesses_together_however_many_come_at_once(server: Server) -> None:
    root = f"http://127.0.0.1:{server.port}"

    def guess(place: int) -> str:
        with requests.Session() as session:
            session.trust_env = False
            session.get(root + ADDRESS)
            token = session.cookies["csrftoken"]
            # Nobody said that this header is to be believed.
            headers = {"X-Forwarded-For": f"203.0.113.{place}", "Forwarded": f"for=203.0.113.{place}"}
            data = {"login": "admin", "password": f"guess {place}", "csrfmiddlewaretoken": token}
            return "seen" if "not correct" in session.post(root + ADDRESS, data, headers=headers).text else "refused"

    with ThreadPoolExecutor(32) as threads:
        answers = Counter(threads.map(guess, range(48)))
    assert 0 < answers["seen"] <= OF_ONE_ADDRESS
