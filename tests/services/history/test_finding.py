"""Changes are found by what they say, by those who may see them; the index follows whatever happens to them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from dashboard.models import Change, Credential, Role, Team, User, searching
from dashboard.protocol import RecordState
from dashboard.services.history import Wanted, find, page_of, rows
from dashboard.services.history.settling import settled
from dashboard.services.numbers.typed import typed_search
from tests.fixtures_people import share

Make = Callable[..., Change]


@pytest.fixture
def make(person: User, credential: Credential) -> Make:
    """Store a change with Alice's credential."""

    def made(**values: Any) -> Change:
        record = RecordState(id=1, preference=10, service="SIP", hostdata=values.pop("hostdata", "a@example.org"))
        given = {
            "user": person,
            "person": "alice",
            "credential": credential,
            "credential_label": credential.label,
            "command": "new",
            "number_id": 1,
            "number": "442079460958",
            "after": [record],
        }
        return Change.objects.create(**given | values)

    return made


@pytest.fixture(params=["few", "many"], autouse=True)
def how_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a person sees so few that their texts are read, or so many that these are looked up."""
    monkeypatch.setattr(searching, "FEW", 2_000 if request.param == "few" else 1)


def found(person: User, **wanted: Any) -> list[int]:
    return [change.pk for change in page_of(find(person, Wanted(**wanted))).shown]


@pytest.mark.parametrize(
    "text",
    [
        "+44207946",
        "79460",
        "ALICE",
        "embedded",
        "Reason given",
        "given reason",
        "bob@host.example",
        'quo"ted',
        "100%_sure",
        "ünï",
        "SIP",
        "x",
        "41",
        "it's",
        "a OR b",
        "back\\slash",
    ],
)
def test_every_word_is_found_in_whatever_a_change_says(person: User, make: Make, text: str) -> None:
    wanted = make(
        hostdata="bob@host.example", reason="Reason given a OR b", words="quo\"ted 100%_sure ÜNÏ x41 it's back\\slash"
    )
    make(number="12025550100", person="carol", credential_label="other", after=[])

    assert found(person, text=text) == [wanted.pk]


@pytest.mark.parametrize("text", ["100__sure", "a*b", "NEAR(a b)", "-alice", "alice nobody", "z", '"', "rowid:1"])
def test_what_no_change_says_is_not_found(person: User, make: Make, text: str) -> None:
    make(words="100%_sure ab")

    assert found(person, text=text) == []


@pytest.mark.parametrize(
    "typed", ["020 7946 0958", "+44 (0)20 7946", "79460", "8.5.9.0.6.4.9.7.0.2.4.4.e164.arpa", "8.5.9.0."]
)
def test_numbers_are_found_in_any_writing(person: User, make: Make, settings: Any, typed: str) -> None:
    wanted = make()
    make(number="12025550100", hostdata="442079460958@example.org")

    assert found(person, number=typed_search(typed, "e164.arpa")) == [wanted.pk]


def test_services_and_host_data_are_found_where_they_stand(person: User, make: Make) -> None:
    wanted = make(hostdata="sales@pbx.example")
    other = make(words="sip sales pbx", after=[RecordState(id=1, preference=1, service="IAX2", hostdata="sip")])

    assert found(person, host="sales") == [wanted.pk]
    assert found(person, service="sip") == [wanted.pk]
    assert found(person, host="sip", service="iax2") == [other.pk]
    assert found(person, host="a.es") == []


def test_what_is_settled_later_is_found_by_its_words_at_once(person: User, make: Make) -> None:
    change = make(words="before")
    settled(change, change.outcome, "afterwards")  # type: ignore[arg-type]
    assert found(person, text="afterwards") == [change.pk]
    assert found(person, text="before") == []
    change.leave_open("forgotten")
    assert found(person, text="forgotten") == []  # somebody else has settled it
    Change.objects.update(settled_at=None)
    change.leave_open("remembered")
    assert found(person, text="remembered") == [change.pk]
    change.delete()
    assert found(person, text="remembered") == []


def test_only_who_may_see_a_change_finds_it(
    person: User, stranger: User, viewer: User, team: Team, credential: Credential, make: Make
) -> None:
    change = make(words="secret words")
    assert found(stranger, text="secret words") == found(viewer, text="secret words") == []
    shared = share(credential, team, Role.VIEWER)
    assert found(viewer, text="secret words") == [change.pk]
    shared.delete()
    assert found(viewer, text="secret words") == []
    credential.delete()
    assert found(person, text="secret words") == [change.pk]
    assert found(stranger, text="secret words") == []


def test_a_file_has_all_of_them_oldest_first(person: User, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.services.exporting.CHUNK", 3)
    made = [make(words="wanted").pk for _ in range(8)]
    make(words="other")

    assert [row[0] for row in rows(find(person, Wanted(text="wanted")))] == made
    assert len(list(rows(find(person, Wanted())))) == 9


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_empties_the_index(person: User, make: Make) -> None:
    make(words="a word that stays nowhere")
    call_command("flush", interactive=False, verbosity=0)

    if connection.vendor == "sqlite":
        assert not searching.ChangeText.objects.filter(text__matches='"now"').exists()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO dashboard_change_text (dashboard_change_text) VALUES ('integrity-check')")
    assert not Change.objects.exists()
