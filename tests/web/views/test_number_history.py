"""A number over time: the page of its line, and putting it back as it was then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Role, Team, User
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint, show_number
from dashboard.services.records import Writer
from tests.fixtures_people import share
from tests.services.undo.history import History, record
from tests.web.views.far import Far
from tests.web.views.pages import Form, elements_of, form_to, notices_of, text_of

FIRST, SECOND = "5550100.0@sip.example.org", "5550100.1@sip.example.org"


@pytest.fixture
def line(far: Far) -> str:
    """The address of the number's line."""
    return f"{far.address}history/"


@pytest.fixture
def day(person: User, far: Far) -> list[Change]:
    """A day on which the first record was changed, and then all were deleted."""
    writer = Writer(person, far.credential, far.number)
    shown = show_number(person, far.credential, far.number).records
    draft = RecordData(preference=10, service="SIP", hostdata="noon@example.org")
    made = [writer.update(shown[0].id, draft, seen=fingerprint(shown[:1]))]
    now = show_number(person, far.credential, far.number)
    return [*made, writer.delete_all(seen=now.fingerprint, digits=far.digits)]


@pytest.fixture
def put_back(alice: Browser, far: Far) -> Callable[[str], Form]:
    """The form that puts the number back as it was at a moment."""

    def put_back_(moment: str) -> Form:
        address = f"{far.address}restore/"
        form = form_to(alice.get(f"{address}?at={moment}"), address)
        assert form.fields["at"] == moment
        return form

    return put_back_


def links(page: Any) -> list[str]:
    return [given.get("href", "") for given in elements_of(page, "a")]


# --- the line -----------------------------------------------------------------------------------------------------


def test_the_line_tells_what_happened_newest_first(alice: Browser, line: str, day: list[Change]) -> None:
    page = alice.get(line)
    said = text_of(page)

    assert page.status_code == 200
    assert said.index("Now") < said.index("Delete all") < said.index("Before all that is known")
    assert "noon@example.org" in said
    assert said.count("No telephone system can call this number") == 2
    assert [f"?at={change.pk}" for change in reversed(day)] == [
        link.removeprefix(line) for link in links(page) if link.startswith(f"{line}?at=") and "before" not in link
    ]


def test_a_number_without_a_history_says_so(alice: Browser, line: str) -> None:
    assert "No change of this number is known yet." in text_of(alice.get(line))


def test_a_moment_shows_what_the_number_had_and_what_became_of_it(
    alice: Browser, far: Far, line: str, day: list[Change]
) -> None:
    page = alice.get(f"{line}?at={day[0].pk}")
    said = text_of(page).partition("Its line of states")[0]

    assert "noon@example.org" in said
    assert SECOND in said
    assert FIRST not in said
    assert said.count("deleted") == 2
    assert f"{far.address}restore/?at={day[0].pk}" in links(page)


def test_two_moments_are_compared(alice: Browser, line: str, day: list[Change]) -> None:
    said = text_of(alice.get(f"{line}?from=before-{day[0].pk}&at={day[0].pk}")).partition("Its line of states")[0]

    assert "Two moments" in said
    assert "changed" in said
    assert "the same" in said
    assert "deleted" not in said


def test_from_a_moment_alone_is_until_now(alice: Browser, line: str, day: list[Change]) -> None:
    assert "Nothing differs." in text_of(alice.get(f"{line}?from={day[1].pk}"))


def test_the_choice_of_two_moments_is_a_form_that_needs_no_script(
    alice: Browser, line: str, day: list[Change]
) -> None:
    page = alice.get(f"{line}?from=before-{day[0].pk}&at={day[1].pk}")
    chosen = [given for given in elements_of(page, "input") if given.get("type") == "radio" and "checked" in given]

    assert [(given["name"], given["value"], given["form"]) for given in chosen] == [
        ("at", str(day[1].pk), "compare"),
        ("from", f"before-{day[0].pk}", "compare"),
    ]


@pytest.mark.parametrize("query", ["at=0", "at=x", "from=0", "at=1&from=before-", "at=99999999999999999999"])
def test_what_names_no_moment_is_nowhere(alice: Browser, line: str, day: list[Change], query: str) -> None:
    assert alice.get(f"{line}?{query}").status_code == 404


