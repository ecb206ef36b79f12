"""What keeps a command from being sent, and what has no say in it."""

import os
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from dashboard.client import Client, NotSent, reset
from dashboard.protocol import Delete
from tests.client.commands import COMMANDS, RECORD
from tests.faulty_registry import FaultyRegistry

SECRET = "5f4dcc3b5aa765d61d8327deb882cf99"


def _client(registry: FaultyRegistry, *, ca_bundle: str | None = None, deadline: float = 10) -> Client:
    bundle = registry.ca_path if ca_bundle is None else ca_bundle
    return Client(
        registry.url, registry.username, registry.secret, ca_bundle=bundle, connect_timeout=5, deadline=deadline
    )


def _why_not_sent(client: Client, command: str = "update") -> NotSent:
    with pytest.raises(NotSent) as unsent:
        COMMANDS[command](client)
    assert unsent.value.__context__ is None
    return unsent.value


@pytest.fixture(autouse=True)
def _no_connections_left() -> Iterator[None]:
    yield
    reset()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("certificate", ["expired", "other-host", "other-authority"])
def test_a_certificate_that_does_not_fit_stops_every_command(certificate: str, command: str) -> None:
    with FaultyRegistry(certificate=certificate) as registry:
        unsent = _why_not_sent(_client(registry), command)

        assert unsent.code == "certificate"
        assert "127.0.0.1" in str(unsent)
        assert not str(unsent).endswith("..")
        assert registry.requests == 0


def test_a_certificate_of_an_unknown_authority_does_not_fit_without_a_bundle(registry: FaultyRegistry) -> None:
    assert _why_not_sent(_client(registry, ca_bundle="")).code == "certificate"


def test_a_bundle_of_its_own_replaces_the_usual_authorities(tmp_path: Path, registry: FaultyRegistry) -> None:
    with FaultyRegistry(certificate="other-authority") as other:
        _client(registry).ping()

        assert _why_not_sent(_client(other, ca_bundle=registry.ca_path)).code == "certificate"


def test_a_bundle_may_be_replaced_while_the_program_runs(registry: FaultyRegistry, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    shutil.copy(DEFAULT_CA_BUNDLE_PATH, bundle)
    assert _why_not_sent(_client(registry, ca_bundle=str(bundle))).code == "certificate"

    shutil.copy(registry.ca_path, bundle)

    assert _client(registry, ca_bundle=str(bundle)).ping().ok


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_bundle_that_cannot_be_read_is_named(registry: FaultyRegistry, tmp_path: Path, content: str | None) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content)

    assert _why_not_sent(_client(registry, ca_bundle=str(bundle))).code == "ca-bundle"


@pytest.mark.parametrize(("handshake", "code"), [("plain", "tls"), ("reset", "connect"), ("hang", "connect-timeout")])
def test_a_handshake_that_fails_sends_nothing(handshake: str, code: str) -> None:
    with FaultyRegistry(handshake=handshake) as registry:
        unsent = _why_not_sent(_client(registry, deadline=0.3))

        assert unsent.code == code
        assert registry.requests == 0


def test_a_port_that_nobody_listens_on_sends_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    unsent = _why_not_sent(Client(f"https://127.0.0.1:{port}/", "ford", SECRET, deadline=0.3))

    assert unsent.code == "connect"


def test_a_name_that_does_not_exist_sends_nothing() -> None:
    client = Client("https://registry.invalid/api", "ford", SECRET, connect_timeout=2)

    unsent = _why_not_sent(client)

    assert unsent.code == "dns"
    assert "registry.invalid" in str(unsent)


def test_a_name_service_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = threading.Event()

    def answer_late(*_arguments: object, **_options: object) -> list[object]:
        given_up.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer_late)

    assert _why_not_sent(Client("https://registry.example/", "ford", SECRET, deadline=0.1)).code == "dns"
    given_up.set()


def test_the_second_address_of_a_name_is_tried(registry: FaultyRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    lookup = socket.getaddrinfo
    with socket.create_server(("127.0.0.1", 0)) as unused:
        dead = unused.getsockname()
    dead_end = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", dead)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [dead_end, *lookup(*a, **k)])

    assert _client(registry).ping().ok


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/e164/api",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "registry.example/api",
        "https://",
        "https://user:password@127.0.0.1/",
        "https://[::1/",
        "https://127.0.0.1:99999/",
        "https://exa mple/",
        "https://" + "a" * 64 + ".example/",
        "unmounted://registry/",
        "",
    ],
)
def test_an_address_that_no_registry_can_have_sends_nothing(url: str) -> None:
    assert _why_not_sent(Client(url, "ford", SECRET, deadline=5)).code in {"address", "dns"}


def test_the_scheme_may_be_written_in_capitals(registry: FaultyRegistry) -> None:
    client = Client(
        registry.url.replace("https", "HTTPS"), registry.username, registry.secret, ca_bundle=registry.ca_path
    )

    assert client.ping().ok


def test_the_environment_changes_nothing(registry: FaultyRegistry, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login zaphod password beeblebrox\n")
    netrc.chmod(0o600)
    proxy = "http://127.0.0.1:9"
    environment = {
        **os.environ,
        "NETRC": str(netrc),
        "SSLKEYLOGFILE": str(tmp_path / "keys"),
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"), proxy),
        **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), registry.ca_path),
        "SSL_CERT_DIR": str(Path(registry.ca_path).parent),
    }
    program = textwrap.dedent(f"""
        from dashboard.client import Client, NotSent
        address = ({registry.url!r}, {registry.username!r}, {registry.secret!r})
        assert Client(*address, ca_bundle={registry.ca_path!r}).ping().ok
        try:
            Client(*address).ping()
        except NotSent as unsent:
            assert unsent.code == "certificate", unsent.code
        else:
            raise SystemExit("an authority that only the environment names was trusted")
    """)

    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "authorization" not in registry.log[0].headers
    assert not (tmp_path / "keys").exists()


def test_a_write_is_not_sent_when_the_time_for_all_calls_is_over(registry: FaultyRegistry) -> None:
    client = Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, total=0)

    _why_not_sent(client)

    assert registry.requests == 0


def test_a_write_that_hangs_leaves_time_to_read_back(registry: FaultyRegistry) -> None:
    registry.fault("delete", "hang-after")
    client = Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, total=2)

    with pytest.raises(Exception, match="did not answer in time"):
        client.write(Delete(id=RECORD))

    assert [record.id for record in client.show(registry.number_ids[0])] == [RECORD + 1]


def test_all_calls_together_end_with_the_total(registry: FaultyRegistry) -> None:
    registry.fault("show", "hang")
    client = Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, total=0.3)

    with pytest.raises(Exception, match="in time"):
        client.show(registry.number_ids[0])
    assert _why_not_sent(client, "ping").code == "connect-timeout"
