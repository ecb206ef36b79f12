"""A person's own settings: language, time zone, colours and notices."""

import dataclasses
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Credential, User
from dashboard.platform import time_zones
from dashboard.web.forms.person import SettingsForm
from tests.web.views.pages import elements_of, form_to, notices_of, text_of

PAGE = "/settings/"
CHOSEN = {"language": "de", "time_zone": "Asia/Tokyo", "theme": "dark"}
NEW_YEAR = datetime(2026, 1, 1, 2, 3, 4, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 22, 3, 4, tzinfo=UTC)


@pytest.fixture
def change(person: User, credential: Credential) -> Change:
    """One in the history, made at NEW_YEAR."""
    made = Change.objects.create(
        user=person,
        person="alice",
        credential=credential,
        credential_label="Embedded",
        registry_name="This registry",
        number_id=1,
        number="4415550123",
        command="new",
        submission=uuid.uuid4(),
        outcome="applied",
    )
    Change.objects.update(created_at=NEW_YEAR)
    return made


def time_on(page: Any) -> tuple[str, str, str]:
    """The one time of a page: what is shown, what is said on hover, and what programs read."""
    (found,) = re.findall(r'<time datetime="(.*?)"\s+title="(.*?)">(.*?)</time>', page.content.decode())
    return found[2], found[1], found[0]


def test_settings_are_in_the_menu_and_say_what_counts_now(alice: Browser) -> None:
    assert PAGE in [link["href"] for link in elements_of(alice.get("/history/"), "a")]
    form = form_to(alice.get(PAGE), "")
    assert form.fields["language"] == form.fields["time_zone"] == "browser"


def test_what_is_chosen_is_kept_and_confirmed_in_the_language_that_was_chosen(alice: Browser, person: User) -> None:
    answer = alice.post(PAGE, CHOSEN, follow=True)

    person.refresh_from_db()
    assert {name: getattr(person, name) for name in CHOSEN} == CHOSEN
    assert answer.headers["Content-Language"] == "de"
    assert len(notices_of(answer)) == 1
    (root,) = elements_of(answer, "html")
    assert (root["lang"], root["data-theme"]) == ("de", "dark")


def test_only_what_the_form_asks_is_written(alice: Browser, person: User) -> None:
    # Another browser changes the password while this one saves; and nobody makes themselves an administrator.
    before = person.password
    form = alice.get(PAGE)
    User.objects.update(first_name="Alice")
    alice.post(
        PAGE, {**form_to(form, "").fields, "theme": "light", "is_staff": "on", "password": "x", "username": "y"}
    )

    person.refresh_from_db()
    assert (person.theme, person.first_name, person.password) == ("light", "Alice", before)
    assert (person.username, person.is_staff) == ("alice", False)


def test_saving_leaves_what_changed_elsewhere_meanwhile(person: User) -> None:
    stale = User.objects.get(pk=person.pk)
    person.set_password("another long password")
    person.save()
    form = SettingsForm(CHOSEN, instance=stale)
    assert form.is_valid()
    form.save()

    assert User.objects.get(pk=person.pk).check_password("another long password")


@pytest.mark.parametrize("field", CHOSEN)
@pytest.mark.parametrize("value", ["", "klingon", "../../etc/passwd", "Europe/Berlin\0", "x" * 10_000, "\u202e"])
def test_what_is_not_offered_is_refused_and_names_the_field(
    alice: Browser, person: User, field: str, value: str
) -> None:
    answer = alice.post(PAGE, {**CHOSEN, field: value})

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    person.refresh_from_db()
    assert (person.language, person.time_zone, person.theme) == ("browser", "browser", "")


def test_notices_are_asked_for_only_where_mail_is_sent(alice: Browser, person: User, settings: Any) -> None:
    assert "email_notices" not in alice.get(PAGE).content.decode()
    alice.post(PAGE, CHOSEN)
    person.refresh_from_db()
    assert person.email_notices

    settings.E164WEB = dataclasses.replace(settings.E164WEB, mail_server={"EMAIL_HOST": "mail.example.org"})
    assert "email_notices" in alice.get(PAGE).content.decode()
    alice.post(PAGE, CHOSEN)
    person.refresh_from_db()
    assert not person.email_notices


def test_all_places_are_offered_by_area(alice: Browser) -> None:
    said = alice.get(PAGE).content.decode()
    assert [each["label"] for each in elements_of(alice.get(PAGE), "optgroup")] == [
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic Ocean", "Australia", "Europe", "Indian Ocean",
        "Pacific Ocean",
    ]  # fmt: skip
    assert '<option value="America/Argentina/Buenos_Aires">Argentina / Buenos Aires</option>' in said
    assert "US/Eastern" not in said


def test_the_switch_in_the_header_tells_the_settings(careful: Browser, person: User) -> None:
    form = form_to(careful.get("/history/"), "/settings/theme/")
    assert form.submit(careful, theme="dark").status_code == 204
    person.refresh_from_db()
    assert person.theme == "dark"
    assert form_to(careful.get(PAGE), "").fields["theme"] == "dark"

    assert form.submit(careful, theme="pink").status_code == 422
    assert careful.post("/settings/theme/", {"theme": "light"}).status_code == 403  # forged
    person.refresh_from_db()
    assert person.theme == "dark"


def test_who_has_not_signed_in_has_the_switch_alone(anonymous: Browser) -> None:
    said = anonymous.get("/accounts/login/")
    assert "data-theme-switch" in said.content.decode()
    assert "/settings/theme/" not in said.content.decode()


