"""From a credential to a client: one deadline, and exchanges that are kept for the person who made them."""

import time
from collections.abc import Callable

import pytest

from dashboard.client import Client, NotSent, RegistryError, ReplyLost
from dashboard.models import Credential, Exchange, Registry, User
from dashboard.services.credentials import connection
from dashboard.services.credentials.connection import EXCHANGES_KEPT, connect, one_deadline, stored_together
from tests.faulty_registry import FaultyRegistry


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

    assert "an exchange could not be recorded" in caplog.text
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
