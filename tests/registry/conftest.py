"""Alice has a number with two records, Bob another one; each test begins without remembered logins."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from dashboard.registry import auth, store
from dashboard.registry.models import Account, Number, Record
from tests.registry.hashers import CountingHasher

API = "/e164/api"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "Wonderland 1865"

Call = Callable[..., bytes]


@pytest.fixture(autouse=True)
def _fast_and_fresh(settings: Settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["tests.registry.hashers.CountingHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # no static files have been collected here
    auth.good_logins.clear()
    auth._nobodys_hash.cache_clear()
    CountingHasher.checks = 0
    yield
    auth.good_logins.clear()
    auth._nobodys_hash.cache_clear()


def make_account(username: str, password: str = PASSWORD) -> Account:
    account = Account(username=username)
    account.set_password(password)
    account.save()
    return account


def make_number(account: Account, country: str, area: str, local: str) -> Number:
    number = Number(account=account, country=country, area=area, local=local)
    store.save_number(number)
    return number


@pytest.fixture
def alice(db: None) -> Account:
    return make_account("alice")


@pytest.fixture
def number(alice: Account) -> Number:
    return make_number(alice, "1", "604", "5550123")


@pytest.fixture
def record(number: Number) -> Record:
    return store.create_record(number, preference=10, service="SIP", hostdata="alice@example.org")


@pytest.fixture
def second_record(number: Number) -> Record:
    return store.create_record(number, preference=5, service="MAILTO", hostdata="alice@example.net")


@pytest.fixture
def bobs_record(db: None) -> Record:
    bobs = make_number(make_account("bob"), "44", "20", "79460958")
    return store.create_record(bobs, preference=10, service="SIP", hostdata="bob@example.org")


@pytest.fixture
def call(client: Client) -> Call:
    """Send variables as Alice and return the body of the answer, which must have status 200."""

    def send(command: str, /, **variables: object) -> bytes:
        form = {"version": "1", "command": command, "username": "alice", "password": PASSWORD, **variables}
        response = client.post(API, urlencode(form), content_type=FORM)
        assert response.status_code == 200
        return bytes(response.getvalue())

    return send
