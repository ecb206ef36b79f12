"""What holds for every address: who is let in, what is understood, and what browsers are told."""

import dataclasses
from typing import Any

import pytest
from django.test import Client as Browser
from django.test.utils import override_script_prefix

from dashboard.models import Credential, Team, User
from tests.api.program import Program, problem, said, token_of
from tests.web.views.far import Far

ME = "/api/v1/me"
RECORD = {"preference": 50, "service": "SIP", "hostdata": "new@sip.example.org"}


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        ("", "Bearer"),
        ("Basic YWxpY2U6c2VjcmV0", 'Bearer error="invalid_token"'),
        ("Bearer nonsense", 'Bearer error="invalid_token"'),
    ],
)
def test_who_has_no_token_is_asked_for_one(db: None, authorization: str, challenge: str) -> None:
    headers = {"authorization": authorization} if authorization else {}
    answer = Browser().get(ME, headers=headers)

    problem(answer, "unauthorized")
    assert answer["WWW-Authenticate"] == challenge


def test_a_cookie_lets_nobody_in(alice: Browser) -> None:
    problem(alice.get(ME), "unauthorized")
    problem(alice.post("/api/v1/who-can-call", {"number": "+1"}, content_type="application/json"), "unauthorized")


def test_a_cookie_of_somebody_else_changes_nothing(mallory: Browser, person: User) -> None:
    answer = mallory.get(ME, headers={"authorization": f"Bearer {token_of(person)}"})

    assert said(answer)["person"] == "alice"
    assert not answer.cookies


def test_who_owes_the_pages_a_second_factor_owes_the_api_none(alice: Browser, person: User, settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, require_second_factor="all")
    headers = {"authorization": f"Bearer {token_of(person)}"}

    assert alice.get("/credentials/").status_code == 302
    assert alice.get(ME, headers=headers).status_code == 200
    assert alice.get(ME).status_code == 401


@pytest.mark.parametrize("path", [ME, "/api/v1/nothing", "/api/v1/credentials/1"])
def test_every_answer_is_for_who_asked_and_is_never_stored(program: Program, path: str) -> None:
    answer = program.get(path, origin="https://elsewhere.example")

    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_head_is_get_without_its_body(program: Program, address: str) -> None:
    whole, head = program.get(address), program.ask("HEAD", address)

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


def test_a_method_that_is_not_there_names_those_that_are(program: Program, address: str) -> None:
    answer = program.ask("PATCH", f"{address}/records")

    problem(answer, "method")
    assert answer["Allow"] == "GET, POST, PUT, HEAD"
    problem(program.ask("OPTIONS", ME, origin="https://elsewhere.example"), "method")


def test_who_wants_no_json_gets_none(program: Program) -> None:
    problem(program.get(ME, accept="text/html"), "not-acceptable")
    for fine in ("*/*", "application/*", "application/json;q=0.5", "application/problem+json"):
        assert program.get(ME, accept=fine).status_code == 200


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"preference": 1,}', "line 1, column 18"),
        (b'{\n "a": nothing}', "line 2, column 7"),
        (b'{"preference": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', '"a" stands there twice'),
        (b'{"a": "\xff"}', "octet 8"),
        (b"[" * 100_000, "nested"),
        (b'{"preference": ' + b"9" * 5_000 + b"}", "digits"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(program: Program, address: str, body: bytes, place: str) -> None:
    answer = program.client.generic(
        "POST",
        f"{address}/records",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {program.token}"},
    )

    assert place in problem(answer, "malformed")["detail"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_a_page_elsewhere_is_no_json(program: Program, address: str, kind: str) -> None:
    answer = program.client.generic(
        "POST", f"{address}/records", b"{}", content_type=kind, headers={"authorization": f"Bearer {program.token}"}
    )

    problem(answer, "not-json")


def test_a_body_that_is_too_large_is_refused(program: Program, address: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    problem(program.post(f"{address}/records", {**RECORD, "reason": "x" * 1_000}), "too-large")


def test_if_match_must_be_one_etag(program: Program, address: str) -> None:
    for header in ('"one", "two"', "nonsense!", '"'):
        found = problem(program.put(f"{address}/records", {"records": []}, if_match=header), "invalid")
        assert found["errors"][0]["field"] == "header.If-Match"


def test_where_the_site_has_tls_the_api_has_nothing_else(program: Program, settings: Any) -> None:
    url = dataclasses.replace(settings.E164WEB.url, scheme="https")
    settings.E164WEB = dataclasses.replace(settings.E164WEB, url=url)
    settings.SECURE_SSL_REDIRECT = True

    problem(program.get(ME), "https-only")
    assert program.client.get("/api/").status_code == 301
    assert (
        program.client.get(ME, secure=True, headers={"authorization": f"Bearer {program.token}"}).status_code == 200
    )


def test_sentences_are_in_the_language_that_was_asked_for(program: Program) -> None:
    answer = program.get("/api/v1/teams/1", accept_language="de")

    assert answer["Content-Language"] == "de"


def test_a_token_that_is_revoked_ends_at_once(program: Program, person: User) -> None:
    assert program.get(ME).status_code == 200
    person.tokens.all().delete()

    problem(program.get(ME), "unauthorized")


def test_a_page_of_one_request_has_one_deadline(program: Program, far: Far, far_address: str, settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, deadline=0.5, connect_timeout=0.5)
    far.registry.fault("show", "hang")
    answer = program.get(far_address)

    problem(answer, "registry")


def test_members_and_secrets_are_out_of_reach(program: Program, credential: Credential, team: Team) -> None:
    for method in ("POST", "PUT", "DELETE"):
        problem(program.ask(method, f"/api/v1/teams/{team.pk}", {}), "method")
        problem(program.ask(method, f"/api/v1/credentials/{credential.pk}", {}), "method")


def test_a_token_may_send_so_many_requests_in_a_minute(program: Program, settings: Any) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, api_rate=3)
    answers = [program.get(ME) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    problem(answers[-1], "too-many")
    assert answers[-1]["Retry-After"] == answers[-1]["RateLimit-Reset"]


def test_who_tries_tokens_is_told_to_wait(program: Program) -> None:
    wrong = Program(program.token[:-1] + "x")
    answers = [wrong.get(ME) for _ in range(61)]

    problem(answers[0], "unauthorized")
    assert int(answers[-1]["Retry-After"]) > 0
    problem(answers[-1], "too-many")
    assert program.get(ME).status_code == 200


def test_below_a_path_the_api_names_itself_with_it(program: Program, far_address: str, settings: Any) -> None:
    url = dataclasses.replace(settings.E164WEB.url, prefix="/enum")
    settings.E164WEB = dataclasses.replace(settings.E164WEB, url=url)

    with override_script_prefix("/enum/"):
        assert program.post(f"{far_address}/records", RECORD)["Location"].startswith("/enum/api/v1/")
        assert problem(program.get("/api/v1/nothing"), "not-found")["type"] == "/enum/api/#not-found"
        assert said(program.get("/api/openapi.json"))["servers"] == [{"url": "/enum"}]
