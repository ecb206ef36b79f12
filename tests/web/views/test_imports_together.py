"""The same import in two browsers at one instant: each is told what came of it, and nothing happens twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser

from dashboard.models import Credential, Import, Job, JobState, Role, Team, User
from dashboard.services.background.tasks import run_waiting
from tests.fixtures_people import share
from tests.services.transfer.conftest import imported, mirrored, sip
from tests.web.views.pages import form_to, text_of

ONE = "442079460148"
LINE = f'{{"number": "+{ONE}", "preference": 10, "service": "SIP", "hostdata": "new@example.org"}}\n'
ADD = {"mode": "add", "others": "leave"}
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*requests: Callable[[], Any]) -> Sequence[Any]:
    """The answers to requests that begin at one instant."""
    ready = Barrier(len(requests))

    def run(request: Callable[[], Any]) -> Any:
        try:
            ready.wait(10)
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


def said(browser: Browser, answer: Any) -> str:
    """What a person reads at last."""
    assert answer.status_code == 302
    return text_of(browser.get(answer.url, follow=True))


@pytest.fixture
def both(person: User, browser_of: Callable[[User], Browser]) -> tuple[Browser, Browser]:
    """Two browsers of Alice."""
    return browser_of(person), browser_of(person)


@pytest.fixture
def known(credential: Credential) -> Credential:
    mirrored(credential, ONE, [sip(1, "old@example.org")])
    return credential


@pytest.fixture
def job(person: User, known: Credential) -> Job:
    made = imported(person, known, LINE).job
    assert made is not None
    return made


def test_two_clicks_on_the_form_are_one_import_and_another_text_is_another(
    both: tuple[Browser, Browser], known: Credential
) -> None:
    form = form_to(both[0].get("/import/"), "/import/")

    def click(browser: Browser, text: str = LINE) -> Callable[[], Any]:
        return lambda: form.submit(browser, **ADD, credential=str(known.pk), text=text)

    first, second = at_once(*map(click, both))

    assert first.url == second.url
    assert (Import.objects.count(), Job.objects.count()) == (1, 1)
    run_waiting()
    assert "What is missing is added" in said(both[0], click(both[0])())  # also when the page is sent again
    assert click(both[0], LINE.replace("new", "other"))().url != first.url
    assert Job.objects.count() == 2


def test_two_clicks_on_start_start_it_once(both: tuple[Browser, Browser], job: Job) -> None:
    address = f"/bulk/{job.pk}/start/"

    answers = at_once(*(lambda browser=browser: browser.post(address) for browser in both))

    words = [said(browser, answer) for browser, answer in zip(both, answers, strict=True)]
    assert sorted(("It has started." in one, "It was started before" in one) for one in words) == [
        (False, True),
        (True, False),
    ]


def test_who_cancels_while_it_is_started_is_told_what_came_first(both: tuple[Browser, Browser], job: Job) -> None:
    started, cancelled = at_once(
        lambda: both[0].post(f"/bulk/{job.pk}/start/"), lambda: both[1].post(f"/jobs/{job.pk}/cancel/")
    )

    words = said(both[0], started)
    assert "It has started." in words or "This cannot be done now: the job cancelled." in words
    assert "It is cancelled. What it has done stays done." in said(both[1], cancelled)
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    again = said(both[0], both[0].post(f"/jobs/{job.pk}/cancel/"))
    assert "This cannot be done now: the job cancelled." in again


def test_a_colleague_sees_the_job_and_decides_nothing_about_it(
    both: tuple[Browser, Browser], job: Job, known: Credential, team: Team, editor: User, browser_of: Any
) -> None:
    share(known, team, Role.MANAGER)
    colleague, kept = browser_of(editor), Import.objects.get()

    assert "would be changed" in text_of(colleague.get(f"/bulk/{job.pk}/"))
    for address in (f"/bulk/{job.pk}/start/", f"/jobs/{job.pk}/cancel/"):
        refused = colleague.post(address)
        assert (refused.status_code, "Only alice may do this" in text_of(refused)) == (403, True)
    assert colleague.get(f"/import/{kept.pk}/").status_code == 404
    assert Job.objects.get(pk=job.pk).state == JobState.PREVIEW


def test_a_credential_that_goes_meanwhile_ends_what_was_being_prepared(
    both: tuple[Browser, Browser], known: Credential
) -> None:
    form = form_to(both[0].get("/import/"), "/import/")
    address = form.submit(both[0], **ADD, credential=str(known.pk), text=LINE).url
    known.delete()
    run_waiting()

    assert "Its credential was removed." in text_of(both[1].get(address))
