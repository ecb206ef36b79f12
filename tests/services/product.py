"""The product as a user starts it, and a person who has signed in there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.faulty_registry import FaultyRegistry
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import LIMIT, ROOT, environment, manage
from tests.web.views.pages import Form, form_to

PASSWORD = "the first administrator's password"
CREDENTIALS = "/credentials/"
# Signing in so many times would be refused, and adding credentials asks the registry.
PEOPLE = """
from django.test import Client
from dashboard.models import Registry, User
from tests.fixtures_people import sealed_credential
registry = Registry.objects.get(name="Elsewhere")
for number in range({wanted}):
    user, browser = User.objects.create(username=f"person {{number}}"), Client()
    browser.force_login(user)
    print(browser.cookies["sessionid"].value, sealed_credential(user, registry, {login}, "Remote").pk)
"""


@dataclass
class Person:
    """Somebody who is signed in at the running product: the administrator, or one of `people`."""

    url: str
    registry: FaultyRegistry
    process: "subprocess.Popen[bytes]"
    session: requests.Session = field(default_factory=requests.Session)
    credential: str = ""  # the address of the credential at `registry`

    def get(self, path: str) -> requests.Response:
        """A page, from whichever worker is there."""
        return self.session.get(self.url + path, timeout=LIMIT)

    def form(self, page: str, action: str) -> Form:
        """A form of a page, with the page's own address filled in."""
        form = form_to(self.get(page), action)
        form.action = action or page
        return form

    def post(self, form: Form, **typed: str) -> requests.Response:
        """Send a form as it is, with these fields typed over."""
        # A session of its own: requests' is not made for several threads.
        return requests.post(
            self.url + form.action,
            data=form.fields | typed,
            cookies=self.session.cookies,
            allow_redirects=False,
            timeout=LIMIT,
        )

    def sign_in(self) -> None:
        """Sign in, and add a credential at the registry."""
        answer = self.post(self.form("/accounts/login/", "/accounts/login/"), login="admin", password=PASSWORD)
        self.session.cookies.update(answer.cookies)
        self.credential = self.add_credential("Elsewhere", self.registry)

    def add_credential(self, name: str, registry: FaultyRegistry) -> str:
        """Add a credential at a registry. Returns its address."""
        form = self.form(f"{CREDENTIALS}add/", "")
        number = registry_id(self.get(f"{CREDENTIALS}add/"), name)
        login = {"username": registry.username, "password": registry.password}
        return self.post(form, registry=number, label=f"At {name}", **login).headers["Location"]

    def number(self, place: int) -> str:
        """The page of one of the registry's numbers. Each test has one of its own."""
        return f"{self.credential}numbers/{self.registry.number_ids[place]}/"

    def records(self, place: int) -> list[int]:
        """The ids of the records of that number as the registry has them."""
        return list(self.registry.store.numbers[self.registry.number_ids[place]].records)

    def workers(self) -> list[int]:
        """The process ids of what gunicorn started."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def kill_workers(self) -> None:
        """End every worker at once, as the kernel does when memory runs out. gunicorn starts new ones."""
        assert self.workers()
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def is_up(self) -> bool:
        """Whether a worker answers."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False


@contextmanager
def running(data_dir: Path, registry: FaultyRegistry, *others: FaultyRegistry, **settings: str) -> Iterator[Person]:
    """Start the product with these registries, and sign in; stop it at the end."""
    port = free_port()
    names = {f"Elsewhere {number}": other.url for number, other in enumerate(others)} | {"Elsewhere": registry.url}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(
            prepare(data_dir),
            BIND=f"127.0.0.1:{port}",
            ADMIN_PASSWORD=PASSWORD,
            REGISTRIES=";".join(f"{name}={url}" for name, url in names.items()),
            REGISTRY_CA=registry.ca_path,
            **settings,
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    person = Person(f"http://127.0.0.1:{port}", registry, process)
    try:
        until(person.is_up)
        person.sign_in()
        yield person
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


def people(person: Person, data_dir: Path, wanted: int) -> list[Person]:
    """Other people who have signed in, each with a credential at the registry of the first one."""
    login = f"{person.registry.username!r}, {person.registry.secret!r}"
    done = manage(data_dir, "shell", "-v0", "-c", PEOPLE.format(wanted=wanted, login=login))
    assert not done.returncode, done.stderr
    found = []
    for line in done.stdout.splitlines():
        session, credential = line.split()
        other = Person(person.url, person.registry, person.process, credential=f"{CREDENTIALS}{credential}/")
        other.session.cookies.set("sessionid", session)
        found.append(other)
    return found


def registry_id(page: requests.Response, name: str) -> str:
    """What the form to add a credential sends for a registry."""
    before = page.text.partition(f">{name}</option>")[0]
    return before.rpartition('value="')[2].partition('"')[0]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    ends = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.05)
