"""Accounts of any size: a constant number of queries, a constant amount of memory, and a count that is true."""

import gc
import tracemalloc
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dashboard.protocol import decode_reply, numbers_in, records_in
from dashboard.registry.counted_body import CHUNK, IN_MEMORY, CountedBody
from dashboard.registry.handler import handle
from dashboard.registry.models import Account, Number, Record
from tests.registry.conftest import API, FORM, PASSWORD, Call

MEMORY = 3 * 1024 * 1024  # bytes at the peak, whatever the length of the list


def give_numbers(account: Account, count: int) -> None:
    Number.objects.bulk_create(
        (
            Number(account=account, country="1", area="604", local=f"{local:07d}", digits=f"1604{local:07d}")
            for local in range(count)
        ),
        batch_size=5_000,
    )


def body_of(command: str, **variables: object) -> bytes:
    form = {"version": "1", "command": command, "username": "alice", "password": PASSWORD, **variables}
    return urlencode(form).encode()


@pytest.mark.parametrize("count", [0, 1, 1_000, 10_000])
def test_a_list_takes_two_queries_whatever_its_length(
    alice: Account, call: Call, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give_numbers(alice, count)
    call("ping")  # so that the login is remembered
    with django_assert_num_queries(2):
        reply = call("list")
    numbers = numbers_in(decode_reply(reply))
    assert len(numbers) == count
    assert f"numrows={count}\r\n".encode() in reply
    assert [number.local for number in numbers] == [f"{local:07d}" for local in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3_000])
def test_show_takes_three_queries_however_many_records(
    number: Number, call: Call, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Record.objects.bulk_create(
        Record(number=number, preference=preference, service="SIP", hostdata="a@example.org")
        for preference in range(count)
    )
    call("ping")
    with django_assert_num_queries(3):
        reply = call("show", id=number.pk)
    assert [record.preference for record in records_in(decode_reply(reply))] == list(range(count))


@pytest.mark.parametrize("count", [2_000, 20_000])
def test_the_memory_for_a_list_does_not_grow_with_it(alice: Account, count: int) -> None:
    give_numbers(alice, count)
    handle(body_of("ping"), address="127.0.0.1")
    tracemalloc.start()
    try:
        response = handle(body_of("list"), address="127.0.0.1")
        length = sum(len(piece) for piece in response.content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length == response.length > count * len("1,1,604,0000000\r\n")
    assert peak < MEMORY


def test_a_long_list_is_sent_in_pieces_with_its_length(alice: Account, client: Client) -> None:
    give_numbers(alice, 20_000)
    response = client.post(API, body_of("list"), content_type=FORM)
    assert isinstance(response, StreamingHttpResponse)
    pieces = list(response)
    assert max(map(len, pieces)) <= CHUNK
    assert sum(map(len, pieces)) == int(response["Content-Length"])
    assert len(numbers_in(decode_reply(b"".join(pieces)))) == 20_000


def test_a_client_that_goes_away_leaves_no_open_file(alice: Account, client: Client) -> None:
    give_numbers(alice, 20_000)
    # An open file that is forgotten is a ResourceWarning, which fails the test.
    client.post(API, body_of("list"), content_type=FORM).close()
    gc.collect()


def test_the_rows_are_counted_as_they_are_read(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that somebody adds at the worst moment is in both the rows and the count, or in neither."""
    from dashboard.registry import handler

    give_numbers(alice, 5)
    rows_before = handler._number_rows

    def rows_with_a_neighbour(account: Account) -> Iterator[bytes]:
        rows = rows_before(account)
        yield next(rows)
        Number.objects.create(account=account, country="49", local="3023125000")
        yield from rows

    monkeypatch.setattr(handler, "_number_rows", rows_with_a_neighbour)
    response = handle(body_of("list"), address="127.0.0.1")
    # The decoder compares `numrows` with the rows.
    assert len(numbers_in(decode_reply(b"".join(response.content)))) in {5, 6}


# --- counted bodies ---------------------------------------------------------------------------------------------
def head(count: int) -> bytes:
    return b"%d rows\n" % count


@pytest.mark.parametrize("count", [0, 1, 10_000, 100_000])
def test_a_counted_body_gives_head_rows_and_tail_in_this_order(count: int) -> None:
    body_ = CountedBody((b"%06d\n" % row for row in range(count)), head, b"end")
    body = b"".join(body_)
    assert body == head(count) + b"".join(b"%06d\n" % row for row in range(count)) + b"end"
    assert body_.length == len(body)


def test_a_counted_body_that_is_closed_early_gives_its_file_back() -> None:
    body_ = CountedBody((b"x" * 1024 for _ in range(2 * IN_MEMORY // 1024)), head, b"")
    pieces = iter(body_)
    next(pieces)
    body_.close()
    with pytest.raises(ValueError, match="closed"):
        list(pieces)


def test_a_counted_body_passes_on_what_goes_wrong_with_the_rows() -> None:
    def rows() -> Iterator[bytes]:
        yield b"one"
        raise ConnectionError("the database has gone")

    with pytest.raises(ConnectionError):
        CountedBody(rows(), head, b"")
