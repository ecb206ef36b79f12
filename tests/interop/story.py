"""An account of many numbers at a slow registry, and what its owner does with it: on pages, and in the shell.

The same is told on one machine with SQLite (test_many_numbers.py) and on two with PostgreSQL (test_two_machines.py).
"""

import csv
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from dashboard.models import Outcome
from tests.faulty_registry import FaultyRegistry, fictional_numbers
from tests.interop.bind import Bind
from tests.interop.zone import records_at
from tests.programs import ROOT, environment
from tests.web.views.pages import form_to

NUMBERS = int(os.environ.get("E164WEB_TEST_NUMBERS", "150"))
LIMIT = 120 + NUMBERS / 5  # seconds
LATENCY = 0.015  # seconds
OLD, NEW = "pbx-old.example.org", "pbx-new.example.org"
PASSWORD = "the first administrator's password"
NAPTR = {
    "SIP": '100 10 "u" "E2U+sip" "!^.*$!sip:{}!" .',
    "MAILTO": '100 20 "u" "E2U+email:mailto" "!^.*$!mailto:{}!" .',
}
COUNT = "SELECT count(*)"
# What an administrator does on pages of the admin: an account of the registry inside, which may make such numbers.
ACCOUNT = """
from dashboard.registry.models import Account, Range
account = Account(username="arthur")
account.set_password("mostly harmless")
account.save()
for digits in ("1", "44"):
    Range.objects.create(account=account, digits=digits)
"""

# Asks the database something, with %s for each value: the first column of the first row.
Ask = Callable[..., Any]


def until(is_so: Callable[[], object], what: str | Callable[[], str], *, limit: float = LIMIT) -> None:
    """Wait for something that will happen."""
    ends = time.monotonic() + limit
    while not is_so():
        assert time.monotonic() < ends, what if isinstance(what, str) else what()
        time.sleep(0.1)


@contextmanager
def slow_registry() -> Iterator[FaultyRegistry]:
    """One that takes its time. Each number has a record that leads to the old telephone system, and some have two."""
    registry = FaultyRegistry(numbers=0, latency=LATENCY)
    for place, (country, area, local) in zip(range(NUMBERS), fictional_numbers(), strict=False):
        number = registry.store.add_number(registry.username, country, area, local)
        registry.store.add_record(number, 10, "SIP", f"{local}@{OLD}")
        if place % 3 == 0:
            registry.store.add_record(number, 20, "MAILTO", f"{local}@example.net")
    with registry:
        yield registry


def of_registry(registry: FaultyRegistry) -> dict[str, str]:
    """The settings by which people may add credentials for it."""
    return {"REGISTRIES": f"Slow={registry.url}", "REGISTRY_CA": registry.ca_path}


def of_name_server(server: Bind) -> dict[str, str]:
    """The settings by which the first start publishes to it."""
    key = server.key
    return {
        "SUFFIX": server.zone,
        "NAME_SERVERS": str(server.address),
        "TSIG_KEY": f"{key.algorithm}:{key.name}:{key.secret}",
    }


def records_of(registry: FaultyRegistry) -> dict[str, list[tuple[str, str]]]:
    """What each number has, by its digits: services with host data."""
    return {
        number.country + number.area + number.local: [(one.service, one.hostdata) for one in number.records.values()]
        for number in registry.store.numbers.values()
    }


def sent(registry: FaultyRegistry) -> Counter[int]:
    """How many records were sent how often."""
    return Counter(Counter(one.variables["id"] for one in registry.log if one.command == "update").values())


