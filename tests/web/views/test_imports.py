"""The pages of imports and exports."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from dashboard.models import Credential, Import, Job, Role, Team, User
from dashboard.services.background.tasks import run_waiting
from tests.fixtures_people import share
from tests.services.transfer.conftest import mirrored, sip

ONE, TWO = "442079460148", "442079460149"
TABLE = f"Number,Host data,Service\n+{ONE},new@example.org,SIP\n4.42079E+11,b@example.org,SIP\n"


def sent(browser: Browser, credential: Credential, **more: Any) -> Any:
    """The answer to the form."""
    values = {"credential": credential.pk, "mode": "replace", "others": "leave", **more}
    return browser.post("/import/", values)


def file(text: str | bytes, name: str = "numbers.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def columns(page: Any, **more: Any) -> dict[str, Any]:
    """What the form about columns would send as it stands."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {
        name: value
        for name, value in (fields | more).items()
        if value is not None and value is not False and value != ""
    }


def test_a_file_becomes_the_preview_of_a_job(alice: Browser, credential: Credential) -> None:
    mirrored(credential, ONE, [sip(1, "old@example.org")])

    answer: Any = sent(alice, credential, file=file(TABLE, "../../numbers.csv"))
    kept = Import.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/import/{kept.pk}/")
    assert kept.name == "numbers.csv"
    page = alice.get(answer.url)
    assert page.context["form"]["hostdata"].value() == 1
    assert f"+{ONE}" in page.content.decode()

    answer = alice.post(answer.url, columns(page))
    job = Job.objects.get()
    assert answer.url == f"/bulk/{job.pk}/"
    run_waiting()

    assert "A spreadsheet made “4.42079E+11” of the number" in alice.get(answer.url).content.decode()
    problems = alice.get(f"/import/{kept.pk}/").content.decode()
    assert "2 records were read; lines with problems: 1." in problems
    assert "A spreadsheet made “4.42079E+11” of the number" in problems


def test_what_is_no_table_needs_no_columns(alice: Browser, credential: Credential) -> None:
    mirrored(credential, ONE)

    answer = sent(alice, credential, text=f'{{"number": "+{ONE}", "records": []}}')

    assert answer.url == f"/bulk/{Job.objects.get().pk}/"


def test_a_table_can_be_read_in_another_way(alice: Browser, credential: Credential) -> None:
    address = sent(alice, credential, text=f"+{ONE}|x\n").url
    page = alice.get(address)

    again = alice.post(address, columns(page, delimiter=";", again="1") | {"has_header": ""})
    assert again.status_code == 200
    assert again.context["form"]["delimiter"].value() == ";"
    wrong = alice.post(address, columns(page))
    assert wrong.status_code == 422
    assert "Choose the column that holds the numbers." in wrong.content.decode()
    twice = alice.post(address, columns(page, number="0", hostdata="0"))
    assert "A column can be one of these only." in twice.content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a file, paste a text or name a server."),
        ({"text": "a", "server": "192.0.2.1", "zone": "x"}, "There is a text already"),
        ({"server": "192.0.2.1"}, "Enter the zone"),
        ({"server": "!"}, "is no name server"),
        ({"server": "192.0.2.1", "zone": "x", "key_name": "a", "key_password": "?"}, "not written in base64"),
        ({"server": "127.0.0.1", "zone": "x"}, "has no public address"),
        ({"server": "[::ffff:10.0.0.1]:53", "zone": "x"}, "has no public address"),
        ({"server": "localhost", "zone": "x"}, "has no public address"),
        ({"text": "x" * 70_000}, "Line 1 has more than"),
    ],
)
def test_what_cannot_be_read_says_why_and_keeps_what_was_typed(
    alice: Browser, credential: Credential, given: dict[str, str], words: str
) -> None:
    answer = sent(alice, credential, reason="because", **given)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert "because" in answer.content.decode()
    assert not given.get("key_password") or given["key_password"] not in answer.content.decode().split('"')
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused(
    alice: Browser, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.transfer.keeping.MEGABYTE", 1_000)

    answer = sent(alice, credential, file=file("x" * 100_000))

    assert (answer.status_code, "larger than 20 MB" in answer.content.decode()) == (422, True)


def test_raw_records_are_offered_to_administrators_of_the_registry_inside_alone(
    alice: Browser, person: User, credential: Credential, remote: Credential
) -> None:
    assert 'value="raw"' not in alice.get("/import/").content.decode()
    forged = sent(alice, credential, text="x", format="zone", others="raw")
    assert (forged.status_code, "Only administrators who may add raw" in forged.content.decode()) == (422, True)

    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    assert 'value="raw"' in alice.get("/import/").content.decode()
    elsewhere = sent(alice, remote, text="x", format="zone", others="raw")
    assert "“Elsewhere” keeps no raw records" in elsewhere.content.decode()
    assert not Import.objects.exists()
    mirrored(credential, "442079*")
    zone = '*.9.7.0.2.4.4.e164.arpa. NAPTR 100 10 "u" "E2U+sip" "!^(.*)$!sip:\\\\1@pbx.example.org!" .\n'
    address = sent(alice, credential, text=zone, format="zone", others="raw").url
    run_waiting()
    page = alice.get(address).content.decode()
    assert "Raw record that comes:" in page
    assert "sip:\\\\1@pbx.example.org" in page


def test_no_other_form_takes_a_file(alice: Browser, mallory: Browser, credential: Credential) -> None:
    for browser, address in ((alice, "/credentials/add/"), (alice, "/settings/"), (Browser(), "/accounts/login/")):
        assert browser.post(address, {"file": io.BytesIO(b"x")}).status_code == 400
    assert Browser().post("/import/", {"file": io.BytesIO(b"x")}).status_code == 302  # to the sign-in
    assert mallory.post("/import/", {"file": io.BytesIO(b"x")}).status_code == 403


def test_the_form_has_its_token(person: User, credential: Credential) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(person)

    assert sent(browser, credential, text="number\n").status_code == 403


def test_only_who_may_change_records_imports_and_only_ones_own(
    alice: Browser, credential: Credential, team: Team, viewer: User, editor: User, browser_of: Any
) -> None:
    share(credential, team, Role.MANAGER)
    own = sent(alice, credential, text="number\n").url

    assert browser_of(viewer).get("/import/").status_code == 403
    assert browser_of(editor).get(own).status_code == 404
    assert sent(browser_of(editor), credential, text="number\n").status_code == 302


def test_an_export_is_a_file_of_what_the_search_finds(
    alice: Browser, mallory: Browser, credential: Credential
) -> None:
    mirrored(credential, ONE, [sip(1, "a@example.org")])
    mirrored(credential, TWO, [sip(2, "b@example.org")])

    query: dict[str, Any] = {"q": f"+{ONE}", "format": "csv", "credential": credential.pk}
    answer = alice.get("/export/", query)

    assert b"".join(answer.streaming_content).decode().count("\r\n") == 2  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].endswith('.csv"')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "vCard" in alice.get(f"/export/?credential={credential.pk}").content.decode()
    assert alice.get("/export/?format=exe").status_code == 422
    assert alice.get("/export/?format=csv&q=host:").status_code == 422
    assert mallory.get(f"/export/?format=csv&credential={credential.pk}").status_code == 404
    other = mallory.get("/export/?format=jsonl")
    assert b"".join(other.streaming_content) == b""  # type: ignore[attr-defined]
