"""Who gets in, how often the slow hash runs, and when guessing ends."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dashboard.platform import locks
from dashboard.protocol import secret_of
from dashboard.registry import auth
from dashboard.registry.auth import FAILURES_PER_ADDRESS, FAILURES_PER_LOGIN, GoodLogins, authenticate
from dashboard.registry.models import Account, LoginFailure
from dashboard.registry.refusal import Refusal
from tests.registry.conftest import API, FORM, PASSWORD, make_account
from tests.registry.hashers import CountingHasher

HERE = "203.0.113.5"
ELSEWHERE = "203.0.113.6"


def log_in(username: str = "alice", password: str = PASSWORD, address: str = HERE) -> str:
    """The name of who got in, or the code of the refusal."""
    try:
        return authenticate(username, secret_of(password), address).username
    except Refusal as refusal:
        return refusal.code


def guess(times: int, username: str = "alice", address: str = HERE) -> None:
    for number in range(times):
        log_in(username, f"guess {number}", address)


def test_a_good_login_is_hashed_once(alice: Account) -> None:
    assert [log_in() for _ in range(50)] == ["alice"] * 50
    assert CountingHasher.checks == 1


def test_a_right_login_leaves_nothing_behind_and_a_remembered_one_writes_nothing(
    alice: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert log_in() == "alice"
    assert not LoginFailure.objects.exists()
    with django_assert_num_queries(1) as queries:
        assert log_in() == "alice"
    assert queries.captured_queries[0]["sql"].startswith("SELECT")


def test_a_login_counts_from_before_it_is_looked_at(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a process that dies while it looks has counted it all the same."""

    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(auth, "check_password", die)
    for _ in range(FAILURES_PER_LOGIN):
        with pytest.raises(KeyboardInterrupt):
            log_in()
    monkeypatch.undo()
    assert log_in() == "too-many-logins"


def test_right_logins_do_not_use_up_the_limit_of_each_other(alice: Account) -> None:
    for _ in range(FAILURES_PER_LOGIN * 3):
        auth.good_logins.clear()
        assert log_in() == "alice"


def test_who_waits_in_vain_for_others_of_the_same_address_is_not_looked_at(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "PATIENCE", 0.0)
    taken, done = threading.Event(), threading.Event()

    def try_another_login() -> None:
        with locks.held(f"login {HERE}", locks.at_once):
            taken.set()
            done.wait(60)
        connections.close_all()

    other = threading.Thread(target=try_another_login)
    other.start()
    try:
        assert taken.wait(60)
        assert log_in() == "too-many-logins"
        assert log_in(address=ELSEWHERE) == "alice"
    finally:
        done.set()
        other.join()
    assert CountingHasher.checks == 1
    assert not LoginFailure.objects.exists()


def test_a_wrong_login_is_hashed_each_time(alice: Account) -> None:
    assert log_in() == "alice"
    guess(3)
    assert CountingHasher.checks == 4


def test_an_unknown_name_costs_as_much_as_a_known_one(alice: Account) -> None:
    assert log_in("nobody") == "login"
    assert CountingHasher.checks == 1


@pytest.mark.parametrize("name", ["", "Alice", "alice ", "a" * 5000, "alice' OR 1=1 --", "\U0001f600"])
def test_no_other_name_gets_in(alice: Account, name: str) -> None:
    assert log_in(name) == "login"


def test_the_password_of_another_account_does_not_get_in(alice: Account) -> None:
    make_account("bob", "Bob's own")
    assert log_in("bob") == "login"
    assert log_in("alice", "Bob's own") == "login"


def test_a_new_password_ends_what_was_remembered(alice: Account) -> None:
    assert log_in() == "alice"
    alice.set_password("another")
    alice.save()
    assert log_in() == "login"
    assert log_in(password="another") == "alice"


def test_a_deactivated_account_is_out_at_once_and_looks_like_any_wrong_login(alice: Account) -> None:
    assert log_in() == "alice"
    Account.objects.update(is_active=False)
    assert log_in() == "login"
    assert CountingHasher.checks == 2
    Account.objects.update(is_active=True)
    assert log_in() == "alice"


def test_after_too_many_guesses_not_even_the_right_password_is_checked(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN)
    before = CountingHasher.checks
    assert log_in() == "too-many-logins"
    assert CountingHasher.checks == before


def test_a_remembered_login_passes_while_others_guess(alice: Account) -> None:
    assert log_in() == "alice"
    guess(FAILURES_PER_LOGIN + 5)
    assert log_in() == "alice"
    assert log_in(password="one more guess") == "too-many-logins"


def test_guesses_at_one_account_do_not_stop_others_or_other_addresses(alice: Account) -> None:
    make_account("bob")
    guess(FAILURES_PER_LOGIN)
    assert log_in("bob") == "bob"
    assert log_in("alice", address=ELSEWHERE) == "alice"


def test_names_that_do_not_exist_are_limited_like_those_that_do(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN, "nobody")
    assert log_in("nobody") == "too-many-logins"


def test_one_password_on_many_accounts_is_stopped_by_address(alice: Account) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        assert log_in(f"account {number}", "123456") == "login"
    assert log_in("alice") == "too-many-logins"
    assert log_in("alice", address=ELSEWHERE) == "alice"


