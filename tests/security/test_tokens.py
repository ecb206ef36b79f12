"""Whoever has a token tries to get further than it goes. It is for +44 20, and its person has more numbers."""

import re
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from dashboard import access
from dashboard.client import Client
from dashboard.models import Change, Credential, Outcome, Role, Scope, Team, Token, User
from dashboard.protocol import RecordData
from dashboard.registry import store
from dashboard.registry.models import Account, Number
from dashboard.services import credentials, dns, history, people, tokens
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import fingerprint, list_numbers, show_number
from dashboard.services.records import AlreadySubmitted, Direction, Writer
from dashboard.services.registries import last_exchanges
from dashboard.services.tokens.digests import is_secret_of
from dashboard.services.tokens.writing import Written
from dashboard.services.undo import Life, plan_undo, restore, undo
from tests.fixtures_people import member, share
from tests.fixtures_tokens import acting, token_of

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")


@pytest.fixture
def program(person: User, credential: Credential) -> User:
    """Alice as a program of hers acts that may write to +44 20."""
    return acting(person, scope=Scope.WRITE, beginnings=["4420"])


@pytest.fixture
def within(account: Account) -> Number:
    """The number that it may reach."""
    return account.numbers.get(digits="442079460958")


@pytest.fixture
def beyond(account: Account) -> Number:
    """One that it may not."""
    return account.numbers.get(digits="16045550123")


def block(account: Account, digits: str) -> Number:
    """A number that stands for all that begin with its digits."""
    number = Number(account=account, country=digits, area="", local="*")
    store.save_number(number)
    store.create_record(number, preference=10, service="SIP", hostdata="all@example.org")
    return number


def test_it_does_what_it_is_for(program: User, credential: Credential, within: Number) -> None:
    found = show_number(program, credential, within.pk)
    assert Writer(program, credential, within.pk).add(DRAFT).outcome == Outcome.APPLIED
    now = show_number(program, credential, within.pk)
    assert len(now.records) == len(found.records) + 1
    made = Writer(program, credential, within.pk).move(
        now.records[-1].id, Direction.UP, seen=fingerprint([now.records[-1]])
    )
    assert {change.outcome for change in made} == {Outcome.APPLIED}
    assert access.changes(program).count() == 1 + len(made)


def test_other_numbers_are_in_no_list_and_no_search(program: User, credential: Credential, account: Account) -> None:
    block(account, "44")
    block(account, "4420")
    for query in ("", "1604", "+16045550123", "44", "0044", "*"):
        found = list_numbers(program, credential, query=query)
        digits = {row.number.digits for row in found.rows}
        assert digits <= {"442079460958", "4420"}
        assert found.total == 2
    assert list_numbers(program, credential).matching == 2


