"""Many numbers changed at once by programs."""

import pytest

from dashboard.models import Credential, Job, JobState, Role, Scope, Team, User
from tests.api.program import Program, token_of
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_jobs import Mirrored, Prepared, carried_out, hosts, results
from tests.fixtures_people import share

pytestmark = pytest.mark.django_db(transaction=True)
POINT = {"action": "point", "fields": {"pattern": "{local}@pbx-new.example.org"}, "query": "service:SIP"}


def test_a_program_moves_everybody_and_takes_it_back(
    program: Program, mirrored: Mirrored, registry: FaultyRegistry
) -> None:
    before = hosts(registry)
    made = program.post("/api/v1/bulk", POINT)
    assert made.status_code == 201, made.content
    address = made["Location"]
    job = Job.objects.get(pk=made.json()["id"])
    carried_out(job)
    shown = program.get(address).json()
    assert (shown["state"], shown["counts"]["waiting"]) == ("preview", 3)
    numbers = program.get(f"{address}/numbers").json()
    assert [one["result"] for one in numbers["numbers"]] == ["waiting"] * 3
    assert numbers["next"] is None
    assert hosts(registry) == before

    assert program.post(f"{address}/start", {"has_read": True}).json()["state"] == "running"
    assert program.post(f"{address}/pause").json()["state"] == "paused"
    assert program.post(f"{address}/resume").json()["state"] == "running"
    carried_out(job)
    assert program.get(address).json()["counts"]["done"] == 3
    refused = program.post(f"{address}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-now")

    mirrored()
    undone = program.post(f"{address}/undo", {})
    assert undone.status_code == 201
    other = Job.objects.get(pk=undone.json()["id"])
    assert carried_out(other).state == JobState.PREVIEW
    program.post(f"{undone['Location']}/start", {"has_read": True})
    assert results(carried_out(other)) == ["done"] * 3
    assert hosts(registry) == before


def test_the_field_at_fault_is_named(program: Program, mirrored: Mirrored) -> None:
    wrong = program.post("/api/v1/bulk", {**POINT, "fields": {"pattern": "{nobody}@x"}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "fields.pattern"
    assert program.post("/api/v1/bulk", {**POINT, "query": "nonsense:x"}).json()["errors"][0]["field"] == "query"
    assert not Job.objects.exists()


def test_a_token_for_some_numbers_changes_no_others(
    person: User, remote: Credential, mirrored: Mirrored, registry: FaultyRegistry
) -> None:
    narrow = Program(token_of(person, scope=Scope.WRITE, beginnings=("12005550101",)))
    job = Job.objects.get(pk=narrow.post("/api/v1/bulk", POINT).json()["id"])
    carried_out(job)
    assert list(job.numbers.values_list("digits", flat=True)) == ["12005550101"]
    wide = Job.objects.get(pk=Program(token_of(person)).post("/api/v1/bulk", POINT).json()["id"])
    carried_out(wide)
    assert narrow.post(f"/api/v1/jobs/{wide.pk}/start", {"has_read": True}).status_code == 403
    assert len(narrow.get(f"/api/v1/jobs/{wide.pk}/numbers").json()["numbers"]) == 1
    assert narrow.post(f"/api/v1/jobs/{job.pk}/start", {"has_read": True}).status_code == 200
    assert results(carried_out(job)) == ["done"]


def test_a_second_person_approves_with_a_token_that_may_and_nobody_with_one_of_who_asks(
    program: Program, person: User, prepared: Prepared, remote: Credential, team: Team, editor: User, viewer: User
) -> None:
    share(remote, team, Role.EDITOR)
    Team.objects.update(approval_above=2)
    job = prepared()
    address = f"/api/v1/jobs/{job.pk}"
    assert program.post(f"{address}/start", {"has_read": True}).json()["state"] == "approval"
    cannot = [
        token_of(person),
        token_of(viewer),
        token_of(editor, scope=Scope.READ),
        token_of(editor, beginnings=("12005550101",)),
    ]
    for token in cannot:
        other = Program(token)
        assert other.post(f"{address}/approve").status_code in {403, 404}
        assert not other.get(address).json().get("may_approve")

    edith = Program(token_of(editor))
    assert [one["id"] for one in edith.get("/api/v1/jobs?state=approval").json()["jobs"]] == [job.pk]
    assert edith.get(address).json()["may_approve"]
    approved = edith.post(f"{address}/approve").json()
    assert (approved["state"], approved["approved_by"], approved["may_approve"]) == ("running", "edith", False)
    assert edith.post(f"{address}/approve").status_code == 409
    assert results(carried_out(job)) == ["done"] * 3


def test_jobs_are_listed_newest_first_and_a_page_at_a_time(
    program: Program, person: User, remote: Credential, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.api.views.jobs.PAGE_SIZE", 2)
    first, second, third = prepared().pk, prepared().pk, prepared().pk
    page = program.get("/api/v1/jobs").json()
    assert [one["id"] for one in page["jobs"]] == [third, second]
    assert [one["id"] for one in program.get(f"/api/v1/jobs?before={page['next']}").json()["jobs"]] == [first]
    assert program.get("/api/v1/jobs?state=running").json() == {"jobs": [], "next": None}
    assert program.get("/api/v1/jobs?state=asleep").status_code == 422
