"""Credentials as services: what is asked, what is remembered, and what is never kept."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.http import Http404

from dashboard import vault
from dashboard.client import RegistryError
from dashboard.models import AuditEvent, Change, Credential, Exchange, Registry, Team, User
from dashboard.protocol import secret_of
from dashboard.services import credentials
from dashboard.services.credentials import AlreadyThere, Check, Unproven
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import share


def _add(
    person: User, elsewhere: Registry, registry: FaultyRegistry, *, keep_unproven: bool = False, **other: str
) -> tuple[Credential, list[Check]]:
    given = {"username": registry.username, "password": registry.password, "label": "New"} | other
    return credentials.add_credential(person, elsewhere, **given, keep_unproven=keep_unproven)


@pytest.fixture
def elsewhere(db: None, registry: FaultyRegistry) -> Registry:
    """The registry on a real socket, as an administrator allows it."""
    return Registry.objects.create(name="Elsewhere", url=registry.url, ca_bundle=registry.ca_path)


def test_adding_tries_ping_and_list(person: User, elsewhere: Registry, registry: FaultyRegistry) -> None:
    credential, checks = _add(person, elsewhere, registry)

    assert checks == [Check(command="ping", problem=""), Check(command="list", problem="")]
    assert credential.works
    assert [received.command for received in registry.log] == ["ping", "list"]


def test_only_the_sealed_secret_is_kept(person: User, elsewhere: Registry, registry: FaultyRegistry) -> None:
    credential, _ = _add(person, elsewhere, registry)

    credential.refresh_from_db()
    assert vault.unseal(credential) == secret_of(registry.password)
    assert registry.password not in repr(vars(credential))
    assert secret_of(registry.password) not in repr(vars(credential))


@pytest.mark.parametrize(
    ("fault", "command", "problem"),
    [
        ("ping", "ping", "The registry refused and did not say why."),
        ("list", "list", "The registry refused and did not say why."),
    ],
)
def test_a_check_ends_at_the_first_failure_and_is_remembered(
    person: User, elsewhere: Registry, registry: FaultyRegistry, fault: str, command: str, problem: str
) -> None:
    registry.fault(fault, "bad-silent")
    credential, checks = _add(person, elsewhere, registry, keep_unproven=True)

    assert checks[-1] == Check(command=command, problem=problem)
    credential.refresh_from_db()
    assert (credential.works, credential.problem) == (False, problem)
    assert credential.checked_at is not None


def test_a_check_that_succeeds_clears_the_problem(
    person: User, elsewhere: Registry, registry: FaultyRegistry
) -> None:
    registry.fault("ping", "bad", times=1)
    credential, _ = _add(person, elsewhere, registry, keep_unproven=True)
    credentials.check_credential(person, credential)

    credential.refresh_from_db()
    assert credential.works
    assert credential.problem == ""


@pytest.mark.parametrize("same", ["label", "login"])
def test_the_same_credential_is_added_once(
    person: User, elsewhere: Registry, registry: FaultyRegistry, same: str
) -> None:
    _add(person, elsewhere, registry)
    asked = registry.requests
    other = {"username": "x"} if same == "label" else {"label": "x"}
    with pytest.raises(AlreadyThere):
        _add(person, elsewhere, registry, keep_unproven=False, **other)

    assert Credential.objects.count() == 1
    assert registry.requests == asked


def test_a_new_password_is_tried_first(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    with pytest.raises(Unproven) as refused:
        credentials.change_password(person, remote, "mistyped")
    right = credentials.change_password(person, remote, registry.password)

    assert refused.value.failed.command == "ping"
    assert "mistyped" not in repr(refused.value)
    assert [check.problem for check in right] == ["", ""]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_at_one_instant_one_is_told(
    person: User, elsewhere: Registry, registry: FaultyRegistry
) -> None:
    both_try = threading.Barrier(2)
    answer = registry.store.answer

    def answer_both(form: dict[str, str]) -> Any:
        if form["command"] == "ping":
            both_try.wait(timeout=60)  # so that each has seen no credential before either stores one
        return answer(form)

    def add() -> str:
        try:
            return _add(person, elsewhere, registry)[0].label
        except AlreadyThere:
            return "already there"
        finally:
            connections.close_all()

    registry.store.answer = answer_both  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        outcomes = [future.result() for future in [pool.submit(add), pool.submit(add)]]

    assert sorted(outcomes) == ["New", "already there"]
    credential = Credential.objects.get()
    assert vault.unseal(credential) == secret_of(registry.password)
    assert set(Exchange.objects.values_list("credential", flat=True)) == {credential.pk}


def test_the_services_are_asked_for_once(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    remote.services = []
    first = credentials.services_of(person, remote)
    again = credentials.services_of(person, Credential.objects.get())

    assert first == again == ["SIP", "IAX2", "H323", "MAILTO", "XMPP", "TEL", "WEB"]
    assert registry.count("listservices") == 1


def test_services_that_cannot_be_asked_for_raise_and_are_not_remembered(
    person: User, remote: Credential, registry: FaultyRegistry
) -> None:
    remote.services = []
    registry.fault("listservices", "garbage")
    with pytest.raises(RegistryError):
        credentials.services_of(person, remote)

    assert Credential.objects.get().services == ["SIP", "IAX2", "MAILTO"]


def test_removing_leaves_the_history_and_counts_what_is_open(person: User, remote: Credential) -> None:
    change = Change.objects.create(
        user=person,
        person="alice",
        credential=remote,
        credential_label="Remote",
        registry_name="Elsewhere",
        command="new",
        number_id=1,
        number="1",
    )
    before = credentials.open_changes_of(person, remote)
    credentials.remove_credential(person, remote)
    change.refresh_from_db()

    assert before == 1
    assert change.credential is None


def test_a_check_of_a_registry_that_hangs_ends_in_time(
    person: User, remote: Credential, registry: FaultyRegistry, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.3)
    registry.fault("*", "hang")
    checks = credentials.check_credential(person, remote)

    assert checks == [Check(command="ping", problem="127.0.0.1 did not answer in time.")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keep_unproven", [False, True])
def test_a_password_is_not_replaced_where_the_credential_was_handed_over_meanwhile(
    person: User, stranger: User, remote: Credential, registry: FaultyRegistry, keep_unproven: bool
) -> None:
    before = remote.sealed
    _during_list(registry, lambda: Credential.objects.update(user=stranger))
    with pytest.raises(Http404):
        credentials.change_password(person, remote, registry.password, keep_unproven=keep_unproven)

    assert Credential.objects.get().sealed == before
    assert not AuditEvent.objects.exists()


def _during_list(registry: FaultyRegistry, what: Callable[[], object]) -> None:
    answer = registry.store.answer

    def do_and_answer(form: dict[str, str]) -> Any:
        if form["command"] == "list":
            what()
            connections.close_all()
        return answer(form)

    registry.store.answer = do_and_answer  # type: ignore[method-assign]


def test_who_handed_a_credential_over_a_moment_ago_does_not_remove_it(
    person: User, stranger: User, remote: Credential
) -> None:
    Credential.objects.update(user=stranger)
    with pytest.raises(Http404):
        credentials.remove_credential(person, remote)

    assert Credential.objects.exists()


def test_each_team_that_loses_a_removed_credential_is_noted(person: User, team: Team, remote: Credential) -> None:
    share(remote, team)
    credentials.remove_credential(person, remote)

    noted = AuditEvent.objects.order_by("pk").values_list("event", "team", "credential_name")
    assert list(noted) == [("credential.unshared", team.pk, "Remote"), ("credential.removed", None, "Remote")]
