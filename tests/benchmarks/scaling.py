"""Two server processes beside one, on PostgreSQL: how many more pages they draw.

Twice as many would be the most, where two processors are free for them. On a machine of two the database and the
clients take their part of these, so what is left is what two processes could use at best.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests import postgresql
from tests.benchmarks.browser import Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Outcome
from tests.benchmarks.processes import StartError, busy_seconds, children, cpu_seconds, program
from tests.benchmarks.throughput import load, rate_of
from tests.ports import free_port

SHARE = 85  # percent of what is possible: 1.7 times with two processors for two processes
PAGES = ["/history/", "/credentials/", "/teams/"]  # which wait for no registry


def scaling(effort: Effort) -> Iterator[Figure]:
    """Rounds of load in turn, on a site of one process and on one of two. Raises StartError without PostgreSQL."""
    if postgresql.program("initdb") is None:
        raise StartError("PostgreSQL is not installed")
    with ExitStack() as stack:
        url = stack.enter_context(postgresql.running())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        password = secrets.token_urlsafe(16)
        ports = {1: free_port(), 2: free_port()}
        masters = dict[int, int]()
        for processes, port in ports.items():
            settings = {
                "E164WEB_DATA_DIR": str(folder),  # with the keys of both
                "E164WEB_DATABASE_URL": url,
                "E164WEB_BIND": f"127.0.0.1:{port}",
                "E164WEB_ADMIN_PASSWORD": password,
                "E164WEB_PUBLISHER": "0",
                "E164WEB_WORKER": "0",
                "E164WEB_WORKERS": str(processes),
            }
            log = folder / f"{processes}.log"
            masters[processes] = stack.enter_context(program(["manage.py", "serve"], port, log, settings))
        people = {processes: Person(port) for processes, port in ports.items()}
        for person in people.values():
            person.sign_in(password)
        outcomes: dict[int, list[Outcome]] = {processes: [] for processes in ports}
        left = list[float]()
        for _round in range(effort.load_rounds):
            for processes, port in ports.items():
                headers = {"Cookie": people[processes].cookie, "Accept": "text/html"}
                site, began = [masters[processes], *children(masters[processes])], time.monotonic()
                before = busy_seconds() - cpu_seconds(site)
                outcomes[processes].append(load(port, headers, PAGES, effort))
                others = (busy_seconds() - cpu_seconds(site) - before) / (time.monotonic() - began)
                left += [min(2, (os.cpu_count() or 1) - others)] if processes == 2 else []
    one, two, possible = rate_of(outcomes[1]), rate_of(outcomes[2]), sum(left) / len(left)
    yield Figure(
        name="pages of two server processes to one, on PostgreSQL",
        measured=100 * two / one / possible,
        unit="% of what is possible",
        target=SHARE,
        at_least=True,
        of=f"{two:.0f} to {one:.0f} a second, {two / one:.2f} times; the others leave {possible:.2f} processors",
    )
    errors = sum(outcome.errors for both in outcomes.values() for outcome in both)
    yield Figure(name="errors while scaling", measured=errors, unit="pages", target=0)