def test_times_are_in_the_persons_zone_with_utc_on_hover(alice: Browser, person: User, change: Change) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    assert time_on(alice.get("/history/")) == (
        "Jan 1, 2026, 11:03:04 AM", "2026-01-01 02:03:04 UTC", "2026-01-01T02:03:04Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("de", "02.07.2026, 00:03:04"),
        ("fr", "2 juil. 2026, 00:03:04"),
        ("es", "2 jul 2026, 0:03:04"),
        ("en", "Jul 2, 2026, 12:03:04 AM"),
    ],
)
def test_times_are_written_as_the_language_writes_them(
    alice: Browser, change: Change, language: str, shown: str
) -> None:
    User.objects.update(time_zone="Europe/Berlin", language=language)
    Change.objects.update(created_at=SUMMER)
    assert time_on(alice.get("/history/"))[:2] == (shown, "2026-07-01 22:03:04 UTC")


def test_the_browsers_zone_counts_until_one_is_chosen(alice: Browser, change: Change) -> None:
    assert time_on(alice.get("/history/"))[0] == "Jan 1, 2026, 2:03:04 AM"
    alice.cookies["e164web_time_zone"] = "America/New_York"
    assert time_on(alice.get("/history/"))[0] == "Dec 31, 2025, 9:03:04 PM"
    User.objects.update(time_zone="UTC")
    assert time_on(alice.get("/history/"))[0] == "Jan 1, 2026, 2:03:04 AM"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Nowhere/Else",
        "../../../etc/passwd",
        "/etc/localtime",
        "Europe",
        "posixrules",
        "\x00",
        "é" * 50,
        "x" * 4_000,
    ],
)
def test_a_zone_that_does_not_exist_counts_as_none(alice: Browser, change: Change, value: str) -> None:
    User.objects.update(time_zone=value[:64].replace("\0", "0"))  # of a machine that knew more zones
    page = alice.get(
        "/history/", HTTP_COOKIE=f"sessionid={alice.cookies['sessionid'].value}; e164web_time_zone={value}"
    )
    assert page.status_code == 200
    assert time_on(page)[0] == "Jan 1, 2026, 2:03:04 AM"


def test_one_persons_zone_is_not_the_next_ones(alice: Browser, person: User, change: Change, settings: Any) -> None:
    User.objects.update(time_zone="Asia/Tokyo", language="de")
    assert "11:03:04" in time_on(alice.get("/history/"))[0]
    User.objects.update(time_zone="browser", language="browser")
    assert time_on(alice.get("/history/"))[0] == "Jan 1, 2026, 2:03:04 AM"


def test_a_language_that_is_no_longer_offered_counts_as_the_browsers(alice: Browser) -> None:
    User.objects.update(language="tlh")
    assert alice.get(PAGE, headers={"accept-language": "fr"}).headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9", "de"),
        ("es-419", "es"),
        ("it, fr;q=0.5", "fr"),
        ("*", "en"),
        ("xx" * 9_000, "en"),
        ("de;q=" + "9" * 400, "en"),
        ("-,;q=,\xff", "en"),
    ],
)
def test_the_browser_chooses_for_who_has_not_signed_in(anonymous: Browser, header: str, language: str) -> None:
    page = anonymous.get("/accounts/login/", headers={"accept-language": header})
    assert page.status_code == 200
    assert page.headers["Content-Language"] == language
    assert "Accept-Language" in page.headers["Vary"]


def test_a_person_is_answered_in_the_chosen_language_whatever_the_browser_asks_for(alice: Browser) -> None:
    User.objects.update(language="es")
    page = alice.get("/nowhere/", headers={"accept-language": "de"})
    assert page.status_code == 404
    assert elements_of(page, "html")[0]["lang"] == "es"


def test_a_refusal_before_anybody_is_known_speaks_the_browsers_language(alice: Browser, settings: Any) -> None:
    # The same thread answered a German before.
    User.objects.update(language="de")
    assert alice.get(PAGE).headers["Content-Language"] == "de"
    refused = Browser().get(PAGE, headers={"host": "evil.example", "accept-language": "fr"})
    assert refused.status_code == 400
    assert elements_of(refused, "html")[0]["lang"] == "fr"


def test_a_page_that_broke_speaks_the_chosen_language(alice: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object) -> None:
        raise ZeroDivisionError

    User.objects.update(language="fr")
    monkeypatch.setattr("dashboard.web.forms.history.HistoryForm.chosen", breaks)
    alice.raise_request_exception = False
    broken = alice.get("/history/")
    assert broken.status_code == 500
    assert elements_of(broken, "html")[0]["lang"] == "fr"


def test_language_and_zone_cost_no_query(alice: Browser, django_assert_num_queries: Any) -> None:
    User.objects.update(time_zone="Asia/Tokyo", language="de")
    with django_assert_num_queries(2):  # the session, and the person
        alice.get(PAGE)


def test_the_chosen_zone_is_one_that_python_finds() -> None:
    names = [name for _area, names in time_zones.places() for name in names]
    assert len(names) > 400
    assert all(time_zones.find(name) is not None for name in names)


def test_who_has_not_signed_in_is_asked_to(anonymous: Browser) -> None:
    assert anonymous.get(PAGE).status_code == 302
    assert anonymous.post("/settings/theme/", {"theme": "dark"}).status_code == 302


def test_the_page_says_whom_it_concerns(alice: Browser) -> None:
    assert "Nobody else is affected" in text_of(alice.get(PAGE))
