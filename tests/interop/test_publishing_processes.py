"""`manage.py publish` as a process: killed at any point, several at once, beside servers that are slow or down."""

import random
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from dashboard.registry import store
from dashboard.registry.models import Account, NameServer, Number, Publication, Record, Zone
from dashboard.registry.publishing import zone_file
from tests.interop import publisher
from tests.interop.bind import Bind
from tests.interop.interference import Relay, ignore, is_update
from tests.interop.process import NameServer as RealServer
from tests.interop.publisher import nothing_waits, publishing, until
from tests.interop.zone import an_account, joined, records_at, records_here
from tests.nameservers.faulty_server import FaultyServer, hang
from tests.programs import LIMIT, ROOT
from tests.registry.conftest import make_number
from tests.registry.publishing import give_records, make_server

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = 5  # messages over TCP of a publisher that has two batches to send: looks and updates in turn
NUMBERS = 260  # more than a batch


@pytest.fixture
def account() -> Account:
    return an_account()


@pytest.fixture
def relay(bind_server: Bind) -> Iterator[Relay]:
    with Relay(bind_server.address) as between:
        yield between


def change_all(account: Account, turn: int) -> None:
    """Every number gets another record; some go, some come."""
    for number in list(Number.objects.all()):
        if number.pk % 7 == turn:
            store.delete_number(number)
        else:
            store.delete_all(number)
            store.create_record(number, preference=turn, service="SIP", hostdata=f"{turn}@example.org")
    made = make_number(account, "49", "30", f"{turn:03d}")
    store.create_record(made, preference=1, service="SIP", hostdata=f"{turn}@example.net")


def test_a_publisher_that_is_killed_before_or_after_any_message_loses_nothing(
    bind_server: Bind, relay: Relay, account: Account
) -> None:
    joined(bind_server)
    NameServer.objects.update(is_enabled=False)
    make_server(relay.address, bind_server.key)
    give_records(account, NUMBERS)
    running: subprocess.Popen[str]

    def die(number: int) -> None:
        if number == fatal:
            running.kill()

    for turn in range(2 * POINTS):
        fatal, is_after = turn // 2, turn % 2
        relay.messages.clear()
        relay.before, relay.after = (ignore, die) if is_after else (die, ignore)
        change_all(account, turn)
        running = publisher.start()
        assert running.wait(LIMIT) == -9

    relay.before = relay.after = ignore
    with publishing():
        until(nothing_waits)
    assert records_at(bind_server) == records_here()


def test_a_publisher_that_is_killed_at_any_time_loses_nothing(name_server: RealServer, account: Account) -> None:
    joined(name_server)
    give_records(account, NUMBERS)
    chance = random.Random(164)  # noqa: S311 -- any will do
    for turn in range(4):
        change_all(account, turn)
        Publication.objects.update(done_at=None)
        with publishing() as running:
            until(Publication.objects.filter(done_at__isnull=False).exists)
            threading.Event().wait(chance.uniform(0, 0.2))  # anywhere in what follows
            publisher.kill(running)
    with publishing():
        until(nothing_waits)
    assert records_at(name_server) == records_here()


def test_two_publishers_never_send_at_the_same_time_and_the_other_takes_over(
    bind_server: Bind, relay: Relay, account: Account
) -> None:
    make_server(relay.address, bind_server.key)
    (number,) = give_records(account, 1)
    record = Record.objects.get()
    in_flight: set[int] = set()
    together: list[int] = []

    def begin(message: int) -> None:
        if is_update(relay.messages[message]):
            in_flight.add(message)
            together.append(len(in_flight))

    relay.before, relay.after = begin, in_flight.discard
    with publishing() as first, publishing() as second:
        for turn in range(100):
            store.update_record(record, {"hostdata": f"{turn}@example.org"})
        until(nothing_waits)
        assert records_at(bind_server) == records_here()
        publisher.kill(first)
        store.update_record(record, {"hostdata": "last@example.org"})
        until(nothing_waits)
        assert publisher.end(second) == 0
    assert set(together) == {1}
    assert records_at(bind_server) == records_here()
    assert number.pk


def test_a_server_that_hangs_holds_no_other_up(bind_server: Bind, account: Account) -> None:
    with FaultyServer(on_tcp=hang) as silent:
        stuck = make_server(silent.address, bind_server.key)
        sound = joined(bind_server)
        with publishing():
            until(lambda: silent.queries)
            give_records(account, 5)
            until(lambda: not any(row.is_pending for row in Publication.objects.filter(name_server=sound)))
        assert records_at(bind_server) == records_here()
        assert all(row.is_pending for row in Publication.objects.filter(name_server=stuck))


def test_a_server_that_comes_back_gets_what_it_missed_by_itself(name_server: RealServer, account: Account) -> None:
    joined(name_server)
    give_records(account, 3)
    with publishing():
        until(nothing_waits)
        name_server.kill()
        change_all(account, 1)
        until(NameServer.objects.exclude(problem="").exists)
        name_server.start()
        until(nothing_waits)
        until(NameServer.objects.filter(problem="").exists)
    assert records_at(name_server) == records_here()


def test_a_signal_ends_the_publisher_after_the_message_in_flight(
    bind_server: Bind, relay: Relay, account: Account
) -> None:
    make_server(relay.address, bind_server.key)
    give_records(account, 1)
    asked = threading.Event()
    let_go = threading.Event()

    def wait(message: int) -> None:
        if is_update(relay.messages[message]):
            asked.set()
            let_go.wait(LIMIT)

    relay.after = wait
    with publishing() as running:
        assert asked.wait(LIMIT)
        running.terminate()
        let_go.set()
        assert running.wait(LIMIT) == 0
    assert nothing_waits()


def test_a_reply_that_is_lost_is_no_change_that_is_lost(bind_server: Bind, relay: Relay, account: Account) -> None:
    make_server(relay.address, bind_server.key)
    give_records(account, 3)
    lost: list[int] = []

    def lose(message: int) -> None:
        if is_update(relay.messages[message]) and not lost:
            lost.append(message)
            raise ConnectionResetError  # the server has done it, and we do not hear of it

    relay.after = lose
    with publishing():
        until(nothing_waits)
    assert lost
    assert records_at(bind_server) == records_here()


def test_a_publisher_ends_with_the_process_that_started_it() -> None:
    zone_file.path_of(Zone.current()).unlink(missing_ok=True)
    code = (
        "import os, subprocess, sys\n"
        f"command = [*{publisher.COMMAND!r}, '--with-parent', str(os.getpid())]\n"
        "print(subprocess.Popen(command).pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=publisher.settings_of_this_test(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    assert parent.stdin
    pid = int(parent.stdout.readline())
    until(zone_file.path_of(Zone.current()).exists)  # it is at work
    assert publisher.is_alive(pid)
    parent.kill()
    parent.wait(LIMIT)
    parent.stdin.close()
    parent.stdout.close()
    until(lambda: not publisher.is_alive(pid))