def test_the_dashboards_own_address_is_not_shut_for_everybody(alice: Account) -> None:
    for number in range(FAILURES_PER_ADDRESS + 1):
        log_in(f"account {number}", "123456", "127.0.0.1")
    assert log_in("alice", address="127.0.0.1") == "alice"


def test_guesses_at_one_account_are_limited_on_the_dashboards_own_address_too(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN, address="127.0.0.1")
    assert log_in(address="127.0.0.1") == "too-many-logins"


def test_the_addresses_of_an_ipv6_network_count_together(alice: Account) -> None:
    for number in range(FAILURES_PER_LOGIN):
        log_in("alice", "guess", f"2001:db8:0:1::{number:x}")
    assert log_in("alice", address="2001:db8:0:1:ffff::1") == "too-many-logins"
    assert log_in("alice", address="2001:db8:0:2::1") == "alice"


def test_an_ipv4_address_counts_the_same_in_its_ipv6_writing(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN, address="::ffff:" + HERE)
    assert log_in(address=HERE) == "too-many-logins"


def test_what_is_no_address_is_counted_all_the_same(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN, address="unix:" + "x" * 500)
    assert log_in(address="unix:" + "x" * 500) == "too-many-logins"
    assert log_in(address="") == "alice"


def test_a_good_login_forgives_the_slips_before_it(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN - 1)
    assert log_in() == "alice"
    guess(FAILURES_PER_LOGIN - 1)
    auth.good_logins.clear()
    assert log_in() == "alice"


def test_wrong_logins_are_forgotten_after_the_window_and_leave_nothing_behind(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN)
    LoginFailure.objects.update(at=timezone.now() - auth.WINDOW - timedelta(seconds=1))
    assert log_in() == "alice"
    log_in("nobody")
    assert LoginFailure.objects.count() == 1


def test_refused_guesses_do_not_fill_the_table(alice: Account) -> None:
    guess(FAILURES_PER_LOGIN + 50)
    assert LoginFailure.objects.count() == FAILURES_PER_LOGIN


def test_the_table_of_failures_holds_no_name_and_no_secret(alice: Account) -> None:
    log_in("my password by mistake")
    stored = repr(LoginFailure.objects.values().get()) + str(LoginFailure.objects.get())
    assert "mistake" not in stored
    assert secret_of(PASSWORD) not in stored


def test_neither_password_nor_secret_nor_name_is_logged(
    alice: Account, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        body = "version=1&command=ping&username=my+secret+name&password=hunter2"
        for _ in range(FAILURES_PER_LOGIN + 1):
            client.post(API, body, content_type=FORM)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("dashboard"))
    assert "Wrong login from 127.0.0.1" in logged
    assert not any(word in logged for word in ("hunter2", secret_of("hunter2"), "my secret name"))


def test_the_secret_is_kept_as_a_slow_hash_only(alice: Account) -> None:
    stored = repr(Account.objects.filter(pk=alice.pk).values().get())
    assert PASSWORD not in stored
    assert secret_of(PASSWORD) not in stored
    assert alice.secret_hash.startswith("counting$")
    assert alice.secret_hash not in repr(alice) + str(alice)


# --- the memory of good logins ----------------------------------------------------------------------------------
class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_login_is_remembered_for_its_time_and_no_longer() -> None:
    clock = Clock()
    memory = GoodLogins(seconds=300, limit=10, clock=clock)
    memory.add(("alice", "secret", "hash"))
    clock.now += 299
    assert ("alice", "secret", "hash") in memory
    clock.now += 1
    assert ("alice", "secret", "hash") not in memory


def test_only_the_very_same_login_is_remembered() -> None:
    memory = GoodLogins(seconds=300, limit=10)
    memory.add(("alice", "secret", "hash"))
    assert ("alice", "secret", "other hash") not in memory
    assert ("alice", "secre", "thash") not in memory
    assert ("alic", "esecret", "hash") not in memory


def test_the_memory_forgets_the_oldest_when_it_is_full() -> None:
    memory = GoodLogins(seconds=300, limit=3)
    for name in ("a", "b", "c", "a", "d"):
        memory.add((name,))
    assert [name for name in "abcd" if (name,) in memory] == ["a", "c", "d"]


def test_the_memory_holds_neither_names_nor_secrets() -> None:
    memory = GoodLogins(seconds=300, limit=3)
    memory.add(("alice", "the secret", "the hash"))
    held = repr(vars(memory))
    assert not any(word in held for word in ("alice", "the secret", "the hash"))


def test_two_memories_have_different_keys() -> None:
    first, second = GoodLogins(seconds=300, limit=3), GoodLogins(seconds=300, limit=3)
    first.add(("alice",))
    second.add(("alice",))
    assert vars(first)["_expiries"].keys().isdisjoint(vars(second)["_expiries"].keys())


def test_threads_that_share_the_memory_stay_within_its_bound() -> None:
    memory = GoodLogins(seconds=300, limit=20)
    errors: list[BaseException] = []

    def fill(name: int) -> None:
        try:
            for number in range(200):
                memory.add((str(name), str(number)))
        except BaseException as error:  # noqa: BLE001  (whatever it is, the test must see it)
            errors.append(error)

    threads = [threading.Thread(target=fill, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(vars(memory)["_expiries"]) == 20
