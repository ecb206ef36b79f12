"""How many requests a token may send in a minute."""

import time
from collections.abc import Callable, Iterator

import pytest

from dashboard.models import Token, User
from dashboard.services.tokens import Allowance, TooManyRequests, count_request, limits
from tests.fixtures_tokens import token_of

BEGIN = 60 * 1_000_000.0


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No process has taken anything before."""
    limits._taken.clear()
    yield
    limits._taken.clear()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock, to so many seconds after the minute began."""

    def at_(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: BEGIN + seconds)

    at_(0)
    return at_


def request(token: Token, *, elsewhere: bool = False) -> Allowance:
    """One request, in this process or in one that has taken nothing yet."""
    if elsewhere:
        limits._taken.clear()
    return count_request(Token.objects.get(pk=token.pk))


def sent(token: Token, **where: bool) -> int:
    """How many requests get through until one is refused."""
    for count in range(10_000):
        try:
            request(token, **where)
        except TooManyRequests:
            return count
    raise AssertionError


@pytest.mark.parametrize("rate", [1, 2, 49, 50, 51, 99, 149])
def test_one_process_hands_out_all_of_them(
    person: User, configured: Callable[..., None], at: Callable[[float], None], rate: int
) -> None:
    configured(api_rate=rate)
    token, _ = token_of(person)
    assert sent(token) == rate
    at(59.9)
    assert sent(token) == 0
    at(60)
    assert sent(token) == rate


def test_several_processes_hand_out_no_more_together(
    person: User, configured: Callable[..., None], at: Callable[[float], None]
) -> None:
    configured(api_rate=100)  # by 2
    token, _ = token_of(person)
    # Each request at another process wastes one of the two that it takes.
    assert sent(token, elsewhere=True) == 50


def test_a_process_that_read_the_row_before_another_took_the_last_ones_is_refused(
    person: User, configured: Callable[..., None], at: Callable[[float], None]
) -> None:
    configured(api_rate=100)
    token, _ = token_of(person)
    request(token)
    stale = Token.objects.get(pk=token.pk)
    Token.objects.update(window_used=99)
    limits._taken.clear()
    assert count_request(stale)  # the very last
    with pytest.raises(TooManyRequests):
        count_request(stale)
    assert Token.objects.get().window_used == 100


def test_who_is_refused_is_told_when_to_come_back(
    person: User, configured: Callable[..., None], at: Callable[[float], None]
) -> None:
    configured(api_rate=3)
    token, _ = token_of(person)
    assert [request(token).remaining for _ in range(3)] == [2, 1, 0]
    at(18.5)
    with pytest.raises(TooManyRequests) as refusal:
        request(token)
    assert refusal.value.headers == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "42",
        "Retry-After": "42",
    }


def test_most_requests_write_nothing_and_a_refusal_never_does(
    person: User,
    configured: Callable[..., None],
    at: Callable[[float], None],
    django_assert_num_queries: Callable[..., object],
) -> None:
    configured(api_rate=600)
    token, _ = token_of(person)
    request(token)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # that of `request` itself
        assert request(token).remaining == 598
    Token.objects.update(window_used=600)
    limits._taken.clear()
    with django_assert_num_queries(1), pytest.raises(TooManyRequests):  # type: ignore[attr-defined]
        request(token)


def test_each_token_has_its_own(person: User, configured: Callable[..., None], at: Callable[[float], None]) -> None:
    configured(api_rate=1)
    one, _ = token_of(person)
    other, _ = token_of(person)
    assert sent(one) == sent(other) == 1
