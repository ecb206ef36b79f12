"""Two sites and two workers on PostgreSQL and Valkey, behind HAProxy: restarted, killed, and without a database.

In the middle of a job, whose numbers all reach their registry once; then the rest of what people do (story.py).

Each machine has a data folder of its own with the same keys, as docs/scaling.md says.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests import postgresql, valkey
from tests.faulty_registry import FaultyRegistry
from tests.interop import bind, story
from tests.interop.process import find_program
from tests.interop.story import LIMIT, NUMBERS, PASSWORD, Story, signed_in, until
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import ROOT, end, environment

ANSWERS = {"GET 200", "POST 403"}
AWAY = 10.0  # seconds that the database is away
TAKEN_OVER = 60.0  # seconds until another goes on with the job of a machine that was killed
ZONE = "e164.test"


@dataclass
class Machine:
    """A machine with a site and a worker, and its own data folder."""

    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, program: str) -> None:
        """Start the site (serve) or the worker (work)."""
        env = environment(self.folder, BIND=f"127.0.0.1:{self.port}", **self.settings)
        with (self.folder / f"{program}.log").open("ab") as log:
            self.running[program] = subprocess.Popen(
                [sys.executable, "manage.py", program], cwd=ROOT, env=env, stdout=log, stderr=log
            )

    def stop(self, program: str, *, kill: bool = False) -> None:
        """End it, at once or when it is done; what it started ends with it."""
        end(self.running.pop(program), limit=LIMIT, kill=kill)

    def stop_all(self) -> None:
        """End whatever runs."""
        for program in list(self.running):
            self.stop(program)

    def is_ready(self) -> bool:
        """Whether its site wants requests."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def log(self) -> str:
        """What it said."""
        return "".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log"))


@dataclass
class Site:
    """Both machines, what they share, and the address of the proxy."""

    machines: list[Machine]
    url: str
    database: str
    registry: FaultyRegistry
    name_server: bind.Bind

    def ask(self, query: str, *values: object) -> Any:
        """The first column of the first row of what the database answers."""
        with psycopg.connect(host=self.socket, user="e164web", dbname="postgres") as connection:
            row = connection.execute(query, values).fetchone()
            return row[0] if row else None

    @property
    def socket(self) -> str:
        """The folder of the database's socket, and of its data."""
        return self.database.removeprefix("postgres://e164web:@/").removesuffix("/postgres")

    def workers(self) -> int:
        """How many background processes gave a sign of life within the last twenty seconds."""
        lively = "FROM dashboard_presence WHERE kind = 'work' AND seen_at > now() - interval '20 s'"
        found: int = self.ask(f"SELECT count(*) {lively}")
        return found

    def proxy_log(self) -> str:
        """What the proxy said last."""
        return (self.machines[0].folder.parent / "haproxy.log").read_text(errors="replace")[-3000:]

    def answers(self) -> bool:
        """Whether the proxy has found a site that wants requests."""
        return requests.get(f"{self.url}/healthz", timeout=LIMIT).ok


