"""From a credential to a client: one deadline, and exchanges that are kept for the person who made them."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.client import Client, NotSent, RegistryError, ReplyLost
from dashboard.models import Credential, Exchange, Registry, User
from dashboard.platform import admission, circuit
from dashboard.protocol import DeleteAll
from dashboard.services.credentials import check_credential, connection
from dashboard.services.credentials.connection import EXCHANGES_KEPT, connect, one_deadline, stored_together
from tests.faulty_registry import FaultyRegistry
from tests.platform.crowd import crowd


def test_keeps_every_exchange_for_the_person_who_made_it(
    person: User, stranger: User, remote: Credential, registry: FaultyRegistry
) -> None:
    connect(person, remote).ping()
    connect(stranger, remote).list()

    assert list(Exchange.objects.filter(user=person).values_list("command", "outcome")) == [("ping", "ok")]
    assert list(Exchange.objects.filter(user=stranger).values_list("command", "outcome")) == [("list", "ok")]


def test_keeps_each_attempt_and_what_went_wrong(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    registry.fault("ping", "reset-before", times=1)
    connect(person, remote).ping()

    assert [said.outcome for said in Exchange.objects.order_by("pk")] == ["failed", "ok"]
    assert "broke before its reply was complete" in Exchange.objects.order_by("pk")[0].error


@pytest.mark.django_db(transaction=True)
def test_an_exchange_that_cannot_be_kept_does_not_spoil_the_command(
    person: User, remote: Credential, registry: FaultyRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(person, remote)
    Credential.objects.all().delete()
    client.ping()

    assert "the credential was removed meanwhile" in caplog.text
    assert registry.secret not in caplog.text


def test_forgets_all_but_the_last_exchanges_of_each_command(
    person: User, remote: Credential, registry: FaultyRegistry
) -> None:
    client = connect(person, remote)
    client.list()
    for _ in range(EXCHANGES_KEPT + 3):
        client.ping()
    connection.trim(person, remote)

    kept = list(Exchange.objects.order_by("-pk").values_list("command", flat=True))
    assert kept == ["ping"] * EXCHANGES_KEPT + ["list"]


def test_a_disabled_registry_has_no_client(person: User, remote: Credential) -> None:
    Registry.objects.update(is_enabled=False)
    with pytest.raises(NotSent, match="“Elsewhere” is disabled by an administrator"):
        connect(person, Credential.objects.get())


def test_a_secret_that_does_not_open_has_no_client(person: User, remote: Credential) -> None:
    remote.username = "somebody else"
    with pytest.raises(NotSent, match="The secret of “Remote” cannot be opened"):
        connect(person, remote)


def test_all_clients_of_a_page_have_one_deadline_between_them(
    person: User, remote: Credential, registry: FaultyRegistry, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.5)
    registry.fault("ping", "hang")
    with one_deadline():
        with pytest.raises(RegistryError, match="did not answer in time"):
            connect(person, remote).ping()
        with pytest.raises(RegistryError, match="in time"):
            connect(person, remote).list()

    assert registry.count("list") == 0
    assert connect(person, remote).list()


def test_a_deadline_ends_with_its_page(
    person: User, remote: Credential, registry: FaultyRegistry, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.2)
    with one_deadline():
        time.sleep(0.3)
        with pytest.raises(RegistryError):
            connect(person, remote).ping()
    with one_deadline():
        set_deadline(5)
    with one_deadline():
        connect(person, remote).ping()

    assert registry.count("ping") == 1


def test_many_exchanges_are_stored_together_and_only_those_that_are_kept(
    person: User, remote: Credential, connected: Client
) -> None:
    connected.ping()
    with stored_together():
        for _ in range(EXCHANGES_KEPT + 5):
            connected.list()
        connected.myip()
        assert Exchange.objects.count() == 1

    kept = list(Exchange.objects.order_by("pk").values_list("command", flat=True))
    assert kept == ["ping", *["list"] * EXCHANGES_KEPT, "myip"]


def test_exchanges_before_a_failure_are_stored_all_the_same(connected: Client, registry: FaultyRegistry) -> None:
    registry.fault("list", "html")

    def talk() -> None:
        with stored_together():
            connected.ping()
            connected.list()

    with pytest.raises(ReplyLost):
        talk()

    assert Exchange.objects.count() == 2


# --- registries that keep people waiting --------------------------------------------------------------------------


@pytest.fixture
def slow(settings: Any, tmp_path: Path, registry: FaultyRegistry, monkeypatch: pytest.MonkeyPatch) -> FaultyRegistry:
    """A registry whose silence is noticed after 0.2 seconds."""
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path, deadline=0.3, connect_timeout=0.3)
    monkeypatch.setattr(admission, "LATE", 0.2)
    registry.fault("*", "hang")
    return registry


def time_out(client: Client) -> None:
    """Be kept waiting in vain until the circuit is open."""
    for _ in range(circuit.TIMEOUTS):
        with pytest.raises(ReplyLost, match="did not answer in time"):
            client.ping()


def rest(tmp_path: Path) -> None:
    """As if the circuit had been open for long enough."""
    (file,) = (tmp_path / circuit.FOLDER).iterdir()
    os.utime(file, (0, time.time() - circuit.REST))


def test_where_too_many_wait_nothing_is_sent(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    with (
        crowd(remote.registry.url, *[person.pk] * 16),
        pytest.raises(NotSent, match="“Elsewhere” was not asked") as busy,
    ):
        connect(person, remote).ping()

    assert busy.value.code == "busy"
    assert registry.requests == 0
    assert not Exchange.objects.exists()
    assert connect(person, remote).ping().ok


def test_the_embedded_registry_only_computes_so_nobody_waits_for_it(person: User, credential: Credential) -> None:
    with crowd(credential.registry.url, *range(16)):
        assert connect(person, credential).ping().ok


def test_whose_place_it_is_to_wait_may_ask(person: User, remote: Credential) -> None:
    with crowd(remote.registry.url, *[person.pk] * 3), connection.waiting(person, remote.registry):
        assert connect(person, remote).ping().ok


def test_a_check_that_was_not_made_says_nothing_about_the_credential(person: User, remote: Credential) -> None:
    with crowd(remote.registry.url, *[person.pk] * 16):
        (check,) = check_credential(person, remote)

    assert "was not asked" in check.problem
    assert Credential.objects.get(pk=remote.pk).problem == ""


def test_a_registry_that_was_silent_again_and_again_is_left_alone(
    person: User, remote: Credential, slow: FaultyRegistry, tmp_path: Path
) -> None:
    client = connect(person, remote)
    time_out(connect(person, remote, share=9))
    slow.heal()
    asked = slow.requests
    with pytest.raises(NotSent, match="left alone for some seconds") as left_alone:
        client.ping()
    assert (left_alone.value.code, slow.requests) == ("busy", asked)

    rest(tmp_path)
    assert connect(person, remote).ping().ok
    assert connect(person, remote).list()


def test_no_write_is_risked_to_find_out_whether_a_registry_is_back(
    person: User, remote: Credential, slow: FaultyRegistry, number_id: int, tmp_path: Path
) -> None:
    time_out(connect(person, remote, share=9))
    slow.heal()
    rest(tmp_path)
    with pytest.raises(NotSent, match="left alone"):
        connect(person, remote).write(DeleteAll(id=number_id))
    assert slow.count("deleteall") == 0

    connect(person, remote).ping()
    connect(person, remote).write(DeleteAll(id=number_id))
    assert not slow.rows(number_id)


def test_a_registry_that_refuses_or_fails_at_once_is_not_left_alone(
    person: User, remote: Credential, slow: FaultyRegistry
) -> None:
    slow.heal()
    slow.fault("*", "html")
    for _ in range(2 * circuit.TIMEOUTS):
        with pytest.raises(ReplyLost, match="web page"):
            connect(person, remote).ping()


def test_a_page_that_has_no_time_left_blames_no_registry(
    person: User, remote: Credential, slow: FaultyRegistry
) -> None:
    for _ in range(2 * circuit.TIMEOUTS):
        with pytest.raises(RegistryError, match="in time"):
            connect(person, remote, share=0.1).ping()
    slow.heal()
    assert connect(person, remote).ping().ok
