"""The page of the audit trail: who sees what of it, what it can be searched for, and its files."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import AuditEvent, Credential, Role, Team, User
from dashboard.services import audit
from tests.fixtures_audit import last, tamper
from tests.fixtures_people import member, share
from tests.web.views.pages import elements_of, errors_of, form_to, text_of

pytestmark = pytest.mark.usefixtures("trail")

ADDRESS, EXPORT = "/audit/", "/audit/export/"


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def admin(trail: None, admin_user: User) -> Browser:
    """An administrator's browser."""
    return signed_in(admin_user)


@pytest.fixture
def happened(person: User, stranger: User, team: Team, credential: Credential) -> None:
    """Something in Alice's team, something elsewhere, and something with a credential."""
    with audit.asked_from("192.0.2.7"):
        audit.note("team.member.role", by=person, about=stranger, team=team, words="of the office")
    audit.note("password.changed", by=stranger, words="of mallory")
    audit.note("credential.password", by=person, credential=credential, words="of the credential")
    audit.note("team.made", by=stranger, team=Team.objects.create(name="Elsewhere"), words="of the others")


def words_on(page: Any) -> set[str]:
    """Which of what happened a page shows."""
    return set(re.findall(r"of (?:the )?(office|mallory|credential|others)\b", text_of(page)))


def file_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_an_administrator_sees_everything(admin: Browser, happened: None) -> None:
    page = admin.get(ADDRESS)
    assert words_on(page) == {"office", "mallory", "credential", "others"}
    said = text_of(page)
    for words in ("192.0.2.7", "shell", "alice", "mallory", "team Office", "credential Embedded", "Password changed"):
        assert words in said


def test_a_manager_sees_what_happened_in_their_team_and_with_what_it_shares_now(
    happened: None, team: Team, credential: Credential
) -> None:
    browser = signed_in(member(team, "mona", Role.MANAGER))
    assert words_on(browser.get(ADDRESS)) == {"office"}
    shared = share(credential, team, Role.VIEWER)
    audit.note(
        "credential.shared", by=None, credential=credential, team=Team.objects.get(name="Elsewhere"), words="of x"
    )
    assert words_on(browser.get(ADDRESS)) == {"office", "credential"}  # and nothing of the other team
    shared.delete()
    assert words_on(browser.get(ADDRESS)) == {"office"}


def test_whoever_manages_nothing_finds_no_such_page_and_no_way_to_it(
    happened: None, viewer: User, editor: User, stranger: User
) -> None:
    for each in (viewer, editor, stranger):
        browser = signed_in(each)
        assert browser.get(ADDRESS).status_code == 404
        assert browser.post(EXPORT, {"format": "csv"}).status_code == 404
        assert ADDRESS not in {link.get("href") for link in elements_of(browser.get("/credentials/"), "a")}
    assert last().event == "sign-in"  # and no export


def test_a_manager_who_is_one_no_longer_sees_nothing_at_once(happened: None, team: Team, manager: User) -> None:
    browser = signed_in(manager)
    assert browser.get(ADDRESS).status_code == 200
    manager.memberships.update(role=Role.EDITOR)
    assert browser.get(ADDRESS).status_code == 404


def test_the_exact_time_in_utc_is_at_hand(admin: Browser, happened: None, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    event = AuditEvent.objects.get(words="of the office")
    exact = f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
    assert exact in [given.get("title") for given in elements_of(admin.get(ADDRESS), "time")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "ALI"}, {"office", "credential"}),
        ({"who": "mallory"}, {"office", "mallory", "others"}),
        ({"event": "password.changed"}, {"mallory"}),
        ({"team": "Office"}, {"office"}),
        ({"who": "mallory", "team": "Office"}, {"office"}),
        ({"who": "nobody"}, set()),
        ({"since": "2001-02-03", "until": "2001-02-03"}, {"others"}),
        ({"since": "2001-02-04"}, {"office", "mallory", "credential"}),
        ({"until": "2001-02-02"}, set()),
    ],
)
def test_events_are_found(admin: Browser, happened: None, asked: dict[str, str], found: set[str]) -> None:
    tamper("UPDATE dashboard_auditevent SET at = '2001-02-03 23:59:59.5' WHERE words = 'of the others'")
    if "team" in asked:
        asked = asked | {"team": str(Team.objects.get(name=asked["team"]).pk)}
    assert words_on(admin.get(ADDRESS, asked)) == found


def test_a_manager_can_choose_their_own_teams_only(happened: None, manager: User) -> None:
    elsewhere = Team.objects.get(name="Elsewhere")
    browser = signed_in(manager)
    page = browser.get(ADDRESS, {"team": elsewhere.pk})
    assert page.status_code == 422
    assert words_on(page) == set()
    assert "Elsewhere" not in text_of(page)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"since": "tomorrow"}, "Enter a valid date."),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "This must not be before the day under “From”."),
        ({"event": "nothing"}, "Select a valid choice. nothing is not one of the available choices."),
        ({"since": "0001-01-01"}, "Ensure this value is greater than or equal to 2000-01-01."),
        ({"until": "9999-12-31"}, "Ensure this value is less than or equal to 2999-12-31."),
        ({"who": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_looked_for_is_said_at_its_field(admin: Browser, asked: dict[str, str], error: str) -> None:
    page = admin.get(ADDRESS, asked)
    assert page.status_code == 422
    assert error in errors_of(page)


def test_pages_keep_what_is_looked_for(admin: Browser) -> None:
    for number in range(60):
        audit.note("password.changed", by=None, words=f"no. {number}")
    page = admin.get(ADDRESS, {"event": "password.changed"})
    assert "no. 59" in text_of(page)
    assert "no. 9 " not in text_of(page)
    (older,) = {link["href"] for link in elements_of(page, "a") if link.get("rel") == "next"}
    assert "no. 9 " in text_of(admin.get(f"{ADDRESS}{older}"))


def test_a_file_has_what_the_page_shows_and_is_noted(admin: Browser, happened: None) -> None:
    page = admin.get(ADDRESS, {"who": "mallory"})
    form = form_to(page, EXPORT)
    answer = form.submit(admin, format="csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(file_of(answer))))
    assert [row["words"] for row in rows] == ["of the office", "of mallory", "of the others"]
    assert (last().event, last().by_name, last().words) == ("export.audit", "admin", "csv: who mallory")


def test_a_manager_takes_their_own_only(happened: None, manager: User) -> None:
    answer = signed_in(manager).post(EXPORT, {"format": "jsonl"})
    assert [json.loads(line)["words"] for line in file_of(answer).splitlines()] == ["of the office"]
    assert last().words == "jsonl"


def test_a_format_that_there_is_not_is_refused(admin: Browser) -> None:
    assert admin.post(EXPORT, {"format": "xls"}).status_code == 400
    assert admin.get(EXPORT).status_code == 405


def test_words_of_a_stranger_are_text(admin: Browser) -> None:
    audit.note("sign-in.failed", by=None, words="<script>alert(1)</script>")
    page = admin.get(ADDRESS)
    assert "<script>alert(1)</script>" in text_of(page)
    assert "<script>alert" not in page.content.decode()


def test_an_empty_trail_says_so(manager: User, team: Team) -> None:
    assert "No events yet" in text_of(signed_in(manager).get(ADDRESS))