def test_a_change_of_another_number_is_no_moment_of_this_one(
    alice: Browser, far: Far, line: str, day: list[Change]
) -> None:
    other = History(far.credential, far.registry.number_ids[1]).change([], [record(9, "other@example.org")])

    assert alice.get(f"{line}?at={other.pk}").status_code == 404
    assert alice.get(f"{far.address}restore/?at={other.pk}").status_code == 404


def test_what_changed_elsewhere_has_the_time_of_two_looks_and_no_person(alice: Browser, far: Far, line: str) -> None:
    alice.get(far.address)
    far.add(30, "robot@example.org")
    said = text_of(alice.get(line))

    assert "Changed elsewhere" in said
    assert "between two looks:" in said
    assert "robot@example.org" in said


def test_a_change_that_was_refused_says_what_it_was_to_do(alice: Browser, far: Far, line: str) -> None:
    far.registry.fault("update", "bad", error="Not today.")
    far.form(alice).submit(alice, hostdata="never@example.org")
    said = text_of(alice.get(line))

    assert "This was to be done:" in said
    assert "never@example.org" in said
    assert "Not today." in said


def test_a_gap_is_explained(alice: Browser, far: Far, line: str) -> None:
    old = History(far.credential, far.number).change([record(1, "a@example.org")], [], is_whole=False)
    page = alice.get(line)

    assert "Version 0.1 kept only the one record of this change" in text_of(page)
    assert f"{line}?at={old.pk}" not in links(page)


def test_the_line_is_there_while_the_registry_is_not(alice: Browser, far: Far, line: str, day: list[Change]) -> None:
    far.registry.fault("show", "html")
    page = alice.get(f"{line}?at={day[0].pk}")

    assert page.status_code == 200
    assert "the registry could not be asked how it is now" in notices_of(page)[0]
    assert "noon@example.org" in text_of(page)


def test_a_long_line_has_pages(alice: Browser, far: Far, line: str) -> None:
    history = History(far.credential, far.number)
    for number in range(60):
        history.change([record(1, f"{number}@example.org")], [record(1, f"{number + 1}@example.org")])
    page = alice.get(f"{line}?page=3")

    assert "51–60 of 60" in text_of(page).replace(" – ", "–")
    assert "Before all that is known" in text_of(page)


def test_of_hundreds_of_records_the_line_shows_some_and_says_how_many_more(
    alice: Browser, far: Far, line: str
) -> None:
    many = [record(place, f"{place:03}@example.org", place) for place in range(1, 101)]
    change = History(far.credential, far.number).change(many, [], command="deleteall")
    said = text_of(alice.get(line))

    assert "and 80 more" in said
    assert "100 records" in said
    assert text_of(alice.get(f"{line}?at=before-{change.pk}")).count("@example.org preference") >= 200


def test_who_only_looks_sees_the_line_and_no_way_to_change_anything(
    viewer: User, team: Team, browser_of: Callable[[User], Browser], far: Far, line: str, day: list[Change]
) -> None:
    share(far.credential, team, Role.VIEWER)
    looks = browser_of(viewer)
    page = looks.get(f"{line}?at={day[0].pk}")

    assert "noon@example.org" in text_of(page)
    assert not [link for link in links(page) if "undo" in link or "restore" in link]
    assert looks.get(f"{far.address}restore/?at={day[0].pk}").status_code == 403
    assert looks.post(f"{far.address}restore/", {"at": day[0].pk}).status_code == 403


def test_it_is_nowhere_for_a_stranger(mallory: Browser, far: Far, line: str, day: list[Change]) -> None:
    assert mallory.get(line).status_code == 404
    assert mallory.get(f"{far.address}restore/?at={day[0].pk}").status_code == 404
    assert mallory.post(f"{far.address}restore/", {"at": day[0].pk}).status_code == 404


def test_pages_lead_to_it(alice: Browser, far: Far, line: str, day: list[Change]) -> None:
    assert line in links(alice.get(far.address))
    assert f"{line}?at={day[0].pk}" in links(alice.get("/history/"))


# --- put back as it was then --------------------------------------------------------------------------------------


