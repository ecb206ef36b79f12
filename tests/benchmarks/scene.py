"""Everything that runs during the benchmark: the tests' own registries, the product, and the bare view."""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.client import Client
from tests.benchmarks.bare import BareCaller
from tests.benchmarks.browser import Person
from tests.benchmarks.processes import children, program, run
from tests.benchmarks.web import get
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.store import secret_of
from tests.ports import free_port

WORKERS, THREADS = 4, 16  # as they are without a setting
NUMBERS = 64  # of the accounts whose single numbers are looked at
RECORDS = 3  # of each of these numbers
LATENCY_MS = 50
BIG, BIGGEST = 10_000, 100_000
EMBEDDED = "This registry"
API_RATE = 1_000_000  # requests a minute; more than there is time for


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A registry to start: an account of `numbers` numbers with `records` records each, answering after a while."""

    name: str
    numbers: int
    records: int = 0
    latency_ms: int = 0


NEAR = Plan(name="Near", numbers=NUMBERS, records=RECORDS)
FAR = Plan(name="Far", numbers=NUMBERS, records=RECORDS, latency_ms=LATENCY_MS)
TEN_THOUSAND = Plan(name="Ten thousand", numbers=BIG)
HUNDRED_THOUSAND = Plan(name="Hundred thousand", numbers=BIGGEST)
PLANS = (NEAR, FAR, TEN_THOUSAND, HUNDRED_THOUSAND)


@dataclass(kw_only=True)
class RunningRegistry:
    """A registry that runs, the product's credential for it, and the ids of some of its numbers."""

    url: str
    ca_bundle: str
    process: int
    credential: int = 0
    number_ids: list[int] = field(default_factory=list)

    def bare(self) -> BareCaller:
        """The bare call."""
        return BareCaller(self.url, FaultyRegistry.username, FaultyRegistry.password, self.ca_bundle)

    def client(self) -> Client:
        """The product's client without the product around it."""
        secret = secret_of(FaultyRegistry.password)
        return Client(self.url, FaultyRegistry.username, secret, ca_bundle=self.ca_bundle)

    @property
    def list_page(self) -> str:
        """The path of the list of numbers."""
        return f"/credentials/{self.credential}/numbers/"

    @property
    def number_pages(self) -> list[str]:
        """The paths of the numbers' pages."""
        return [f"{self.list_page}{number_id}/" for number_id in self.number_ids]

    @property
    def api_numbers(self) -> list[str]:
        """The paths of the numbers in the API."""
        return [f"/api/v1{self.list_page}{number_id}" for number_id in self.number_ids]


@dataclass(kw_only=True)
class Scene:
    """What the measurements work with. `embedded` is the account of `fill`, with its number of `NUMBERS`."""

    folder: Path
    port: int
    bare_port: int
    master: int
    bare_master: int
    password: str
    settings: dict[str, str]
    registries: dict[str, RunningRegistry]
    cookie: str = ""
    token: str = ""
    embedded_page: str = ""
    embedded_login: tuple[str, str] = ("", "")

    @property
    def workers(self) -> list[int]:
        """The product's worker processes."""
        return children(self.master)

    @property
    def processes(self) -> list[int]:
        """All of the product's processes."""
        return [self.master, *self.workers]

    @property
    def bare_processes(self) -> list[int]:
        """All processes of the bare view."""
        return [self.bare_master, *children(self.bare_master)]

    def of(self, plan: Plan) -> RunningRegistry:
        """One of the registries."""
        return self.registries[plan.name]

    def page(self, path: str) -> bytes:
        """The request for a page, signed in."""
        return get(path, self.signed_in)

    @property
    def signed_in(self) -> dict[str, str]:
        """The headers of somebody who is signed in."""
        return {"Cookie": self.cookie, "Accept": "text/html"}

    @property
    def with_token(self) -> dict[str, str]:
        """The headers of a program of theirs."""
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}