def signed_in(url: str) -> requests.Session:
    """Somebody who has signed in as the first administrator."""
    session = requests.Session()
    page = session.get(f"{url}/accounts/login/", timeout=LIMIT)
    form = form_to(page, "/accounts/login/")
    typed = {"login": "admin", "password": PASSWORD}
    answer = session.post(page.url, form.fields | typed, timeout=LIMIT, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return session


@dataclass
class Story:
    """Somebody with an account at a slow registry, and the installation that they use."""

    folder: Path
    settings: dict[str, str]
    url: str
    ask: Ask
    registry: FaultyRegistry
    session: requests.Session = field(init=False)

    def said(self, *arguments: str) -> str:
        """What a command of the shell says, which succeeds."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.folder, **self.settings),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def page(self, path: str) -> requests.Response:
        """A page that is there."""
        page = self.session.get(urljoin(self.url, path), timeout=LIMIT)
        assert page.status_code == 200, page.text
        return page

    def send(self, path: str, action: str = "", **typed: str) -> str:
        """Send the form of a page, and say where that leads."""
        form = form_to(self.page(path), action or path)
        answer = self.session.post(
            urljoin(self.url, action or path), form.fields | typed, timeout=LIMIT, allow_redirects=False
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def begin(self) -> None:
        """Sign in, and store the logins at the slow registry and at the one inside."""
        self.said("shell", "-c", ACCOUNT)
        self.session = signed_in(self.url)
        for label, scheme, username, password in (
            ("Slow", "https", self.registry.username, self.registry.password),
            ("Embedded", "embedded", "arthur", "mostly harmless"),
        ):
            registry = self.ask("SELECT id FROM dashboard_registry WHERE url LIKE %s", f"{scheme}:%")
            login = {"registry": str(registry), "username": username, "password": password, "label": label}
            self.send("/credentials/add/", **login)

    def await_refresh(self) -> None:
        """Wait until both accounts were read in the background, and find all numbers by their host."""
        read = f"{COUNT} FROM dashboard_mirror WHERE finished_at IS NOT NULL AND failures = 0"
        until(lambda: self.ask(read) == 2, "the numbers were not read")
        found = self.page(f"/search/?q=host:{OLD}").text  # which counts to 200
        assert "5550100@" + OLD in found
        assert f"{NUMBERS:,} numbers" in self.page(f"/bulk/?q=host:{OLD}").text

    def prepare_move(self) -> int:
        """A job that moves everybody to the new telephone system, with its preview; nothing was sent."""
        path = self.send(f"/bulk/?q=host:{OLD}&action=point", "/bulk/", pattern=f"{{local}}@{NEW}")
        job = int(path.strip("/").rpartition("/")[2])
        self.await_state(job, "preview")
        assert self.registry.count("update") == 0
        return job

    def undo(self, job: int) -> int:
        """A job that takes another one back, with its preview."""
        path = self.send(f"/jobs/{job}/undo/")
        undone = int(path.strip("/").rpartition("/")[2])
        self.await_state(undone, "preview")
        return undone

    def start(self, job: int) -> None:
        """Start a job whose preview was seen."""
        self.send(f"/bulk/{job}/", f"/bulk/{job}/start/")

    def await_state(self, job: int, state: str) -> None:
        """Wait until a job is so far."""
        of_job = "SELECT {} FROM dashboard_job WHERE id = %s"
        until(
            lambda: self.ask(of_job.format("state"), job) == state,
            lambda: (
                f"job {job} is {self.ask(of_job.format('state'), job)}: {self.ask(of_job.format('failure'), job)}"
            ),
        )

    def await_done(self, job: int) -> None:
        """Wait for the end of a job, which has written each number."""
        self.await_state(job, "finished")
        assert self.ask(f"{COUNT} FROM dashboard_jobnumber WHERE job_id = %s AND result = 'done'", job) == NUMBERS

    def insist_on_request(self, job: int) -> None:
        """All that a job has changed carries the id of the request that made it."""
        changes = f"{COUNT} FROM dashboard_change JOIN dashboard_job ON dashboard_job.id = dashboard_change.job_id"
        same = "dashboard_change.request_id = dashboard_job.request_id"
        outcomes = {
            outcome.value: self.ask(f"{changes} WHERE job_id = %s AND {same} AND outcome = %s", job, outcome.value)
            for outcome in Outcome
        }
        assert outcomes["applied"] == NUMBERS, outcomes

    def carry_over(self, server: Bind, folder: Path) -> None:
        """Export all numbers, import them into the registry inside, and publish them to a name server."""
        file = folder / "numbers.csv"
        file.write_bytes(self.page(f"/export/?q=host:{OLD}&format=csv").content)
        records = records_of(self.registry)
        with file.open(newline="", encoding="utf-8-sig") as lines:
            assert len(list(csv.reader(lines))) == 1 + sum(map(len, records.values()))
        self.said("import_records", str(file), "--credential", "Embedded", "--make", "--apply", "--unsafe")
        self.await_done(self.ask("SELECT max(id) FROM dashboard_job"))
        self.said("publish", "--once")
        count = sum(map(len, records.values()))
        assert f"{count} records compared, no difference" in self.said("reconcile", "--dry-run")
        wanted = {
            (f"{'.'.join(reversed(digits))}.{server.zone}", NAPTR[service].format(hostdata))
            for digits, of_number in records.items()
            for service, hostdata in of_number
        }
        there = {(name.rstrip("."), text) for name, rdtype, _ttl, text in records_at(server) if rdtype == "NAPTR"}
        assert there == wanted

    def back_up(self, folder: Path) -> Path:
        """A backup that was proved by restoring it into a scratch place."""
        self.said("backup", str(folder))
        drilled = self.said("restore_drill", str(folder))
        assert "3 secrets open" in drilled  # two logins, and the key of the name server
        assert "The audit trail is intact" in drilled
        assert "A page is drawn" in drilled
        (backup,) = folder.glob("*.tar")
        return backup

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of what somebody has lost. Nothing else runs."""
        self.said("shell", "-c", "from dashboard.models import Job; Job.objects.all().delete()")
        assert self.ask(f"{COUNT} FROM dashboard_job") == 0
        self.said("restore", str(backup), "--replace")
        found = self.said("search", f"host:{OLD}").splitlines()
        assert len(found) == 2 * NUMBERS  # of both accounts
        assert self.ask(f"{COUNT} FROM dashboard_job WHERE state = 'finished'") == 3
