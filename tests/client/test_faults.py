"""Every fault of a registry with every command: what the caller learns, and what reached the registry."""

from urllib.parse import unquote

import pytest

from dashboard.client import Client, Exchange, Refused, RegistryError, ReplyLost
from tests.client.commands import COMMANDS, NUMBER, READS, WRITES
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.faults import FAULTS

DEADLINE = 0.3  # seconds, where the deadline is what ends the call
LIMIT = 2_000_000  # bytes
SLOW = {"hang", "hang-after", "drip-headers", "drip-body"}

# What the caller gets: the class of the error and its code, None where a reply is good all the same.
EXPECTED: dict[str, tuple[type[RegistryError], str] | None] = {
    "no-terminator": (ReplyLost, "truncated"),
    "cut": (ReplyLost, "broken"),
    "reset-before": (ReplyLost, "broken"),
    "reset-after": (ReplyLost, "broken"),
    "reset-midway": (ReplyLost, "broken"),
    "close": (ReplyLost, "broken"),
    "hang": (ReplyLost, "timeout"),
    "hang-after": (ReplyLost, "timeout"),
    "drip-headers": (ReplyLost, "timeout"),
    "drip-body": (ReplyLost, "timeout"),
    "status-500": (ReplyLost, "unavailable"),
    "html": (ReplyLost, "web-page"),
    "garbage": (ReplyLost, "not-http"),
    "garbage-body": (ReplyLost, "not-a-reply"),
    "flood": (ReplyLost, "too-large"),
    "bad": (Refused, "refused"),
    "bad-silent": (Refused, "refused"),
    "redirect": (ReplyLost, "redirect"),
    "version": (ReplyLost, "version"),
    "no-version": (ReplyLost, "version"),
    "numrows": None,
    "length-short": (ReplyLost, "truncated"),
    "length-long": (ReplyLost, "broken"),
    "surplus": None,
    "gzip": (ReplyLost, "encoded"),
    "echo": (Refused, "refused"),
    "echo-disguised": (Refused, "refused"),
    "echo-html": (ReplyLost, "unavailable"),
    "echo-status-line": (ReplyLost, "not-http"),
    "echo-header": None,
    "echo-location": (ReplyLost, "redirect"),
    "echo-row": None,
}
# Some replies are only bad as the answer to some commands.
DIFFERENT: dict[tuple[str, str], tuple[type[RegistryError], str]] = {
    ("numrows", "list"): (ReplyLost, "numrows"),
    ("numrows", "show"): (ReplyLost, "numrows"),
    ("numrows", "getnaptr"): (ReplyLost, "numrows"),
    ("echo-row", "list"): (ReplyLost, "bad-row"),
    ("echo-row", "show"): (ReplyLost, "bad-row"),
    ("echo-row", "getnaptr"): (ReplyLost, "bad-row"),
}
REPEATED = {"truncated", "broken", "unavailable"}  # codes after which a read is tried again


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


def _client(registry: FaultyRegistry, deadline: float, exchanges: list[Exchange]) -> Client:
    return Client(
        registry.url,
        registry.username,
        registry.secret,
        ca_bundle=registry.ca_path,
        deadline=deadline,
        reply_limit=LIMIT,
        record=exchanges.append,
    )


