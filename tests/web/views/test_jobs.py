"""Many numbers on pages: chosen, previewed, started, looked after, by those who may."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Job, JobNumber, JobState, MirroredNumber, Role, Team, User
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_jobs import Mirrored, Prepared, carried_out, hosts, results
from tests.fixtures_people import share
from tests.web.views.pages import form_to, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_is_moved_from_a_search_to_the_result(
    alice: Browser, remote: Credential, mirrored: Mirrored, registry: FaultyRegistry
) -> None:
    page = alice.get("/bulk/", {"q": "service:SIP"})
    assert "All 3 numbers that the search finds" in text_of(page)
    form = form_to(page, "/bulk/")
    assert form.fields["service"] == "SIP"

    wrong = form.submit(alice, pattern="{nobody}@pbx-new.example.org")
    assert wrong.status_code == 422
    assert "“{nobody}” is no placeholder" in text_of(wrong)
    tried = form.submit(alice, pattern="{local}@pbx-new.example.org", **{"try": "1"})
    assert text_of(tried).count("@pbx-new.example.org") >= 3
    assert not Job.objects.exists()

    job = Job.objects.get(pk=form.submit(alice, pattern="{local}@pbx-new.example.org").url.split("/")[2])
    assert "is being prepared" in text_of(alice.get(f"/bulk/{job.pk}/"))
    carried_out(job)
    preview = alice.get(f"/bulk/{job.pk}/")
    assert "3 numbers would be changed" in text_of(preview)
    assert registry.log == []
    start = form_to(preview, f"/bulk/{job.pk}/start/")
    answer = start.submit(alice, **({"has_read": "on"} if "has_read" in text_of(preview) else {}))
    assert answer.url == f"/jobs/{job.pk}/"

    assert carried_out(job).state == JobState.FINISHED
    done = alice.get(f"/jobs/{job.pk}/")
    assert "3 of 3 numbers" in text_of(done)
    answer = alice.get(f"/jobs/{job.pk}/", {"export": "csv"})
    exported = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    export = exported.decode()
    assert export.count("done") == 3
    assert any(host.endswith("@pbx-new.example.org") for host in hosts(registry))


def test_what_becomes_unsafe_is_read_before_it_starts(alice: Browser, prepared: Prepared) -> None:
    job = prepared("point", pattern="alice:secret@pbx.example.org", service="SIP")
    preview = alice.get(f"/bulk/{job.pk}/", {"result": "unsafe"})
    assert "I have read what becomes unsafe" in text_of(preview)

    refused = form_to(preview, f"/bulk/{job.pk}/start/").submit(alice)
    assert refused.status_code == 422
    assert "Read what is said there" in text_of(refused)
    assert alice.post(f"/bulk/{job.pk}/start/", {"has_read": "on"})["Location"] == f"/jobs/{job.pk}/"


def test_a_preview_that_is_older_than_the_mirror_says_so_and_is_made_anew(
    alice: Browser, prepared: Prepared, registry: FaultyRegistry, mirrored: Mirrored
) -> None:
    job = prepared()
    number = registry.store.numbers[registry.number_ids[0]]
    next(iter(number.records.values())).hostdata = "else@example.org"
    assert "were changed since this preview" not in text_of(alice.get(f"/bulk/{job.pk}/"))
    mirrored()
    assert "were changed since this preview" in text_of(alice.get(f"/bulk/{job.pk}/"))

    alice.post(f"/bulk/{job.pk}/anew/")
    assert carried_out(job).state == JobState.PREVIEW
    page = text_of(alice.get(f"/bulk/{job.pk}/"))
    assert "were changed since this preview" not in page
    assert "else@pbx-new.example.org" in page


def test_strangers_find_no_job_and_who_only_looks_decides_nothing(
    person: User,
    remote: Credential,
    prepared: Prepared,
    team: Team,
    viewer: User,
    mallory: Browser,
    browser_of: Callable[[User], Browser],
) -> None:
    job = prepared()
    share(remote, team)
    victor = browser_of(viewer)
    assert mallory.get(f"/bulk/{job.pk}/").status_code == 404
    assert victor.get(f"/bulk/{job.pk}/").status_code == 200
    for name in ("approve", "pause", "resume", "cancel", "again", "undo"):
        assert mallory.post(f"/jobs/{job.pk}/{name}/").status_code == 404
    assert mallory.post(f"/bulk/{job.pk}/start/").status_code == 404
    assert victor.post(f"/bulk/{job.pk}/start/").status_code == 403
    assert victor.post(f"/jobs/{job.pk}/cancel/").status_code == 403
    assert victor.get("/bulk/", {"q": "service:SIP"}).status_code == 403
    assert mallory.get("/jobs/").status_code == 200
    assert Job.objects.get().state == JobState.PREVIEW


def test_of_a_job_people_see_the_numbers_of_credentials_that_they_see(
    prepared: Prepared, remote: Credential, team: Team, viewer: User, browser_of: Callable[[User], Browser]
) -> None:
    job = prepared()
    shared = share(remote, team)
    victor = browser_of(viewer)
    assert "pbx-new" in text_of(victor.get(f"/bulk/{job.pk}/"))
    JobNumber.objects.filter(job=job, place=1).update(credential=None, digits="4477009009999")
    assert "7700 909999" not in text_of(victor.get(f"/bulk/{job.pk}/"))
    shared.delete()
    assert victor.get(f"/bulk/{job.pk}/").status_code == 404


def test_a_second_person_approves_where_the_team_demands_it(
    alice: Browser,
    person: User,
    prepared: Prepared,
    remote: Credential,
    team: Team,
    editor: User,
    viewer: User,
    browser_of: Callable[[User], Browser],
) -> None:
    share(remote, team, Role.EDITOR)
    assert alice.post(f"/teams/{team.pk}/approval/", {"approval_above": "2"}).status_code == 302
    job = prepared()
    alice.post(f"/bulk/{job.pk}/start/", {"has_read": "on"})

    assert carried_out(job).state == JobState.APPROVAL
    assert "wants a second person" in text_of(alice.get(f"/jobs/{job.pk}/"))
    assert alice.post(f"/jobs/{job.pk}/approve/").status_code == 403
    assert browser_of(viewer).post(f"/jobs/{job.pk}/approve/").status_code == 403
    edith = browser_of(editor)
    assert "These wait for you" in text_of(edith.get("/jobs/"))
    assert edith.post(f"/jobs/{job.pk}/approve/")["Location"] == f"/jobs/{job.pk}/"
    assert carried_out(job).state == JobState.FINISHED
    assert job.approved_by == editor
    assert results(job) == ["done"] * 3


def test_what_an_action_wants_is_marked_and_named_where_it_is_missing(alice: Browser, mirrored: Mirrored) -> None:
    chosen = {"q": "service:SIP"}
    page = " ".join(text_of(alice.get("/bulk/", chosen)).split())
    assert "New host data (optional)" not in page
    assert "Service (optional)" in page
    assert "Tags to add (one of these)" in " ".join(text_of(alice.get("/bulk/", chosen | {"action": "tag"})).split())

    for more in ({}, {"try": "1"}):
        wrong = alice.post("/bulk/", chosen | {"action": "add", "service": "SIP"} | more)
        said = " ".join(text_of(wrong).split())
        assert wrong.status_code == 422
        # Once in the list above or, of a trial, below the form; and once at the field.
        assert said.count("This must not be empty.") == 2 * len(["preference", "hostdata"])
        assert "Host data : This must not be empty." in said


def test_a_template_is_kept_tried_and_put_on(
    alice: Browser, remote: Credential, mirrored: Mirrored, registry: FaultyRegistry
) -> None:
    wrong = alice.post("/templates/add/", {"name": "Desk", "records": "10 SIP"})
    assert wrong.status_code == 422
    assert "Line 1" in text_of(wrong)
    assert "10 SIP" in wrong.content.decode()
    made = alice.post("/templates/add/", {"name": "Desk", "records": "10 SIP {subscriber}@desk.example.org"})
    assert made.status_code == 302
    pk = (
        made.wsgi_request.user.pk and alice.get("/templates/").content.decode().split("/templates/")[-1].split("/")[0]
    )
    digits = MirroredNumber.objects.order_by("digits")[0].digits
    assert "@desk.example.org" in text_of(alice.get(f"/templates/{pk}/", {"number": f"+{digits}"}))

    page = alice.get("/bulk/", {"q": "service:SIP", "action": "template"})
    answer = form_to(page, "/bulk/").submit(alice, template=pk, mode="replace")
    job = Job.objects.get(pk=answer.url.split("/")[2])
    carried_out(job)
    alice.post(f"/bulk/{job.pk}/start/", {"has_read": "on"})
    assert carried_out(job).state == JobState.FINISHED
    assert all(host.endswith("@desk.example.org") for host in hosts(registry))
