"""The pages for what is not there, not allowed, not understood, or broken: helpful, and without a word too many."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from dashboard.models import User
from tests.web.views.far import Far
from tests.web.views.pages import text_of

LEAKS = ("Traceback", "settings", "/work", "site-packages", "dashboard.", "django", "SELECT", "urlconf", "SQLite")


def test_not_found_says_what_to_do(alice: Browser) -> None:
    page = alice.get("/no/such/page/")

    assert page.status_code == 404
    assert "There is no such page, or it belongs to another user." in text_of(page)
    _leaks_nothing(page)


def test_not_found_does_not_tell_what_is_somebody_elses_from_what_is_not_there(mallory: Browser, far: Far) -> None:
    theirs = mallory.get(far.address)
    nowhere = mallory.get("/credentials/999999/numbers/1/")

    assert theirs.status_code == nowhere.status_code == 404
    assert text_of(theirs) == text_of(nowhere)


@pytest.mark.parametrize(
    "address",
    ["/<script>alert(1)</script>", "/%00", "/%ff%fe", "/../../etc/passwd", "/" + "a" * 5_000],
)
def test_an_odd_address_is_not_found_and_not_repeated(alice: Browser, address: str) -> None:
    page = alice.get(address)

    assert page.status_code == 404
    assert "<script>alert" not in page.content.decode()
    _leaks_nothing(page)


def test_a_forged_form_is_refused_with_what_to_do(careful: Browser) -> None:
    page = careful.post("/credentials/add/")

    assert page.status_code == 403
    assert "Nothing was sent. Your browser sent no cookie of this site." in text_of(page)
    assert "Allow this site to set cookies, reload the page, and send the form again." in text_of(page)
    _leaks_nothing(page)


def test_a_fault_of_ours_is_a_page_without_a_traceback(person: User) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(person)

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "dashboard_change" in sql:
            raise OperationalError("password=hunter2 at db.internal")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        page = browser.get("/history/")

    assert page.status_code == 500
    assert "This is an error on this server, and it was logged." in text_of(page)
    assert "hunter2" not in page.content.decode()
    _leaks_nothing(page)


def test_a_host_that_is_not_ours_is_refused(anonymous: Browser) -> None:
    page = anonymous.get("/accounts/login/", headers={"Host": "evil.example"})

    assert page.status_code == 400
    assert "evil.example" not in page.content.decode()


def test_a_form_that_is_far_too_large_is_refused(alice: Browser) -> None:
    page = alice.post("/credentials/add/", {"label": "x" * 1_000_000})

    assert page.status_code == 400
    _leaks_nothing(page)


def test_a_form_of_far_too_many_fields_is_refused(alice: Browser) -> None:
    page = alice.post("/credentials/add/", {f"field{place}": "x" for place in range(5_000)})

    assert page.status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data; boundary=x", "nonsense"])
def test_a_body_that_is_no_form_is_an_invalid_form(alice: Browser, kind: str) -> None:
    page = alice.generic("POST", "/credentials/add/", b'{"label": "\xff"}', content_type=kind)

    assert page.status_code in {400, 422}


def test_a_method_that_nobody_knows_is_refused(alice: Browser) -> None:
    assert alice.generic("BREW", "/history/").status_code == 405
    assert alice.generic("TRACE", "/history/").status_code == 405


def _leaks_nothing(page: Any) -> None:
    said = text_of(page)
    assert not [leak for leak in LEAKS if leak in said]
