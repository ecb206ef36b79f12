"""The first page after signing in, and the one for monitoring."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from dashboard.models import Credential
from tests.web.views.pages import asks_to_sign_in


def test_leads_to_the_numbers_of_the_only_credential(alice: Browser, credential: Credential) -> None:
    assert alice.get("/")["Location"] == f"/credentials/{credential.pk}/numbers/"


def test_leads_to_the_credentials_where_there_are_several(
    alice: Browser, credential: Credential, remote: Credential
) -> None:
    assert alice.get("/")["Location"] == "/credentials/"


def test_leads_to_the_credentials_where_there_are_none(alice: Browser) -> None:
    assert alice.get("/")["Location"] == "/credentials/"


def test_does_not_lead_to_the_numbers_of_somebody_else(mallory: Browser, credential: Credential) -> None:
    assert mallory.get("/")["Location"] == "/credentials/"


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    assert asks_to_sign_in(anonymous.get("/"), "/")


def test_takes_no_posts(alice: Browser) -> None:
    assert alice.post("/").status_code == 405


@pytest.mark.parametrize("method", ["get", "head"])
def test_healthz_answers_anybody(anonymous: Browser, method: str) -> None:
    answer = getattr(anonymous, method)("/healthz")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == (b"ok\n" if method == "get" else b"")


def test_healthz_makes_no_session(anonymous: Browser) -> None:
    assert not anonymous.get("/healthz").cookies


def test_healthz_takes_no_posts(anonymous: Browser) -> None:
    assert anonymous.post("/healthz").status_code == 405


def test_healthz_says_that_the_database_is_gone(anonymous: Browser) -> None:
    with _unreachable():
        answer = anonymous.get("/healthz")

    assert answer.status_code == 503
    assert answer.content == b"database unreachable\n"


@contextmanager
def _unreachable() -> Iterator[None]:
    def refuse(*args: Any) -> None:
        raise OperationalError("no such host: db.internal")

    with connection.execute_wrapper(refuse):
        yield
