"""The zone at a real BIND: how long an import takes beside a bare loop, and one change with a full zone."""

import contextlib
import json
import secrets
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.query

from dashboard.enum import domain_name
from dashboard.nameservers import Address
from tests.benchmarks.browser import Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import MEGABYTE, StartError, free_port, program, run
from tests.benchmarks.scene import Scene
from tests.benchmarks.web import BrokenReplyError
from tests.interop import bind

ZONE = "e164.test"
SAMPLE = "16045550123"
RECORD = "/credentials/1/numbers/1/records/1/"  # the first of the sample number
LONGEST = 30.0  # seconds for one change; only one that is lost takes so long

IMPORT_RATIO = 1.5
VISIBLE_MS = 1_000
PUBLISHER_MB = 200


def publishing(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """An import of many numbers, then single changes while the zone is full."""
    if not shutil.which("named", path="/usr/sbin:/usr/bin:/usr/local/sbin"):
        raise StartError("BIND is not installed")
    folder = scene.folder / "publishing"
    with bind.running(zone=ZONE) as server:
        key = f"{server.key.algorithm}:{server.key.name}:{server.key.secret}"
        arguments = [server.address.host, str(server.address.port), ZONE, str(effort.published_numbers)]
        bare = float(run(["-m", "tests.benchmarks.bare_updates", *arguments], {}, given=key))
    with bind.running(zone=ZONE) as server:
        settings = _settings(folder, server)
        with _site(folder, settings | {"E164WEB_PUBLISHER": "0"}):
            run(["-m", "tests.benchmarks.fill_zone", str(effort.published_numbers)], settings)
        yield from _import(settings, bare, effort.published_numbers)
        yield _queries(settings)
        with _site(folder, settings):
            yield _change(settings, server.address, effort.changes)


def _import(settings: dict[str, str], bare: float, count: int) -> Iterator[Figure]:
    seconds, peak = _run_to_end(settings)
    yield Figure(
        name=f"import of {count:,} numbers into BIND, to a bare loop",
        measured=seconds / bare,
        unit="times",
        target=IMPORT_RATIO,
        of=f"{seconds:.1f} and {bare:.1f} s for {2 * count:,} records",
    )
    yield Figure(
        name="publisher, memory during the import",
        measured=peak / MEGABYTE,
        unit="MB",
        target=PUBLISHER_MB,
        of="peak",
    )


def _run_to_end(settings: dict[str, str]) -> tuple[float, int]:
    """`publish --once`: its seconds from its start to its end, and its peak in bytes."""
    began = time.perf_counter()
    code = (
        "import resource, subprocess, sys;"
        "done = subprocess.run([sys.executable, 'manage.py', 'publish', '--once'], stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss);"
        "sys.exit(done.returncode)"
    )
    kilobytes = int(run(["-c", code], settings))
    return time.perf_counter() - began, kilobytes * 1024


def _queries(settings: dict[str, str]) -> Figure:
    few, many = json.loads(run(["-m", "tests.benchmarks.queue_queries"], settings))
    return Figure(
        name="publication queue, queries that depend on a message's length",
        measured=many - few,
        unit="queries",
        target=0,
        of=f"{few} for 10 numbers, {many} for 150",
    )


def _change(settings: dict[str, str], server: Address, turns: int) -> Figure:
    """From the click that saves a record to the answer that has it."""
    person = Person(int(settings["E164WEB_BIND"].rpartition(":")[2]))
    person.sign_in(settings["E164WEB_ADMIN_PASSWORD"])
    times = []
    for turn in range(turns):
        values = person.form(RECORD) | {"hostdata": f"change{turn}@example.org"}
        began = time.perf_counter()
        person.submit(RECORD, values)
        _await(server, f"sip:change{turn}@example.org")
        times.append((time.perf_counter() - began) * 1000)
    return Figure(
        name="one change, from the click to the answer of BIND",
        measured=statistics.median(times),
        unit="ms",
        target=VISIBLE_MS,
        of=f"median of {turns}; the longest {max(times):.0f} ms",
    )


def _await(server: Address, uri: str) -> None:
    """Until the server answers with this URI. Raises BrokenReplyError."""
    question = dns.message.make_query(domain_name(SAMPLE, ZONE), "NAPTR")
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
        "E164WEB_TSIG_KEY": f"{server.key.algorithm}:{server.key.name}:{server.key.secret}",
    }


def _site(folder: Path, settings: dict[str, str]) -> contextlib.AbstractContextManager[int]:
    folder.mkdir(exist_ok=True)
    port = int(settings["E164WEB_BIND"].rpartition(":")[2])
    return program(["manage.py", "serve"], port, folder / "serve.log", settings)