def test_the_page_shows_each_command_and_sends_nothing(alice: Browser, far: Far, day: list[Change]) -> None:
    said = text_of(alice.get(f"{far.address}restore/?at=before-{day[0].pk}"))

    assert "2 commands are sent" in said
    assert FIRST in said
    assert "Who can call now No telephone system can call this number" in said
    assert far.writes() == ["update", "deleteall"]


def test_a_number_is_put_back(alice: Browser, far: Far, day: list[Change], put_back: Callable[[str], Form]) -> None:
    answer = put_back(f"before-{day[0].pk}").submit(alice, reason="the old PBX is back")
    page = alice.get(far.address)

    assert answer["Location"] == far.address
    assert notices_of(page)[0] == "The number was put back as it was then. Undo"
    assert sorted(far.hostdata()) == [FIRST, SECOND]
    assert "the old PBX is back" in text_of(alice.get(f"{far.address}history/"))


def test_what_is_so_already_says_so_and_sends_nothing(alice: Browser, far: Far, day: list[Change]) -> None:
    page = alice.get(f"{far.address}restore/?at={day[1].pk}")

    assert "so there is nothing to send" in notices_of(page)[0]
    assert far.writes() == ["update", "deleteall"]


def test_a_conflict_gives_a_new_preview_that_says_so(
    alice: Browser, far: Far, day: list[Change], put_back: Callable[[str], Form]
) -> None:
    form = put_back(f"before-{day[0].pk}")
    far.add(70, "meanwhile@example.org")
    page = form.submit(alice)

    assert page.status_code == 409
    assert "nothing was sent" in notices_of(page)[0]
    assert "meanwhile@example.org" in text_of(page)
    assert far.writes() == ["update", "deleteall"]
    form_to(page, f"{far.address}restore/").submit(alice)
    assert sorted(far.hostdata()) == [FIRST, SECOND]


def test_a_part_that_fails_is_explained_and_can_be_continued_or_taken_back(
    alice: Browser, far: Far, day: list[Change], put_back: Callable[[str], Form]
) -> None:
    far.registry.fault("new", "bad", times=1, skip=1, error="Not now.")
    page = put_back(f"before-{day[0].pk}").submit(alice)

    assert page.status_code == 422
    assert "Not now." in notices_of(page)[0]
    assert "1 command is sent" in text_of(page)
    said = text_of(alice.get(f"{far.address}history/"))
    assert "2 commands together refused" in said
    assert "Not now." in said
    undo = next(link for link in links(alice.get(f"{far.address}history/")) if link.endswith("/undo/"))
    assert "1 command is sent" in text_of(alice.get(undo))
    form_to(page, f"{far.address}restore/").submit(alice)
    assert sorted(far.hostdata()) == [FIRST, SECOND]


def test_the_second_of_two_clicks_sees_what_is_left(
    alice: Browser, far: Far, day: list[Change], put_back: Callable[[str], Form]
) -> None:
    form = put_back(f"before-{day[0].pk}")
    form.submit(alice)
    again = form.submit(alice)
    page = alice.get(again["Location"])

    assert any("sent before" in said for said in notices_of(page))
    assert any("nothing to send" in said for said in notices_of(page))
    assert len(far.records) == 2


def test_what_nobody_knows_cannot_be_put_back(alice: Browser, far: Far) -> None:
    old = History(far.credential, far.number).change([record(1, "a@example.org")], [], is_whole=False)
    answer = alice.get(f"{far.address}restore/?at={old.pk}", follow=True)

    assert "It is not known what the number had then" in notices_of(answer)[0]


def test_without_a_moment_there_is_nothing_to_put_back(alice: Browser, far: Far, day: list[Change]) -> None:
    for answer in (alice.get(f"{far.address}restore/"), alice.post(f"{far.address}restore/")):
        assert answer["Location"] == f"{far.address}history/"
    assert notices_of(alice.get(f"{far.address}history/"))[0].startswith("Choose the moment")
    assert far.writes() == ["update", "deleteall"]


def test_a_form_that_is_incomplete_sends_nothing(alice: Browser, far: Far, day: list[Change]) -> None:
    page = alice.post(f"{far.address}restore/", {"at": day[0].pk})

    assert page.status_code == 422
    assert "This form is incomplete." in text_of(page)
    assert far.writes() == ["update", "deleteall"]
