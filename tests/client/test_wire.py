"""The secret never leaves, in whatever form it comes back; and what an exchange shows."""

import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.client import MASK, WIRE_LIMIT, Client, Exchange, Refused, RegistryError
from dashboard.client.wire import excerpt, redact, redact_text
from tests.client.commands import NUMBER, WRITES
from tests.faulty_registry import FaultyRegistry

SECRET = b"5f4dcc3b5aa765d61d8327deb882cf99"


@st.composite
def disguises(draw: st.DrawFn) -> bytes:
    """The secret with each digit in either case, as itself or urlencoded."""
    digits = []
    for digit in SECRET.decode():
        cased = draw(st.sampled_from([digit, digit.upper()]))
        encoded = f"%{ord(cased):02x}"
        digits.append(draw(st.sampled_from([cased, encoded, encoded.upper()])))
    return "".join(digits).encode()


surroundings = st.one_of(st.binary(max_size=200), st.text("0123456789abcdefABCDEF%=&", max_size=100).map(str.encode))


def _shows(text: str) -> bool:
    return SECRET.decode() in text.lower() or SECRET.decode() in unquote(text).lower()


@given(before=surroundings, secret=disguises(), after=surroundings)
def test_no_disguise_of_the_secret_passes(before: bytes, secret: bytes, after: bytes) -> None:
    # Behind half an escape the first digits of the secret are the rest of that escape, and it is not the secret.
    before = re.sub(rb"%[0-9A-Fa-f]?\Z", b"", before)

    redacted = redact(before + secret + after, SECRET)

    assert not _shows(redacted.decode(errors="replace"))
    assert MASK.encode() in redacted


@given(before=surroundings, after=surroundings)
def test_the_plain_secret_passes_behind_nothing(before: bytes, after: bytes) -> None:
    assert SECRET not in redact(before + SECRET + after, SECRET)


@given(secret=disguises(), place=st.integers(min_value=0, max_value=400))
def test_a_cut_through_the_secret_does_not_show_its_beginning(secret: bytes, place: int) -> None:
    shown = excerpt(b" " * place + secret + b" " * 400, SECRET, 200)

    # Eight digits are few enough to guess the rest from nothing, and many enough not to occur by chance.
    assert SECRET[:8].decode() not in unquote(shown).lower()


@given(st.binary(max_size=500))
def test_bytes_without_the_secret_stay_as_they_are(data: bytes) -> None:
    assert redact(data, SECRET) is data


def test_the_secret_is_found_where_two_windows_of_a_long_reply_meet() -> None:
    for place in range(256 * 1024 - 40, 256 * 1024 + 8):
        assert SECRET not in redact(b"x" * place + SECRET + b"y" * 1000, SECRET)


def test_other_hex_digits_stay_readable() -> None:
    other = b"d41d8cd98f00b204e9800998ecf8427e"

    assert redact(other + b" " + SECRET, SECRET) == other + b" " + MASK.encode()


def test_text_with_lone_surrogates_can_be_blotted() -> None:
    assert SECRET.decode() not in redact_text("\ud800 " + SECRET.decode(), SECRET)


def _recording(registry: FaultyRegistry, said: list[Exchange], limit: int = 10_000_000) -> Client:
    return Client(
        registry.url,
        registry.username,
        registry.secret,
        ca_bundle=registry.ca_path,
        reply_limit=limit,
        record=said.append,
    )


def test_an_exchange_shows_request_and_reply(registry: FaultyRegistry) -> None:
    said: list[Exchange] = []
    before = datetime.now(UTC)
    _recording(registry, said).show(NUMBER)

    (exchange,) = said
    assert (exchange.command, exchange.url, exchange.status) == ("show", registry.url, 200)
    assert (exchange.outcome, exchange.error) == ("ok", "")
    assert f"id={NUMBER}" in exchange.request
    assert f"secret={MASK}" in exchange.request
    assert exchange.reply.startswith("version=1\r\nresponse=OK\r\nnumrows=2\r\n\r\n50001,")
    assert exchange.reply.endswith("\r\n.\r\n")
    assert before <= exchange.started_at <= datetime.now(UTC)
    assert timedelta(milliseconds=exchange.elapsed_ms) <= datetime.now(UTC) - before


@pytest.mark.parametrize(
    ("fault", "outcome", "status", "reply"),
    [
        ("bad", "bad", 200, "code=on-hold"),
        ("status-500", "failed", 500, "<h1>"),
        ("html", "failed", 200, "<h1>"),
        ("redirect", "failed", 302, "<h1>"),
        ("no-terminator", "failed", 200, "response=OK"),
        ("cut", "failed", 200, "version=1"),
        ("reset-before", "failed", None, ""),
    ],
)
def test_an_exchange_shows_what_came_even_where_it_was_no_reply(
    registry: FaultyRegistry, fault: str, outcome: str, status: int | None, reply: str
) -> None:
    said: list[Exchange] = []
    registry.fault("update", fault)

    with pytest.raises(RegistryError) as failed:
        WRITES["update"](_recording(registry, said))

    (exchange,) = said
    assert (exchange.outcome, exchange.status, exchange.error) == (outcome, status, str(failed.value))
    assert reply in exchange.reply


def test_a_command_that_was_not_sent_is_an_exchange_too() -> None:
    said: list[Exchange] = []
    client = Client("http://127.0.0.1/", "ford", SECRET.decode(), record=said.append)

    with pytest.raises(RegistryError):
        WRITES["delete"](client)

    assert (said[0].outcome, said[0].request, said[0].reply, said[0].status) == ("failed", "", "", None)


def test_a_long_reply_is_cut_and_says_how_long_it_was() -> None:
    said: list[Exchange] = []
    with FaultyRegistry(numbers=2_000, records=0) as registry:
        _recording(registry, said).list()
        size = len(registry.store.answer(dict(registry.log[0].variables)).encode())

    assert len(said[0].reply) < WIRE_LIMIT + 100
    assert said[0].reply.endswith(f"({size} bytes)")


def test_a_reply_that_echoes_the_secret_reaches_the_caller_without_it(registry: FaultyRegistry) -> None:
    registry.store.add_record(NUMBER, 30, "WEB", f"https://example.org/?{registry.secret.upper()}")
    said: list[Exchange] = []

    records = _recording(registry, said).show(NUMBER)

    assert records[-1].hostdata == f"https://example.org/?{MASK}"
    assert registry.secret not in said[0].reply.lower()


def test_a_refusal_that_echoes_the_request_is_shown_without_the_secret(registry: FaultyRegistry) -> None:
    registry.fault("update", "echo")

    with pytest.raises(Refused) as refusal:
        WRITES["update"](_recording(registry, []))

    assert f"secret={MASK}" in refusal.value.reason


def test_a_recorder_that_fails_does_not_turn_a_write_into_a_failure(
    registry: FaultyRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_exchange: Exchange) -> None:
        raise RuntimeError("the disk is full")

    client = Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, record=fail)

    WRITES["update"](client)

    assert "the disk is full" in caplog.text
    assert registry.secret not in caplog.text


def test_exchanges_of_threads_are_not_mixed_up(registry: FaultyRegistry) -> None:
    said: list[Exchange] = []
    client = _recording(registry, said)
    threads = [threading.Thread(target=client.show, args=(number,)) for number in registry.number_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for exchange in said:
        (number,) = [number for number in registry.number_ids if f"id={number}&" in f"{exchange.request}&"]
        assert registry.rows(number)[0] in exchange.reply
