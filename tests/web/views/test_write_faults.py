"""Every fault of a registry with every command that writes: what the page says, and what the history knows.

The fault strikes the write alone, so that reading back settles it; then it strikes the reading back as well.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Credential, Exchange, Outcome
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.faults import FAULTS
from tests.web.views.far import Far, typed
from tests.web.views.pages import form_to, notices_of, text_of

SLOW = frozenset({"hang", "hang-after", "drip-headers", "drip-body"})
# A reply that is good for these commands all the same: they read nothing but OK.
GOOD = frozenset({"surplus", "numrows", "echo-header", "echo-row"})
REFUSALS = frozenset({"bad", "bad-silent", "echo", "echo-disguised"})
COMMANDS = ["new", "update", "delete", "deleteall"]
LOGGED_TRACEBACK = "Traceback (most recent call last)"

Submit = Callable[[Browser, Far], Callable[[], Any]]


def _new(browser: Browser, far: Far) -> Callable[[], Any]:
    form = far.new_form(browser)
    return lambda: form.submit(browser, **typed())


def _update(browser: Browser, far: Far) -> Callable[[], Any]:
    form = far.form(browser)
    return lambda: form.submit(browser, **typed())


def _delete(browser: Browser, far: Far) -> Callable[[], Any]:
    form = far.confirm_form(browser, f"{far.record_address()}delete/")
    return lambda: form.submit(browser)


def _deleteall(browser: Browser, far: Far) -> Callable[[], Any]:
    form = far.confirm_form(browser, f"{far.address}delete-all/")
    return lambda: form.submit(browser, confirm=far.digits)


PREPARE: dict[str, Submit] = {"new": _new, "update": _update, "delete": _delete, "deleteall": _deleteall}


def _is_done(command: str, far: Far) -> bool:
    done = {
        "new": "new@example.org" in far.hostdata(),
        "update": "new@example.org" in far.hostdata(),
        "delete": len(far.records) == 1,
        "deleteall": far.records == [],
    }
    return done[command]


@pytest.mark.parametrize("kind", list(FAULTS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_write_is_settled_and_the_page_says_how(
    alice: Browser,
    far: Far,
    set_deadline: Callable[[float], None],
    caplog: pytest.LogCaptureFixture,
    command: str,
    kind: str,
) -> None:
    submit = PREPARE[command](alice, far)
    set_deadline(0.6 if kind in SLOW else 10)
    far.registry.fault(command, kind, times=1)
    answer = submit()

    change = Change.objects.get()
    page = alice.get(far.address) if answer.status_code == 302 else answer
    _is_fit_to_be_seen(page, far.registry, caplog.text)
    assert far.writes() == [command]
    if kind in REFUSALS:
        assert (answer.status_code, change.outcome) == (422, Outcome.REFUSED)
        assert "Elsewhere refused this and" in text_of(page)
    elif _is_done(command, far):
        assert (answer.status_code, change.outcome) == (302, Outcome.APPLIED)
        assert len(notices_of(page)) == 1
        assert ("Reading back shows that it was applied." in notices_of(page)[0]) == (kind not in GOOD)
    else:
        assert (answer.status_code, change.outcome) == (502, Outcome.NOT_APPLIED)
        assert text_of(page).count("Reading back shows that it was not applied.") == 1
    assert change.settled_at is not None
    history = alice.get("/history/")
    assert change.get_outcome_display() in text_of(history)
    _is_fit_to_be_seen(history, far.registry, caplog.text)


@pytest.mark.parametrize("kind", ["reset-before", "reset-after", "hang", "garbage", "status-500", "no-terminator"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_write_that_cannot_be_read_back_stays_open_until_somebody_settles_it(
    alice: Browser, far: Far, set_deadline: Callable[[float], None], command: str, kind: str
) -> None:
    submit = PREPARE[command](alice, far)
    set_deadline(1)
    far.registry.fault(command, kind)
    far.registry.fault("getnaptr", "status-500")
    far.registry.fault("show", "status-500", skip=1)
    page = submit()

    change = Change.objects.get()
    assert (page.status_code, change.outcome, change.settled_at) == (502, Outcome.UNKNOWN, None)
    assert "It is not known whether this took effect." in text_of(page)
    assert "unknown" in text_of(alice.get("/history/?open=1"))

    far.registry.heal()
    assert "It is not known whether" in text_of(alice.get(far.address))
    answer = form_to(alice.get("/history/"), f"/history/{change.pk}/settle/").submit(alice)

    change.refresh_from_db()
    assert answer["Location"] == "/history/"
    assert change.outcome == (Outcome.APPLIED if _is_done(command, far) else Outcome.NOT_APPLIED)
    assert change.settled_at is not None
    assert "It is not known whether" not in text_of(alice.get(far.address))
    assert far.writes() == [command]


@pytest.mark.parametrize("command", ["new", "update"])
def test_nothing_that_was_typed_is_lost_when_a_write_fails(alice: Browser, far: Far, command: str) -> None:
    submit = PREPARE[command](alice, far)
    far.registry.fault(command, "status-500")
    page = submit()

    action = f"{far.address}add/" if command == "new" else far.record_address()
    assert page.status_code == 502
    assert form_to(page, action).fields["hostdata"] == "new@example.org"
    assert form_to(page, action).fields["preference"] == "50"


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_that_was_typed_is_lost_when_the_number_cannot_be_read_first(
    alice: Browser, far: Far, command: str
) -> None:
    submit = PREPARE[command](alice, far)
    far.registry.fault("show", "html")
    page = submit()
    action = page.wsgi_request.get_full_path()

    assert page.status_code == 502
    assert "What you entered is kept" in text_of(page)
    assert far.writes() == []
    assert not Change.objects.exists()
    far.registry.heal()
    assert form_to(page, action).submit(alice).status_code == 302
    assert _is_done(command, far)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_keeps_to_one_deadline_however_many_commands_it_needs(
    alice: Browser, far: Far, set_deadline: Callable[[float], None], command: str
) -> None:
    submit = PREPARE[command](alice, far)
    Credential.objects.update(services=[])
    set_deadline(1)
    # Each would be in time by itself.
    far.registry.latency = 0.6
    page = submit()

    assert page.status_code == 502
    assert len([said for said in Exchange.objects.order_by("-pk") if said.outcome == "failed"]) >= 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_registry_with_the_wrong_certificate_gets_nothing(
    alice: Browser, remote: Credential, registry: FaultyRegistry, command: str
) -> None:
    far = Far(registry, remote)
    submit = PREPARE[command](alice, far)
    before = registry.requests
    registry.certificate = "other-host"
    registry.drop_connections()
    page = submit()

    assert page.status_code == 502
    assert "The certificate of 127.0.0.1 does not fit, so nothing was sent" in text_of(page)
    assert registry.requests == before
    assert not Change.objects.exists()


def test_a_write_that_was_never_sent_is_not_applied(alice: Browser, far: Far) -> None:
    submit = _update(alice, far)
    original = far.registry.store.answer

    def answer_and_change_the_certificate(form: dict[str, str]) -> Any:
        answered = original(form)
        if form["command"] == "show":
            far.registry.certificate = "expired"
        return answered

    far.registry.store.answer = answer_and_change_the_certificate  # type: ignore[method-assign]
    far.registry.extra_headers = "Connection: close\r\n"
    far.registry.framing = "close"
    page = submit()

    change = Change.objects.get()
    assert (page.status_code, change.outcome) == (502, Outcome.NOT_APPLIED)
    assert "Nothing was changed." in text_of(page)
    assert far.writes() == []


def _is_fit_to_be_seen(page: Any, registry: FaultyRegistry, log: str) -> None:
    html = page.content.decode()
    for secret in (registry.secret, registry.secret.upper(), registry.password):
        assert secret not in html
        assert secret not in log
    assert LOGGED_TRACEBACK not in html + log
    assert not re.search(r"\bat 0x[0-9a-f]{6,}|Error\(|Exception", text_of(page))
