"""A site with a database that was filled, beside the bare view: what is measured on both kinds of databases."""

import secrets
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postgresql
from tests.benchmarks.browser import USERNAME, Person
from tests.benchmarks.cpu import EACH, Page
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import StartError, children, program, run
from tests.benchmarks.scene import NEAR, bare_view, start_registry
from tests.benchmarks.web import get
from tests.faulty_registry import FaultyRegistry
from tests.ports import free_port

SEARCH_RATIO = 8


@dataclass(frozen=True, kw_only=True)
class LargeSite:
    """What runs. `person` is signed in, with a credential that has what was filled in."""

    database: str
    port: int
    settings: dict[str, str]
    master: int
    person: Person
    bare: Page

    @property
    def workers(self) -> list[int]:
        """Its worker processes."""
        return children(self.master)

    def address(self, path: str) -> str:
        """That of a page."""
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def signed_in(self) -> dict[str, str]:
        """The headers of the person's requests."""
        return {"Cookie": self.person.cookie}

    def searched(self, name: str, path: str, effort: Effort) -> Iterator[Figure]:
        """What a page costs, and how often the bare view."""
        page = Page(
            name=f"{self.database}, {name}",
            requests=[get(path, self.signed_in)],
            port=self.port,
            processes=[self.master, *self.workers],
        )
        self.bare.times.clear()
        for turn in range(effort.history_rounds + 1):
            spent = [one.spend(turn * EACH) for one in (page, self.bare)]
            if turn:  # the first is for warming up
                page.times.append(spent[0])
                self.bare.times.append(spent[1])
        of = f"server CPU; a bare view {self.bare.median:.1f} ms"
        yield Figure(name=page.name, measured=page.median, unit="ms", of=of)
        yield Figure(
            name="the same, to a bare view",
            measured=statistics.median(mine / base for mine, base in zip(page.times, self.bare.times, strict=True)),
            unit="times",
            target=SEARCH_RATIO,
            of=f"{len(page.times)} rounds in turn",
        )


def on_both_databases(filler: str, count: int, measured: Callable[[LargeSite], Iterator[Figure]]) -> Iterator[Figure]:
    """The figures on SQLite, and then those on PostgreSQL, with so many of what the module `filler` fills in.

    Raises StartError where PostgreSQL is not installed.
    """
    with _started("SQLite", {}, filler, count) as site:
        yield from measured(site)
    if postgresql.program("initdb") is None:
        raise StartError("PostgreSQL is not installed")
    with (
        postgresql.running() as url,
        _started("PostgreSQL", {"E164WEB_DATABASE_URL": url}, filler, count) as site,
    ):
        yield from measured(site)


@contextmanager
def _started(database: str, own: dict[str, str], filler: str, count: int) -> Iterator[LargeSite]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        registry = start_registry(stack, folder, NEAR)
        port, bare_port = free_port(), free_port()
        settings = own | {
            "E164WEB_DATA_DIR": str(folder / "var"),
            "E164WEB_BIND": f"127.0.0.1:{port}",
            "E164WEB_ADMIN_PASSWORD": secrets.token_urlsafe(16),
            "E164WEB_SAMPLE_DATA": "0",
            "E164WEB_PUBLISHER": "0",
            "E164WEB_WORKERS": "1",
            "E164WEB_WORKER": "0",  # a refresh would take what is filled in for what the registry does not have
            "E164WEB_REGISTRIES": f"{NEAR.name}={registry.url}",
            "E164WEB_REGISTRY_CA": registry.ca_bundle,
        }
        master = stack.enter_context(program(["manage.py", "serve"], port, folder / "serve.log", settings))
        person = Person(port)
        person.sign_in(settings["E164WEB_ADMIN_PASSWORD"])
        person.add_credential(NEAR.name, FaultyRegistry.username, FaultyRegistry.password)
        run(["-m", filler, USERNAME, str(count)], settings)
        bare_master = stack.enter_context(bare_view(folder, bare_port, settings, registry))
        bare = Page(
            name="bare view, server CPU",
            requests=[get(f"/bare/{number.id}/") for number in registry.client().list()],
            port=bare_port,
            processes=[bare_master, *children(bare_master)],
        )
        yield LargeSite(database=database, port=port, settings=settings, master=master, person=person, bare=bare)