Attack = Callable[[Writer, Any], object]
ATTACKS: dict[str, Attack] = {
    "add": lambda writer, _found: writer.add(DRAFT),
    "update": lambda writer, found: writer.update(found.id, DRAFT, seen=fingerprint([found])),
    "delete": lambda writer, found: writer.delete(found.id, seen=fingerprint([found])),
    "move": lambda writer, found: writer.move(found.id, Direction.DOWN, seen=fingerprint([found])),
    "delete all": lambda writer, found: writer.delete_all(seen=fingerprint([found]), digits="442079460958"),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("digits", ["16045550123", "44", "4"])
def test_no_write_reaches_another_number_or_a_block_that_owns_more(
    program: User, person: User, credential: Credential, account: Account, attack: str, digits: str
) -> None:
    number = account.numbers.filter(digits=digits).first() or block(account, digits)
    seen = show_number(person, credential, number.pk).records[0]
    before = list(number.records.values_list())
    with pytest.raises(Http404):
        show_number(program, credential, number.pk)
    with pytest.raises(Http404, match="no such number"):
        ATTACKS[attack](Writer(program, credential, number.pk), seen)
    assert list(number.records.values_list()) == before
    assert not Change.objects.exists()


@pytest.mark.parametrize("attack", ["update", "delete", "move"])
def test_the_id_of_a_record_elsewhere_is_no_way_there(
    program: User, person: User, credential: Credential, within: Number, beyond: Number, attack: str
) -> None:
    seen = show_number(person, credential, beyond.pk).records[0]
    # Somebody who knows the fingerprint is told of a conflict, and sees the records of the number that is theirs.
    with pytest.raises(Exception, match=r"no such record|changed meanwhile") as refusal:
        ATTACKS[attack](Writer(program, credential, within.pk), seen)
    assert seen.hostdata not in str(getattr(refusal.value, "found", ""))
    assert not Change.objects.exists()


def changed(person: User, credential: Credential, number: Number, **fields: Any) -> Change:
    return Change.objects.create(
        user=person,
        person=person.get_username(),
        credential=credential,
        command="delete",
        number_id=number.pk,
        number=number.digits,
        **fields,
    )


def test_no_change_of_another_number_is_seen_settled_or_answered_with(
    program: User, person: User, credential: Credential, within: Number, beyond: Number
) -> None:
    form = uuid.uuid4()
    change = changed(person, credential, beyond, submission=form)
    assert not access.changes(program).exists()
    with pytest.raises(Http404):
        access.change(program, change.pk)
    with pytest.raises(Http404):
        history.settle(program, change)
    assert show_number(program, credential, within.pk).history.open == ()
    with pytest.raises(AlreadySubmitted):
        Writer(person, credential, within.pk, form).add(DRAFT)


def test_an_id_that_was_another_number_once_tells_nothing_of_it(
    program: User, stranger: User, credential: Credential, within: Number
) -> None:
    changed(stranger, credential, within, outcome=Outcome.APPLIED, settled_at=timezone.now())
    Change.objects.update(number="16045550123")
    assert show_number(program, credential, within.pk).history.by_others == ()


def test_undo_reaches_no_other_number_either(
    program: User, person: User, credential: Credential, within: Number, beyond: Number
) -> None:
    seen = show_number(person, credential, beyond.pk).records[0]
    change = Writer(person, credential, beyond.pk).delete(seen.id, seen=fingerprint([seen]))
    left = list(beyond.records.values_list())
    mark = show_number(person, credential, beyond.pk).fingerprint
    # Neither the id of a change nor one that says another number than the registry has now.
    for said in (beyond.digits, within.digits):
        Change.objects.update(number=said)
        change.refresh_from_db()
        with pytest.raises(Http404):
            plan_undo(program, change)
        with pytest.raises(Http404):
            undo(program, change, seen=mark)
    assert list(beyond.records.values_list()) == left
    assert undo(person, change, seen=mark)


def test_no_other_number_has_a_line_or_is_put_back(
    program: User, person: User, credential: Credential, within: Number, beyond: Number
) -> None:
    seen = show_number(person, credential, beyond.pk).records[0]
    change = Writer(person, credential, beyond.pk).delete(seen.id, seen=fingerprint([seen]))
    moment = str(change.pk)
    mark = show_number(person, credential, beyond.pk).fingerprint
    for number in (beyond, within):
        with pytest.raises(Http404):
            Life.of(program, credential, number.pk).state(moment)
        with pytest.raises(Http404):
            restore(program, credential, number.pk, moment, seen=mark)
    assert Life.of(person, credential, beyond.pk).state(moment)
    assert beyond.records.count() == 2


def test_a_token_that_only_reads_undoes_nothing(person: User, credential: Credential, within: Number) -> None:
    change = Writer(person, credential, within.pk).add(DRAFT)
    program = acting(person)
    with pytest.raises(PermissionDenied, match="only read"):
        undo(program, change, seen=show_number(program, credential, within.pk).fingerprint)
    assert within.records.count() == 2


def test_what_was_said_to_registries_is_not_shown(program: User, person: User, credential: Credential) -> None:
    list_numbers(person, credential)
    assert last_exchanges(person)
    assert last_exchanges(program) == []


def test_the_dns_is_asked_about_no_other_number(
    program: User, credential: Credential, within: Number, beyond: Number, configured: Callable[..., None]
) -> None:
    configured(resolvers=["127.0.0.1:9"], dns_timeout=0.2)
    found = dns.look_at_ids(program, credential, [beyond.pk, within.pk])
    assert [row.number.digits for row in found.rows] == [within.digits]


def test_what_a_program_says_is_forgotten_as_what_its_person_says(
    program: User, person: User, credential: Credential
) -> None:
    for _ in range(130):
        connect(program, credential).ping()
    assert access.exchanges(person).filter(command="ping").count() < 100


def test_a_token_that_is_revoked_while_the_registry_is_read_writes_nothing(
    program: User, person: User, credential: Credential, within: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Client.show

    def show_and_revoke(client: Client, number_id: int) -> object:
        found = show(client, number_id)
        tokens.revoke(person, Token.objects.get().pk)
        return found

    monkeypatch.setattr(Client, "show", show_and_revoke)
    with pytest.raises(Http404):
        Writer(program, credential, within.pk).add(DRAFT)
    assert not Change.objects.exists()
    assert within.records.count() == 1


def test_a_token_that_only_reads_writes_nothing(person: User, credential: Credential, within: Number) -> None:
    store.create_record(within, preference=20, service="SIP", hostdata="second@example.org")
    program = acting(person)
    found = show_number(program, credential, within.pk)
    for name in ("add", "update", "delete", "move"):
        with pytest.raises(PermissionDenied, match="only read"):
            ATTACKS[name](Writer(program, credential, within.pk), found.records[0])
    with pytest.raises(PermissionDenied, match="only read"):
        Writer(program, credential, within.pk).delete_all(seen=found.fingerprint, digits=within.digits)
    change = changed(person, credential, within)
    with pytest.raises(PermissionDenied):
        history.settle(program, change)
    assert within.records.count() == 2


def test_a_token_looks_after_nothing_and_nobody(
    person: User, team: Team, credential: Credential, other_member: User
) -> None:
    program = acting(person, scope=Scope.WRITE)
    shared = share(credential, team)
    pk = team.memberships.get(user=other_member).pk
    guest = people.invite(person, team.pk, role=Role.VIEWER, email="", link_of=str)
    tries: list[Callable[[], object]] = [
        lambda: credentials.add_credential(
            program, credential.registry, username="x", password="y", label="z", keep_unproven=True
        ),
        lambda: credentials.change_password(program, credential, "y", keep_unproven=True),
        lambda: credentials.remove_credential(program, credential),
        lambda: people.share_credential(program, credential.pk, team.pk, Role.MANAGER),
        lambda: people.unshare(program, credential.pk, team.pk),
        lambda: people.hand_over(program, credential.pk, other_member.pk),
        lambda: people.make_team(program, "New"),
        lambda: people.rename_team(program, team.pk, "New"),
        lambda: people.delete_team(program, team.pk),
        lambda: people.leave(program, team.pk),
        lambda: people.remove_member(program, team.pk, pk),
        lambda: people.change_role(program, team.pk, pk, Role.VIEWER),
        lambda: people.invite(program, team.pk, role=Role.MANAGER, email="", link_of=str),
        lambda: people.take_back(program, team.pk, guest.invitation.pk),
        lambda: people.join(acting(other_member), guest.link),
        lambda: token_of(program),
    ]
    for attempt in tries:
        with pytest.raises(PermissionDenied):
            attempt()
    shared.refresh_from_db()
    assert Credential.objects.get().user == person
    assert (Team.objects.get().name, team.memberships.count()) == ("Office", 2)


@pytest.fixture
def other_member(team: Team) -> User:
    """Somebody else in the office."""
    return member(team, "edith", Role.EDITOR)


def test_the_secret_is_in_no_log(person: User, caplog: pytest.LogCaptureFixture) -> None:
    _, text = token_of(person)
    with caplog.at_level("DEBUG"):
        tokens.authenticate(f"Bearer {text}", "192.0.2.7")
        for wrong in (text[:-1], text + "x", text.replace("e164", "e165")):
            with pytest.raises(tokens.TokenRefused) as refusal:
                tokens.authenticate(f"Bearer {wrong}", "192.0.2.7")
            assert Written.read(text).secret not in repr(refusal.value) + str(refusal.value)
    assert not re.search(r"e164_\w{12}_\w{40}", caplog.text)


def test_comparing_takes_no_longer_for_a_secret_that_is_nearly_right(person: User) -> None:
    token, text = token_of(person)
    right = Written.read(text)
    near = Written(right.public_id, right.secret[:-1] + ("a" if right.secret[-1] != "a" else "b"))
    far = Written(right.public_id, "0" * 43)
    looks = {"near": (token, near), "far": (token, far), "none": (None, far)}
    taken: dict[str, list[float]] = {kind: [] for kind in looks}
    for _ in range(400):  # in turn, so that what else the machine does falls on all of them
        for kind, look in looks.items():
            began = time.perf_counter()
            assert not is_secret_of(*look)
            taken[kind].append(time.perf_counter() - began)
    medians = [statistics.median(some) for some in taken.values()]
    assert max(medians) < 1.5 * min(medians)
