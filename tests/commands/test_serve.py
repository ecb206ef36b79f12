"""`manage.py serve`, started for real: the first start, the second, the refusals, and how it stops."""

import contextlib
import http.client
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e164web.gunicorn import graceful_timeout
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import LIMIT, ROOT, environment, manage

SITE = "https://enum.example.org/"
GIVEN = "a given password that is long"
GOES_ON = 60.0  # seconds until what was killed is done by another process
Serve = Callable[..., "Server"]


class Server:
    """A started server: what it said until it served, and how to reach and stop it."""

    def __init__(self, data_dir: Path, host: str = "127.0.0.1", **settings: str) -> None:
        self.port = free_port()
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(data_dir, BIND=f"{host}:{self.port}", **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""

    def wait(self) -> None:
        """Until it serves, or has ended."""
        assert self.process.stdout is not None
        ends = time.monotonic() + LIMIT
        while "Ctrl-C stops it" not in self.said and time.monotonic() < ends:
            if select.select([self.process.stdout], [], [], 1)[0]:
                read = os.read(self.process.stdout.fileno(), 65_536).decode()
                if not read:
                    break
                self.said += read

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """One request; the connection ends with it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named | {"Connection": "close"})
        response = connection.getresponse()
        response.body = response.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return response

    def workers(self, wanted: int) -> list[int]:
        """The process ids of gunicorn's workers, once there are as many as wanted."""
        found: list[int] = []
        while len(found) < wanted and self.process.poll() is None:
            found = [pid for pid in children(self.process.pid) if b"gunicorn" in command(pid)]
        return found

    def beside(self) -> list[int]:
        """The process ids of the publisher and the background process, once both run."""
        found: list[int] = []
        while len(found) < 2 and self.process.poll() is None:
            found = [pid for pid in children(self.process.pid) if b"--with-parent" in command(pid)]
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(how)
        return self.end()

    def end(self) -> int:
        """Wait until it has ended, and return its exit code."""
        output, _ = self.process.communicate(timeout=LIMIT)
        self.said += output.decode()
        return self.process.returncode


def children(pid: int) -> list[int]:
    """The process ids of a process's children; of none where it has ended."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def command(pid: int) -> bytes:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def sockets(pid: int) -> list[Path]:
    """What a process has open to its network peers, and to itself."""
    return [path for path in Path(f"/proc/{pid}/fd").iterdir() if str(path.readlink()).startswith("socket:")]


def listeners(port: int) -> int:
    """How many sockets listen at this port of 127.0.0.1 (proc(5): addresses in hexadecimal, 0A for listening)."""
    wanted = f"0100007F:{port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[1] == wanted and line[3] == "0A" for line in lines)


def wait_until_gone(pids: list[int]) -> None:
    """Until none of these processes lives."""
    ends = time.monotonic() + LIMIT
    while any(command(pid) for pid in pids):
        assert time.monotonic() < ends, "it lives on"
        time.sleep(0.05)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers in this test's data folder; none outlives the test."""
    started: list[Server] = []

    def start(*, from_nothing: bool = False, **settings: str) -> Server:
        if not from_nothing and not (tmp_path / "e164web.sqlite3").exists():
            prepare(tmp_path)
        server = Server(tmp_path, **settings)
        started.append(server)
        server.wait()
        return server

    yield start
    for server in started:
        if server.process.returncode is None:
            server.stop()


def rows(data_dir: Path, question: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(data_dir / "e164web.sqlite3")
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def test_the_first_start_makes_everything_and_the_second_keeps_it(serve: Serve, tmp_path: Path) -> None:
    server = serve(from_nothing=True, WORKERS="2")
    (password,) = re.findall(r"^ +password +([a-z0-9-]{23})$", server.said, flags=re.MULTILINE)
    assert f"http://127.0.0.1:{server.port}/" in server.said
    assert len(server.workers(2)) == 2
    response = server.get("/accounts/login/")
    assert response.status == 200
    assert response.headers["Server"] == "gunicorn"
    (styles,) = re.findall(r'href="(/static/css/base\.[0-9a-f]+\.css)"', response.body)  # type: ignore[attr-defined]
    assert "immutable" in (server.get(styles).headers["Cache-Control"] or "")
    assert server.stop() == 0

    assert rows(tmp_path, "SELECT username, is_superuser FROM dashboard_user") == [("admin", 1)]
    assert rows(tmp_path, "SELECT name, url FROM dashboard_registry") == [
        ("This registry", "embedded://registry/e164/api")
    ]
    ((problem, checked),) = rows(tmp_path, "SELECT problem, checked_at FROM dashboard_credential")
    assert problem == ""
    assert checked is not None
    assert rows(tmp_path, "SELECT count(*) FROM registry_number") == [(3,)]
    assert rows(tmp_path, "SELECT count(*) FROM registry_record") == [(5,)]
    for path in [tmp_path / "e164web.sqlite3", tmp_path / "secret.key", tmp_path / "credential.keys"]:
        assert path.stat().st_mode & 0o077 == 0
    assert password not in (tmp_path / "e164web.sqlite3").read_bytes().decode("latin-1")

    before = rows(tmp_path, "SELECT password FROM dashboard_user"), (tmp_path / "credential.keys").read_text()
    again = serve(ADMIN_PASSWORD=GIVEN)
    assert "password" not in again.said
    assert "collected" not in again.said
    assert again.get("/accounts/login/").status == 200
    assert again.stop() == 0
    assert (
        rows(tmp_path, "SELECT password FROM dashboard_user"),
        (tmp_path / "credential.keys").read_text(),
    ) == before
    assert rows(tmp_path, "SELECT count(*) FROM dashboard_credential") == [(1,)]


def test_an_unattended_first_start_takes_its_password_and_prints_none(serve: Serve, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(GIVEN + "\n")
    server = serve(ADMIN_PASSWORD_FILE=str(secret), SAMPLE_DATA="0", WORKERS="1")
    assert GIVEN not in server.said
    assert "The user “admin” has the password of E164WEB_ADMIN_PASSWORD." in server.said
    assert "Sign in at" not in server.said
    server.stop()
    assert rows(tmp_path, "SELECT count(*) FROM registry_account") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM dashboard_credential") == [(0,)]
    check = f"from dashboard.models import User; print(User.objects.get().check_password('{GIVEN}'))"
    assert manage(tmp_path, "shell", "-v0", "-c", check).stdout == "True\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_leaves_nobody_behind(serve: Serve, how: signal.Signals) -> None:
    server = serve(SAMPLE_DATA="0", ADMIN_PASSWORD=GIVEN)
    with (
        socket.create_connection(("127.0.0.1", server.port)) as idle,
        socket.create_connection(("127.0.0.1", server.port)) as kept,
    ):
        # A browser that keeps its connection, and one that has not said anything yet, must not hold it up.
        kept.sendall(b"GET /static/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept.recv(12) == b"HTTP/1.1 404"
        workers, beside = server.workers(2), server.beside()
        began = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - began < graceful_timeout
        assert idle.recv(1) == b""
    assert not [pid for pid in workers + beside if command(pid)]
    assert "Traceback" not in server.said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares connections out")
def test_every_worker_gets_its_share_of_many_connections(serve: Serve) -> None:
    server = serve(SAMPLE_DATA="0", ADMIN_PASSWORD=GIVEN, WORKERS="2")
    workers, ends = server.workers(2), time.monotonic() + LIMIT
    while listeners(server.port) < len(workers):
        assert time.monotonic() < ends, "the workers do not listen for themselves"
        time.sleep(0.01)
    address = ("127.0.0.1", server.port)
    with contextlib.ExitStack() as stack:
        browsers = [stack.enter_context(socket.create_connection(address, timeout=LIMIT)) for _ in range(64)]
        for browser in browsers:
            browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for browser in browsers:
            assert browser.recv(12) == b"HTTP/1.1 200"
        shares = [len(sockets(pid)) for pid in workers]
    # The kernel throws a coin for each: that one worker gets so few happens once in a thousand million times.
    assert min(shares) > 8, shares


def test_killed_outright_it_leaves_nobody_behind_and_starts_again(serve: Serve, tmp_path: Path) -> None:
    server = serve(WORKERS="1")
    left = server.workers(1) + server.beside()
    server.process.kill()
    server.end()
    wait_until_gone(left)
    again = serve()
    assert again.get("/accounts/login/").status == 200
    assert len(rows(tmp_path, "SELECT * FROM dashboard_user")) == 1


# A number of the sample account that is published, unlike the samples, and the wish to have the account read again.
CHANGE = """
from dashboard.models import Credential
from dashboard.registry import store
from dashboard.registry.models import Account, Number
from dashboard.services import mirror
number = Number(account=Account.objects.get(), country="1", area="604", local="5550199")
store.save_number(number)
store.create_record(number, preference=10, service="SIP", hostdata="afterwards@example.org")
mirror.want(Credential.objects.get())
"""


def test_the_programs_beside_it_go_on_after_both_were_killed(serve: Serve, tmp_path: Path) -> None:
    server, ends = serve(WORKERS="1"), time.monotonic() + LIMIT
    while rows(tmp_path, "SELECT count(*) FROM dashboard_presence WHERE kind != 'serve'") != [(2,)]:
        assert time.monotonic() < ends, "they do not work"
        time.sleep(0.1)
    killed = server.beside()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(killed)
    began = time.monotonic()
    assert manage(tmp_path, "shell", "-v0", "-c", CHANGE).stderr == ""
    seen = "SELECT count(*) FROM dashboard_mirrorednumber WHERE local = '5550199' AND seen_at IS NOT NULL"
    while rows(tmp_path, seen) != [(1,)] or not any(
        "afterwards@" in path.read_text() for path in (tmp_path / "zones").iterdir()
    ):
        assert time.monotonic() - began < GOES_ON
        time.sleep(0.1)
    beside = server.beside()
    assert sorted(command(pid).split(b"\0")[4] for pid in beside) == [b"publish", b"work"]
    assert server.stop() == 0
    assert not [pid for pid in beside if command(pid)]
    assert server.said.count(" was ended (Killed). It is started again in ") == 2


def test_a_first_start_that_is_cut_short_is_done_anew(serve: Serve, tmp_path: Path) -> None:
    server = Server(tmp_path)
    path = tmp_path / "e164web.sqlite3"
    while not path.exists() and server.process.poll() is None:
        time.sleep(0.01)
    server.stop(signal.SIGKILL)
    again = serve()
    assert "password" in again.said
    assert len(rows(tmp_path, "SELECT * FROM dashboard_credential")) == 1


def test_nobody_outside_says_who_is_asking(serve: Serve) -> None:
    server = serve(SAMPLE_DATA="0", ADMIN_PASSWORD=GIVEN, URL=SITE, TRUSTED_PROXIES="192.0.2.1")
    response = server.get("/accounts/login/", X_Forwarded_Proto="https", X_Forwarded_For="198.51.100.7")
    assert response.status == 301
    assert response.headers["Location"] == f"{SITE}accounts/login/"


def test_a_trusted_proxy_says_that_it_was_tls(serve: Serve) -> None:
    server = serve(SAMPLE_DATA="0", ADMIN_PASSWORD=GIVEN, URL=SITE, TRUSTED_PROXIES="127.0.0.1")
    assert f"e164web serves at {SITE} (listening at 127.0.0.1:{server.port}) --" in server.said
    response = server.get("/accounts/login/", X_Forwarded_Proto="https", X_Forwarded_For="198.51.100.7")
    assert response.status == 200
    assert "max-age" in (response.headers["Strict-Transport-Security"] or "")
    assert "Secure" in (response.headers["Set-Cookie"] or "")


def test_registries_of_the_environment_are_made_and_kept(serve: Serve, tmp_path: Path) -> None:
    wanted = "Elsewhere=https://enum.example.org/api;Third=https://third.example/api"
    serve(SAMPLE_DATA="0", ADMIN_PASSWORD=GIVEN, REGISTRIES=wanted).stop()
    serve(REGISTRIES=wanted.partition(";")[0]).stop()
    assert rows(tmp_path, "SELECT name, url FROM dashboard_registry ORDER BY name") == [
        ("Elsewhere", "https://enum.example.org/api"),
        ("Third", "https://third.example/api"),
        ("This registry", "embedded://registry/e164/api"),
    ]
    other = serve(REGISTRIES="Elsewhere=https://other.example/api")
    assert other.end() == 1
    assert other.said == (
        "The registry “Elsewhere” exists with the address https://enum.example.org/api. "
        "Give the other one another name.\n"
    )


# --- refusals -----------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = manage(tmp_path, "serve", BIND=f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert re.fullmatch(
        rf"Port {port} at 127\.0\.0\.1 is in use: stop the other program, or set E164WEB_BIND=127\.0\.0\.1:\d+\n",
        done.stderr,
    )
    assert not (tmp_path / "e164web.sqlite3").exists()


def test_an_address_that_is_not_ours_is_one_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "serve", BIND="192.0.2.1:8000")
    assert done.returncode == 1
    assert done.stderr == "This machine has no address 192.0.2.1: set E164WEB_BIND=127.0.0.1:8000\n"


def test_a_site_over_tls_without_a_proxy_is_one_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "serve", URL=SITE)
    assert done.returncode == 1
    assert done.stderr.startswith("E164WEB_URL begins with https://, but no proxy is trusted")
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    done = manage(
        tmp_path, "serve", BIND=f"127.0.0.1:{free_port()}", DATABASE_URL="postgres://u:hunter2@127.0.0.1:1/enum"
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert "hunter2" not in done.stderr


def test_static_files_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "static").write_text("a file where a folder should be")
    done = manage(tmp_path, "serve", BIND=f"127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path / 'static'}")
    assert len(done.stderr.splitlines()) == 1


def test_a_database_whose_keys_are_lost_is_noticed_on_start(serve: Serve, tmp_path: Path) -> None:
    serve(ADMIN_PASSWORD=GIVEN).stop()
    (tmp_path / "credential.keys").unlink()
    server = serve()
    assert "1 of the credentials cannot be opened with these keys." in server.said
    assert server.get("/healthz").status == 200


@pytest.mark.parametrize("mode", [0o755, 0o701, 0o750, 0o700])
def test_a_data_folder_that_everybody_can_read_is_said_on_start(serve: Serve, tmp_path: Path, mode: int) -> None:
    prepare(tmp_path).chmod(mode)
    server = serve(ADMIN_PASSWORD=GIVEN, SAMPLE_DATA="0", PUBLISHER="0", WORKER="0", WORKERS="1")
    sentence = f"The data folder {tmp_path} can be read by everybody on this machine. Run: chmod o= {tmp_path}\n"
    assert (sentence in server.said) == bool(mode & 0o007)
    assert server.get("/healthz").status == 200


def test_what_a_stranger_sends_costs_one_line_of_the_log(serve: Serve) -> None:
    only = {"PUBLISHER": "0", "WORKER": "0", "WORKERS": "1"}
    server = serve(ADMIN_PASSWORD=GIVEN, SAMPLE_DATA="0", TRUSTED_PROXIES="127.0.0.1", **only)
    started = len(server.said)
    sent: list[tuple[str, dict[str, str]]] = [
        ("/accounts/login/", {"Host": "evil.example"}),
        ("/accounts/login/", {"X-Forwarded-For": "garbage"}),
        ("/accounts/login/", {"Forwarded": 'for="'}),
    ]
    for path, headers in sent:
        assert server.get(path, **headers).status == 400
    assert server.get("/no/such/page/").status == 404
    server.stop()
    lines = server.said[started:].strip().splitlines()
    assert len(lines) == len(sent) + 1, lines
    assert all(" WARNING django.request " in line for line in lines)
    assert "The Host header 'evil.example' names neither the host of E164WEB_URL nor this server" in lines[0]


def test_the_first_password_does_not_stay_with_the_server(serve: Serve) -> None:
    server = serve(ADMIN_PASSWORD=GIVEN, SAMPLE_DATA="0")
    kept = Path(f"/proc/{server.process.pid}/environ").read_bytes()
    assert b"E164WEB_BIND=" in kept
    assert GIVEN.encode() not in kept


def test_a_weak_password_from_the_environment_is_taken_and_complained_about(serve: Serve) -> None:
    server = serve(ADMIN_PASSWORD="admin", SAMPLE_DATA="0")
    assert "E164WEB_ADMIN_PASSWORD is weak." in server.said
    assert server.get("/accounts/login/").status == 200


def test_static_files_are_collected_anew_only_where_something_changed(tmp_path: Path) -> None:
    assert manage(tmp_path, "prepare_static").stdout == "The static files are collected.\n"
    root = tmp_path / "static"
    served = {path.name for path in root.rglob("*")}
    assert manage(tmp_path, "prepare_static").stdout == "The static files are up to date.\n"
    # As if an older version had left a file that is no longer ours.
    (root / "old.js").write_text("alert(1)")
    (tmp_path / "static.sources").write_text("of an older version")
    assert manage(tmp_path, "prepare_static").stdout == "The static files are collected.\n"
    assert {path.name for path in root.rglob("*")} == served
    # As if collecting had been cut short.
    (root / "staticfiles.json").unlink()
    assert manage(tmp_path, "prepare_static").stdout == "The static files are collected.\n"


def test_a_disk_that_is_full_is_one_sentence(tmp_path: Path) -> None:
    manage(tmp_path, "prepare_static")
    limited = f"ulimit -f 40; exec {sys.executable} manage.py serve"
    done = subprocess.run(
        ["bash", "-c", limited],
        cwd=ROOT,
        env=environment(tmp_path, BIND=f"127.0.0.1:{free_port()}"),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "space left on the disk" in done.stderr