@contextlib.contextmanager
def scene() -> Iterator[Scene]:
    """Start everything in a temporary folder; stop it and remove the folder at the end. Raises StartError."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        registries = {plan.name: start_registry(stack, folder, plan) for plan in PLANS}
        port, bare_port = free_port(), free_port()
        bundle = _bundle(folder, registries)
        password = secrets.token_urlsafe(16)
        settings = {
            "E164WEB_DATA_DIR": str(folder / "var"),
            "E164WEB_BIND": f"127.0.0.1:{port}",
            "E164WEB_ADMIN_PASSWORD": password,
            "E164WEB_SAMPLE_DATA": "0",
            # What it would do with 100,000 numbers is measured by itself.
            "E164WEB_PUBLISHER": "0",
            "E164WEB_REGISTRIES": ";".join(f"{name}={found.url}" for name, found in registries.items()),
            "E164WEB_REGISTRY_CA": str(bundle),
            "E164WEB_WORKERS": str(WORKERS),
            "E164WEB_WORKER": "0",  # no refresh of a hundred thousand numbers meanwhile
            "E164WEB_THREADS": str(THREADS),
            "E164WEB_API_RATE": str(API_RATE),
        }
        master = stack.enter_context(program(["manage.py", "serve"], port, folder / "product.log", settings))
        bare_master = stack.enter_context(bare_view(folder, bare_port, settings, registries[FAR.name]))
        running = Scene(
            folder=folder,
            port=port,
            bare_port=bare_port,
            master=master,
            bare_master=bare_master,
            password=password,
            settings=settings,
            registries=registries,
        )
        _move_in(running)
        yield running


def start_registry(stack: ExitStack, folder: Path, plan: Plan) -> RunningRegistry:
    """Start a registry, until the stack ends."""
    port, authority = free_port(), folder / f"{plan.name}.pem"
    options = {"port": port, "numbers": plan.numbers, "records": plan.records, "latency-ms": plan.latency_ms}
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = ["-m", "tests.registry_server", *arguments, f"--ca-out={authority}"]
    process = stack.enter_context(program(command, port, folder / f"{plan.name}.log"))
    return RunningRegistry(url=f"https://127.0.0.1:{port}/e164/api", ca_bundle=str(authority), process=process)


def _bundle(folder: Path, registries: dict[str, RunningRegistry]) -> Path:
    """One file with the certificates of all registries: the product takes one for all."""
    bundle = folder / "all.pem"
    bundle.write_bytes(b"".join(Path(found.ca_bundle).read_bytes() for found in registries.values()))
    return bundle


def bare_view(
    folder: Path, port: int, settings: dict[str, str], registry: RunningRegistry
) -> contextlib.AbstractContextManager[int]:
    """The view that makes the bare call to a registry, and gives back what it answered."""
    additions = {
        **settings,
        "E164WEB_BIND": f"127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.bare_settings",
        # The load is one person's, whom the product lets wait for a registry with a quarter of its threads.
        "E164WEB_THREADS": str(THREADS // 4),
        "BENCHMARK_URL": registry.url,
        "BENCHMARK_USERNAME": FaultyRegistry.username,
        "BENCHMARK_PASSWORD": FaultyRegistry.password,
        "BENCHMARK_CA": registry.ca_bundle,
    }
    arguments = ["-m", "gunicorn", "-c", "python:e164web.gunicorn", "e164web.wsgi"]
    return program(arguments, port, folder / "bare.log", additions)


def _move_in(running: Scene) -> None:
    """Sign in and add a credential for every registry, as a person would."""
    person = Person(running.port)
    person.sign_in(running.password)
    for plan in PLANS:
        found = running.of(plan)
        found.credential = person.add_credential(plan.name, FaultyRegistry.username, FaultyRegistry.password)
        if plan.records:
            found.number_ids = [number.id for number in found.client().list()]
    username, password = "bench", secrets.token_urlsafe(16)
    filled = run(["-m", "tests.benchmarks.fill", username, str(BIGGEST)], running.settings, given=password)
    credential = person.add_credential(EMBEDDED, username, password)
    running.embedded_page = f"/credentials/{credential}/numbers/{filled.strip()}/"
    running.embedded_login = (username, password)
    running.cookie = person.cookie
    running.token = run(["-m", "tests.benchmarks.make_token"], running.settings).strip()