@pytest.fixture
def client(registry: FaultyRegistry, exchanges: list[Exchange], monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client that does not wait long before it tries again."""
    monkeypatch.setattr("dashboard.client.client.RETRY_PAUSES", (0.01, 0.01))
    return _client(registry, 10, exchanges)


@pytest.fixture
def hasty_client(registry: FaultyRegistry, client: Client, exchanges: list[Exchange]) -> Client:
    """A client with a short deadline, and a connection that is already there."""
    client.ping()
    registry.counts.clear()
    exchanges.clear()
    return _client(registry, DEADLINE, exchanges)


def _outcome(client: Client, command: str) -> RegistryError | None:
    try:
        COMMANDS[command](client)
    except RegistryError as error:
        return error
    return None


def test_every_fault_has_an_expectation() -> None:
    assert EXPECTED.keys() == FAULTS.keys()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_ends_in_one_sentence_and_no_secret(
    registry: FaultyRegistry,
    exchanges: list[Exchange],
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    fault: str,
    command: str,
) -> None:
    client = request.getfixturevalue("hasty_client" if fault in SLOW else "client")
    caplog.set_level("DEBUG")
    registry.fault(command, fault)
    before = registry.rows(NUMBER)

    error = _outcome(client, command)

    expected = DIFFERENT.get((fault, command), EXPECTED[fault])
    assert (None if error is None else (type(error), error.code)) == expected
    _assert_sent_as_often_as_allowed(registry, command, error)
    if command in WRITES:
        assert (registry.rows(NUMBER) != before) == FAULTS[fault][1]
    _assert_no_secret(registry.secret, caplog.text, *map(repr, exchanges), *_texts_of(error))
    assert [exchange.command for exchange in exchanges] == [command] * registry.count(command)


def _assert_sent_as_often_as_allowed(registry: FaultyRegistry, command: str, error: RegistryError | None) -> None:
    if command in READS and error is not None and error.code in REPEATED:
        assert registry.count(command) > 1
    else:
        assert registry.count(command) == 1


def _texts_of(error: RegistryError | None) -> list[str]:
    if error is None:
        return []
    assert error.__cause__ is None
    assert error.__context__ is None
    assert len(str(error).splitlines()) <= 3
    reason = error.reason if isinstance(error, Refused) else ""
    return [str(error), repr(error), repr(error.args), repr(error.params), error.log_message, reason]


def _assert_no_secret(secret: str, *texts: str) -> None:
    for text in texts:
        assert secret not in text.lower()
        assert secret not in unquote(text).lower()


def test_a_read_is_repeated_and_its_caller_sees_nothing_of_it(
    registry: FaultyRegistry, client: Client, exchanges: list[Exchange]
) -> None:
    registry.fault("show", "reset-before", times=1)

    assert len(client.show(NUMBER)) == 2

    assert [exchange.outcome for exchange in exchanges] == ["failed", "ok"]


def test_a_read_is_tried_three_times_at_most(registry: FaultyRegistry, client: Client) -> None:
    registry.fault("list", "reset-before")

    with pytest.raises(ReplyLost):
        client.list()

    assert registry.count("list") == 3


@pytest.mark.parametrize("status", ["204 No Content", "400 Bad Request", "403 Forbidden", "404 Not Found"])
def test_another_status_is_named_and_not_asked_again(registry: FaultyRegistry, client: Client, status: str) -> None:
    registry.fault("ping", "status-500", status=status)

    with pytest.raises(ReplyLost, match=status[:3]) as lost:
        client.ping()

    assert lost.value.code == "status"
    assert registry.count("ping") == 1


def test_a_redirect_leads_nowhere(registry: FaultyRegistry, client: Client) -> None:
    with FaultyRegistry() as elsewhere:
        registry.fault("*", "redirect", location=elsewhere.url)
        with pytest.raises(ReplyLost, match=elsewhere.url):
            client.ping()

        assert elsewhere.connections == 0


def test_the_words_of_a_refusal_are_kept_as_they_are(registry: FaultyRegistry, client: Client) -> None:
    registry.fault("update", "bad", error="Nicht erlaubt: <b>ä</b> & 100 %")

    with pytest.raises(Refused) as refusal:
        WRITES["update"](client)

    assert refusal.value.reason.startswith("Nicht erlaubt: <b>ä</b> & 100 %")


def test_a_bad_row_is_quoted(registry: FaultyRegistry, client: Client) -> None:
    registry.store.numbers[NUMBER].local = "5550100,surplus"

    with pytest.raises(ReplyLost, match="5550100,surplus"):
        client.list()
