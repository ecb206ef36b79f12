"""Imports and exports for programs."""

import pytest

from dashboard.models import Credential, Import, Job, JobState, User
from dashboard.services.background.tasks import run_waiting
from tests.api.program import Program, problem, said, token_of
from tests.services.transfer.conftest import mirrored, numbers_of, sip

V1 = "/api/v1"
ONE, TWO = "442079460148", "442079460149"
TABLE = f"number,service,hostdata\n+{ONE},SIP,new@example.org\n+{TWO},SIP,new@example.org\n"


@pytest.fixture
def known(credential: Credential) -> Credential:
    """Alice's credential, whose two numbers were looked at."""
    mirrored(credential, ONE, [sip(1, "old@example.org")])
    mirrored(credential, TWO)
    return credential


def test_a_text_becomes_the_preview_of_a_job(program: Program, known: Credential) -> None:
    answer = program.post(f"{V1}/import", {"credential": known.pk, "format": "csv", "text": TABLE, "mode": "add"})

    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"{V1}/jobs/{job.pk}")
    assert said(answer) == {"job": job.pk}
    run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.PREVIEW
    assert [len(number.after) for number in numbers_of(Import.objects.get())] == [2, 1]


def test_columns_can_be_said(program: Program, known: Credential) -> None:
    body = {"credential": known.pk, "format": "csv", "text": TABLE.replace("number", "x")}
    problem(program.post(f"{V1}/import", body), "invalid")

    columns = {"number": 0, "service": 1, "hostdata": 2}
    assert program.post(f"{V1}/import", body | {"columns": columns}).status_code == 201
    problem(program.post(f"{V1}/import", body | {"columns": {"nummer": 0}}), "invalid")


def test_a_token_reaches_no_further_than_it_says(person: User, reader: Program, known: Credential) -> None:
    narrow = Program(token_of(person, beginnings=(TWO,)))

    assert (
        narrow.post(
            f"{V1}/import", {"credential": known.pk, "format": "csv", "text": TABLE, "makes": True}
        ).status_code
        == 201
    )
    run_waiting()
    first, second = numbers_of(Import.objects.get())
    assert ("has no number" in first.words, first.before) == (True, [])
    assert second.result == "waiting"
    problem(reader.post(f"{V1}/import", {"credential": known.pk, "format": "csv", "text": TABLE}), "forbidden")
    assert narrow.get(f"{V1}/export?format=jsonl").getvalue().count(b"\n") == 1


def test_an_export_is_a_file(program: Program, known: Credential) -> None:
    answer = program.get(f"{V1}/export?format=csv&q=%2B{ONE}")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.getvalue().decode().splitlines()[1] == f"'+{ONE},10,SIP,old@example.org,100,Embedded"
    problem(program.get(f"{V1}/export?format=exe"), "invalid")
    problem(program.get(f"{V1}/export?format=csv&q=host:"), "invalid")
