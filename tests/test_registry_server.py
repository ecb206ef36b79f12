"""The test registry itself: it must be right where the product is to be measured by it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.faulty_registry import FaultyRegistry, Store, fictional_numbers
from tests.faulty_registry.store import Answer, secret_of


@pytest.fixture
def store() -> Store:
    store = Store()
    for name in ("ford", "trillian"):
        store.add_account(name, "forty-two")
        store.add_record(store.add_number(name, "1", "604", "5550100"), 10, "SIP", "a@example.org")
    return store


def _ask(store: Store, command: str, **variables: str) -> Answer:
    credential = {"version": "1", "username": "ford", "secret": secret_of("forty-two")}
    return store.answer({**credential, "command": command, **variables})


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_the_reply_has_the_layout_of_the_protocol_text() -> None:
    answer = Answer(variables=(("numrows", "1"),), rows=("52,1,604,9586111",))

    assert answer.encode() == b"version=1\r\nresponse=OK\r\nnumrows=1\r\n\r\n52,1,604,9586111\r\n.\r\n"
    assert Answer(ok=False).encode("\n", 2) == b"version=1\nresponse=BAD\n\n\n.\n"


def test_password_and_secret_open_the_same_account(store: Store) -> None:
    form = {"version": "1", "command": "ping", "username": "ford"}

    assert store.answer({**form, "password": "forty-two"}).ok
    assert store.answer({**form, "secret": secret_of("forty-two").upper()}).ok
    assert not store.answer({**form, "password": "forty-two", "secret": secret_of("forty-two")}).ok
    assert not store.answer(form).ok
    assert not store.answer({**form, "password": "forty-three"}).ok


@pytest.mark.parametrize(
    ("command", "variables", "code"),
    [
        ("fly", {}, "unknown-command"),
        ("ping", {"version": "2"}, "version"),
        ("show", {"id": "x"}, "bad-id"),
        ("show", {"id": "1002"}, "not-found"),
        ("getnaptr", {"id": "50002"}, "not-found"),
        ("delete", {"id": "50001"}, "confirm"),
        ("deleteall", {"id": "1001", "confirm": "yes"}, "confirm"),
        ("update", {"id": "50001", "hostdata": "a\r\nb"}, "bad-field"),
        ("update", {"id": "50001", "preference": "-1"}, "bad-field"),
        ("new", {"id": "1001", "preference": "1", "service": "SIP"}, "missing-field"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(
    store: Store, command: str, variables: dict[str, str], code: str
) -> None:
    answer = _ask(store, command, **variables)

    assert (answer.ok, dict(answer.variables)["code"]) == (False, code)
    assert store.rows_of(1001) == ["50001,1,604,5550100,100,10,SIP,a@example.org"]


def test_an_account_sees_its_own_numbers_alone(store: Store) -> None:
    assert _ask(store, "list").rows == ("1001,1,604,5550100",)


def test_numbers_are_fictional_and_all_different() -> None:
    numbers = {"".join(number) for number in fictional_numbers()}

    assert len(numbers) == 100_000
    assert all("55501" in number or number.startswith("44") for number in numbers)


def test_a_fault_strikes_when_and_as_often_as_it_was_told(
    registry: FaultyRegistry, session: requests.Session
) -> None:
    registry.fault("ping", "status-500", skip=1, times=1)
    form = {"version": "1", "command": "ping", "username": registry.username, "secret": registry.secret}

    seen = [session.post(registry.url, form, verify=registry.ca_path).status_code for _ in range(3)]

    assert seen == [200, 500, 200]
    assert [received.fault for received in registry.log] == ["", "status-500", ""]


def test_a_request_that_is_no_command_is_refused_by_http(registry: FaultyRegistry, session: requests.Session) -> None:
    assert session.get(registry.url, verify=registry.ca_path).status_code == 405
    assert session.post(registry.url, b"\xff", verify=registry.ca_path).status_code == 400


def test_it_runs_as_a_program(tmp_path: Path, session: requests.Session) -> None:
    arguments = ["--port", "0", "--numbers", "5", "--ca-out", str(tmp_path / "ca.pem"), "--fault", "show=bad"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.registry_server", *arguments],
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[0]
        form = {"version": "1", "username": "ford", "secret": secret_of("forty-two"), "id": "1001"}
        session.verify = str(tmp_path / "ca.pem")
        listed = session.post(url, {**form, "command": "list"}).text
        shown = session.post(url, {**form, "command": "show"}).text
        statistics = json.loads(session.get(url.replace("/e164/api", "/stats")).text)
        program.terminate()

    assert "numrows=5" in listed
    assert "response=BAD" in shown
    assert statistics["requests"] == 2
    assert statistics["commands"] == {"list": 1, "show": 1}
