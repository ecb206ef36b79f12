"""A real Valkey or Redis: what is counted, and who is signed in, while it is there, away, and back with nothing."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import redis
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from e164web import cache
from tests import valkey
from tests.fixtures_people import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = {"login": "alice", "password": "a wrong guess"}
LIMIT = 10  # wrong guesses a minute from one address (ACCOUNT_RATE_LIMITS)


@pytest.fixture
def server(settings: Any) -> Iterator[valkey.Valkey]:
    """One that the site uses, in place of the tests' own cache."""
    if valkey.program() is None:
        pytest.skip("no Valkey: install it (Debian: apt install redis-server)")
    with valkey.running() as started:
        settings.CACHES = {
            "default": {"BACKEND": "e164web.cache.CountingCache", "LOCATION": started.url},
            "sessions": {"BACKEND": "e164web.cache.SessionCache", "LOCATION": started.url},
            "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "e164web_cache"},
        }
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
        settings.SESSION_CACHE_ALIAS = "sessions"
        call_command("createcachetable", verbosity=0)
        caches["database"].clear()
        yield started


def back(server: valkey.Valkey) -> None:
    """It is there again, and nobody leaves it alone any more."""
    server.start()
    for kept in (caches["default"], caches["sessions"]):
        assert isinstance(kept, cache.Valkey)
        kept.again = 0.0


def is_refused_after(guesses: int) -> bool:
    """Guess a password so often, and return whether the last guess was one too many."""
    answers = [Browser().post(reverse("account_login"), WRONG) for _ in range(guesses)]
    return "Too many failed login attempts" in answers[-1].content.decode()


def test_what_is_kept_is_json_and_numbers_that_count(server: valkey.Valkey) -> None:
    kept = caches["default"]
    assert kept.add("once", [1.5, True], 10)
    assert not kept.add("once", "again", 10)
    assert kept.get("once") == [1.5, True]
    kept.set("count", 1, 10)
    assert kept.incr("count", 2) == kept.get("count") == 3
    assert kept.get_many(["once", "nothing"]) == {"once": [1.5, True]}
    with pytest.raises(TypeError):
        kept.set("code", object())
    assert cache.is_reached()


def test_guesses_are_counted_before_during_and_after_it_is_away(server: valkey.Valkey, alice: Browser) -> None:
    assert not is_refused_after(LIMIT)
    assert is_refused_after(1)

    server.kill()
    # The count begins anew, in the database, and ends as it should.
    assert not is_refused_after(LIMIT)
    assert is_refused_after(1)
    assert not cache.is_reached()

    back(server)
    assert cache.is_reached()
    assert not is_refused_after(LIMIT)
    assert is_refused_after(1)


def test_nobody_is_signed_out_by_a_cache_that_goes_away_or_lost_everything(
    server: valkey.Valkey, alice: Browser
) -> None:
    browser = Browser()
    assert browser.login(username="alice", password=PASSWORD)
    page = reverse("history")
    assert browser.get(page).status_code == HTTPStatus.OK
    kept = f"django.contrib.sessions.cached_db{browser.session.session_key}"
    assert caches["sessions"].get(kept)["_auth_user_id"] == alice.session["_auth_user_id"]

    server.kill()
    assert browser.get(page).status_code == HTTPStatus.OK
    back(server)
    assert browser.get(page).status_code == HTTPStatus.OK
    assert caches["sessions"].get(kept)  # and it is kept there again


def test_a_session_is_in_the_cache_for_a_minute_and_ends_at_once(server: valkey.Valkey, alice: Browser) -> None:
    browser = Browser()
    assert browser.login(username="alice", password=PASSWORD)
    key = str(browser.session.session_key)
    client = redis.Redis.from_url(server.url)
    (stored,) = client.keys(f"*{key}")
    assert 0 < client.ttl(stored) <= cache.SESSION

    assert browser.post(reverse("account_logout")).status_code == HTTPStatus.FOUND
    assert client.keys(f"*{key}") == []
    assert not Session.objects.filter(pk=key).exists()
