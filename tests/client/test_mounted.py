"""A registry in the same process is asked in the same bytes."""

import io
from collections.abc import Iterator, Mapping

import pytest
from requests import PreparedRequest, RequestException, Response
from requests.adapters import BaseAdapter

from dashboard.client import Client, Exchange, Refused, ReplyLost, mount
from dashboard.client.transport import adapters
from tests.client.commands import COMMANDS, READS
from tests.faulty_registry import Store
from tests.faulty_registry.store import read_form

PREFIX = "store://"
PASSWORD = "forty-two"


class StoreAdapter(BaseAdapter):
    """Answers from a store in memory, or as `failure` says."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.requests: list[PreparedRequest] = []
        self.failure: Exception | None = None
        self.status = 200

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer a request."""
        self.requests.append(request)
        assert isinstance(request.body, bytes)
        answer = self.store.answer(read_form(request.body) or {})
        if self.failure is not None:
            raise self.failure
        response = Response()
        response.status_code = self.status
        response.raw = io.BytesIO(answer.encode())
        return response

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def adapter() -> Iterator[StoreAdapter]:
    mounted = StoreAdapter()
    mounted.store.add_account("ford", PASSWORD)
    number = mounted.store.add_number("ford", "1", "604", "5550100")
    mounted.store.add_record(number, 10, "SIP", "a@example.org")
    mount(PREFIX, mounted)
    yield mounted
    del adapters.mounted[PREFIX]


@pytest.fixture
def client(adapter: StoreAdapter) -> Client:
    secret = adapter.store.secrets["ford"]
    return Client(f"{PREFIX}registry/e164/api", "ford", secret)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reaches_a_mounted_registry(adapter: StoreAdapter, client: Client, command: str) -> None:
    COMMANDS[command](client)

    (request,) = adapter.requests
    assert isinstance(request.body, bytes)
    assert f"command={command}&".encode() in request.body + b"&"
    assert (request.method, request.url) == ("POST", f"{PREFIX}registry/e164/api")
    assert request.headers["Content-Length"] == str(len(request.body))


def test_a_failure_of_a_mounted_registry_leaves_the_outcome_of_a_write_open(
    adapter: StoreAdapter, client: Client
) -> None:
    adapter.failure = RequestException("the database is locked")

    with pytest.raises(ReplyLost) as lost:
        COMMANDS["delete"](client)

    assert lost.value.code == "broken"
    assert len(adapter.requests) == 1


def test_a_status_of_a_mounted_registry_counts(adapter: StoreAdapter, client: Client) -> None:
    adapter.status = 400

    with pytest.raises(ReplyLost, match="400"):
        READS["show"](client)


def test_a_mounted_registry_may_refuse(adapter: StoreAdapter) -> None:
    said: list[Exchange] = []
    stranger = Client(f"{PREFIX}registry/", "ford", "0" * 32, record=said.append)

    with pytest.raises(Refused):
        stranger.ping()

    assert said[0].outcome == "bad"


def test_a_registry_that_is_mounted_is_found_whatever_the_case(adapter: StoreAdapter, client: Client) -> None:
    del client
    shouting = Client("STORE://registry/", "ford", adapter.store.secrets["ford"])

    assert shouting.ping().ok