@contextmanager
def proxied(folder: Path, ports: list[int]) -> Iterator[str]:
    """HAProxy with deploy/haproxy.cfg, in front of sites at these ports of this machine."""
    port = free_port()
    text = (ROOT / "deploy" / "haproxy.cfg").read_text()
    for number, behind in enumerate(ports, 1):
        text = text.replace(f"web{number}:8000", f"127.0.0.1:{behind}")
    file = folder / "haproxy.cfg"
    file.write_text(text.replace("bind :8000", f"bind 127.0.0.1:{port}"))
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen([find_program("haproxy"), "-f", str(file)], stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process, limit=LIMIT)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Two machines, started at the same moment on an empty database."""
    if postgresql.program("initdb") is None or valkey.program() is None:
        pytest.skip("no PostgreSQL or no Valkey (Debian: apt install postgresql redis-server)")
    find_program("haproxy")
    with ExitStack() as stack:
        database, cache = stack.enter_context(postgresql.running()), stack.enter_context(valkey.running())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-two-")))
        registry = stack.enter_context(story.slow_registry())
        name_server = stack.enter_context(bind.running(zone=ZONE))
        settings = {
            "DATABASE_URL": database,
            "CACHE_URL": cache.url,
            "ADMIN_PASSWORD": PASSWORD,
            "TRUSTED_PROXIES": "127.0.0.1",
            "WORKERS": "1",
            "PUBLISHER": "0",
            "WORKER": "0",
            "LOG": "json",
            "DRAIN": "3",
            "SAMPLE_DATA": "0",
            # Slow enough that all that happens to the job happens in the middle of it.
            "REFRESH_RATE": str(max(40, NUMBERS // 10)),
            **story.of_registry(registry),
            **story.of_name_server(name_server),
        }
        # The keys, made on the first and copied to the second; and its files, which would be collected alike.
        shutil.copytree(prepare(folder / "one"), folder / "two")
        machines = [Machine(folder / name, settings) for name in ("one", "two")]
        url = stack.enter_context(proxied(folder, [machine.port for machine in machines]))
        for machine in machines:
            machine.settings["URL"] = f"{url}/"
        for machine in machines:
            stack.callback(machine.stop_all)
        for machine in machines:
            machine.start("serve")
        until(lambda: all(one.is_ready() for one in machines), lambda: "\n".join(one.log() for one in machines))
        both = Site(machines, url, database, registry, name_server)
        until(both.answers, "the proxy found no site")
        yield both


class People:
    """People who ask for pages and send forms all the time, and try nothing twice."""

    def __init__(self, site: Site, count: int = 4) -> None:
        self.site = site
        self.answers: Counter[str] = Counter()
        self.done = threading.Event()
        self.sessions = [signed_in(site.url) for _ in range(count)]
        self.threads = [threading.Thread(target=self.go, args=(session,)) for session in self.sessions]

    def __enter__(self) -> "People":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join(LIMIT)

    def go(self, session: requests.Session) -> None:
        turn = 0
        while not self.done.is_set():
            turn += 1
            try:
                if turn % 3:
                    answer = session.get(f"{self.site.url}/credentials/", timeout=LIMIT, allow_redirects=False)
                else:  # which no proxy may send twice; the registry refuses what came to the proxy without TLS
                    form = {"version": "1", "command": "ping", "username": "nobody", "password": "0" * 32}
                    answer = session.post(f"{self.site.url}/e164/api", form, timeout=LIMIT)
                self.answers[f"{answer.request.method} {answer.status_code}"] += 1
            except requests.RequestException as error:
                self.answers[f"{(turn % 3 and 'GET') or 'POST'} {error}"] += 1
            time.sleep(0.1)


def test_two_that_start_at_once_prepare_one_database(site: Site) -> None:
    said = "".join((machine.folder / "serve.log").read_text() for machine in site.machines)
    assert said.count("has the password of E164WEB_ADMIN_PASSWORD") == 1
    assert "Traceback" not in said


def test_a_rolling_restart_fails_no_request(site: Site) -> None:
    with People(site) as people:
        for machine in site.machines:
            time.sleep(1)
            machine.stop("serve")
            machine.start("serve")
            until(machine.is_ready, machine.log)
            time.sleep(1.5)  # the proxy looks once a second
    assert set(people.answers) == ANSWERS, f"{people.answers}\n{site.proxy_log()}"
    assert sum(people.answers.values()) > 50


def test_a_job_goes_on_when_one_machine_is_killed_and_the_database_goes_away_and_nothing_is_sent_twice(
    site: Site, tmp_path: Path
) -> None:
    first, second = site.machines
    registry = site.registry
    for machine in site.machines:
        machine.start("work")
    told = Story(second.folder, second.settings, site.url, site.ask, registry)
    told.begin()
    told.await_refresh()
    before = story.records_of(registry)
    until(lambda: site.workers() == 2, "the workers did not start")
    people = People(site)
    job = told.prepare_move()
    # So that it is known who does the job.
    second.running["work"].send_signal(signal.SIGSTOP)
    told.start(job)
    until(lambda: registry.count("update") >= NUMBERS / 10, "the job does not go on")
    second.running["work"].send_signal(signal.SIGCONT)

    with people:
        time.sleep(1)
        # gunicorn's children go with it only when they notice: all of the machine is killed.
        kill_all(first)
        killed_at = registry.count("update")
        time.sleep(2)
    assert killed_at < NUMBERS
    failed = {answer: count for answer, count in people.answers.items() if answer not in ANSWERS}
    # Those that it was answering are lost with it, one a person at most; nobody else notices.
    assert sum(failed.values()) <= len(people.sessions), f"{people.answers}\n{site.proxy_log()}"
    until(lambda: registry.count("update") > killed_at + NUMBERS / 20, second.log, limit=TAKEN_OVER)

    with stopped(Path(site.socket)):
        assert registry.count("update") < NUMBERS
        time.sleep(AWAY)
        assert not second.is_ready()
        assert requests.get(f"http://127.0.0.1:{second.port}/healthz", timeout=LIMIT).status_code == 503
    for program in ("serve", "work"):
        first.start(program)
    until(site.answers, second.log)
    assert second.running["work"].poll() is None, second.log()
    told.await_done(job)
    told.insist_on_request(job)
    assert story.sent(registry) == {1: NUMBERS}

    undone = told.undo(job)
    told.start(undone)
    told.await_done(undone)
    assert story.records_of(registry) == before
    assert story.sent(registry) == {2: NUMBERS}
    told.carry_over(site.name_server, tmp_path)
    backup = told.back_up(tmp_path / "backups")
    for machine in site.machines:
        machine.stop_all()
    lively = "SELECT count(*) FROM dashboard_presence WHERE seen_at > now() - interval '61 s'"
    until(lambda: site.ask(lively) == 0, "somebody is there still")
    told.restore(backup)


def kill_all(machine: Machine) -> None:
    """The machine loses its power."""
    for program, process in list(machine.running.items()):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        for child in map(int, children):
            os.kill(child, signal.SIGKILL)
        machine.stop(program, kill=True)


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """PostgreSQL is stopped at once, and started again with the same data."""
    postgresql.control(folder, "-m", "immediate", "stop")
    try:
        yield
    finally:
        postgresql.start(folder)
