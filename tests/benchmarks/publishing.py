"""The zone at a real BIND: how long an import takes beside a bare loop, and one change with a full zone."""

import contextlib
import json
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.query

from dashboard.enum import domain_name
from dashboard.nameservers import Address
from tests.benchmarks import turns
from tests.benchmarks.bare_updates import Sender
from tests.benchmarks.browser import Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.fill_zone import hostdata, numbers
from tests.benchmarks.interleave import Pair
from tests.benchmarks.processes import MEGABYTE, StartError, program, run
from tests.benchmarks.web import BrokenReplyError
from tests.interop import bind
from tests.ports import free_port

ZONE = "e164.test"
SAMPLE = "16045550123"
RECORD = "/credentials/1/numbers/1/records/1/"  # the first of the sample number
LONGEST = 30.0  # seconds for one change; only one that is lost takes so long
CHANGES_AMONG_MANY = 5
ROUNDS = 10  # of the import, in turn with the bare loop

IMPORT_RATIO = 1.5
VISIBLE_RATIO = 100
WAITING_RATIO = 15
PUBLISHER_MB = 200


def publishing(effort: Effort) -> Iterator[Figure]:
    """An import of many numbers, then single changes while the zone is full: each in turn with bare updates."""
    if not shutil.which("named", path="/usr/sbin:/usr/bin:/usr/local/sbin"):
        raise StartError("BIND is not installed")
    with (
        tempfile.TemporaryDirectory(prefix="e164web-bench-") as folder,
        bind.running(zone=ZONE) as server,
        bind.running(zone=ZONE) as bare_server,
    ):
        settings = _settings(Path(folder) / "var", server)
        with _site(Path(folder), settings | {"E164WEB_PUBLISHER": "0"}):
            run(["-m", "tests.benchmarks.fill_zone", str(effort.published_numbers)], settings)
        yield from _import(settings, bare_server, effort.published_numbers)
        yield _queries(settings)
        with _site(Path(folder), settings):
            yield from _change(settings, server, bare_server, effort.changes)


def _import(settings: dict[str, str], bare_server: bind.Bind, count: int) -> Iterator[Figure]:
    place = bare_server.address
    arguments = ["-m", "tests.benchmarks.bare_updates", place.host, str(place.port), ZONE]
    mine, theirs, peak = 0.0, 0.0, 0
    with (
        turns.running(["-m", "tests.benchmarks.publish_turns"], settings) as publisher,
        turns.running(arguments, {}, first_line=_key(bare_server)) as bare,
    ):
        for start in range(0, count, count // ROUNDS):
            turn = publisher.turn(start, count // ROUNDS)
            mine, peak = mine + turn.seconds, turn.peak
            theirs += bare.turn(start, count // ROUNDS).seconds
    yield Figure(
        name=f"import of {count:,} numbers into BIND, to a bare loop",
        measured=mine / theirs,
        unit="times",
        target=IMPORT_RATIO,
        of=f"{mine:.1f} and {theirs:.1f} s for {2 * count:,} records, {ROUNDS} rounds in turn",
    )
    yield Figure(
        name="publisher, memory during the import",
        measured=peak / MEGABYTE,
        unit="MB",
        target=PUBLISHER_MB,
        of="peak",
    )


def _queries(settings: dict[str, str]) -> Figure:
    few, many = json.loads(run(["-m", "tests.benchmarks.queue_queries"], settings))
    return Figure(
        name="publication queue, queries that depend on a message's length",
        measured=many - few,
        unit="queries",
        target=0,
        of=f"{few} for 30 numbers, {many} for 150",
    )


def _change(settings: dict[str, str], server: bind.Bind, bare_server: bind.Bind, count: int) -> Iterator[Figure]:
    """From the click that saves a record to the answer that has it, beside an update and the question for it."""
    person = Person(int(settings["E164WEB_BIND"].rpartition(":")[2]))
    person.sign_in(settings["E164WEB_ADMIN_PASSWORD"])
    bare = Sender(bare_server.address.host, bare_server.address.port, ZONE, bare_server.key)
    pair = Pair([], [])
    for turn in range(count):
        pair.a.append(_change_once(person, server, f"change{turn}@example.org"))
        (number,) = numbers(10**6 + turn, 1)
        began = time.perf_counter()
        bare.send([number])
        _await(bare_server.address, number, hostdata(number, 1))
        pair.b.append((time.perf_counter() - began) * 1000)
    mine, theirs = pair.medians
    yield Figure(
        name="one change, from the click to the answer of BIND",
        measured=mine,
        unit="ms",
        of=f"median of {count}; the longest {max(pair.a):.0f} ms",
    )
    yield Figure(
        name="the same, to a bare update and its answer",
        measured=mine / theirs,
        unit="times",
        target=VISIBLE_RATIO,
        of=f"{theirs:.1f} ms",
    )
    yield _among_many(settings, server, person, mine)


def _among_many(settings: dict[str, str], server: bind.Bind, person: Person, alone: float) -> Figure:
    """One change while every number waits. `alone`: milliseconds that one takes while nothing does."""
    waiting = int(run(["-m", "tests.benchmarks.wait_again", "all"], settings))
    taken = [_change_once(person, server, f"among{turn}@example.org") for turn in range(CHANGES_AMONG_MANY)]
    left = int(run(["-m", "tests.benchmarks.wait_again", "count"], settings))
    if not left:
        raise BrokenReplyError("everything was published before the changes were")
    return Figure(
        name=f"one change while {waiting:,} numbers wait, to one alone",
        measured=statistics.median(taken) / alone,
        unit="times",
        target=WAITING_RATIO,
        of=f"median of {len(taken)}, the longest {max(taken):.0f} ms; {left:,} numbers waited still",
    )


def _change_once(person: Person, server: bind.Bind, hostdata: str) -> float:
    """Milliseconds from the click that saves a record to the answer that has it."""
    values = person.form(RECORD) | {"hostdata": hostdata}
    began = time.perf_counter()
    person.submit(RECORD, values)
    _await(server.address, SAMPLE, f"sip:{hostdata}")
    return (time.perf_counter() - began) * 1000


def _await(server: Address, digits: str, uri: str) -> None:
    """Until the server answers with this URI. Raises BrokenReplyError."""
    question = dns.message.make_query(domain_name(digits, ZONE), "NAPTR")
    ends = time.monotonic() + LONGEST
    while uri not in dns.query.udp(question, server.host, port=server.port, timeout=5).to_text():
        if time.monotonic() > ends:
            raise BrokenReplyError(f"{uri} is not published")
        time.sleep(0.002)


def _settings(folder: Path, server: bind.Bind) -> dict[str, str]:
    return {
        "E164WEB_DATA_DIR": str(folder),
        "E164WEB_BIND": f"127.0.0.1:{free_port()}",
        "E164WEB_ADMIN_PASSWORD": secrets.token_urlsafe(16),
        "E164WEB_SUFFIX": ZONE,
        "E164WEB_NAME_SERVERS": str(server.address),
        "E164WEB_TSIG_KEY": _key(server),
    }


def _key(server: bind.Bind) -> str:
    return f"{server.key.algorithm}:{server.key.name}:{server.key.secret}"


def _site(folder: Path, settings: dict[str, str]) -> contextlib.AbstractContextManager[int]:
    port = int(settings["E164WEB_BIND"].rpartition(":")[2])
    return program(["manage.py", "serve"], port, folder / "serve.log", settings)
