"""The history for programs: read a page at a time, and taken back."""

import uuid

from dashboard.models import Change, Credential
from dashboard.registry.models import Number
from tests.api.program import Program, problem, said
from tests.web.views.far import Far

V1 = "/api/v1"
RECORD = {"preference": 50, "service": "SIP", "hostdata": "new@sip.example.org"}


def made(program: Program, address: str, **values: object) -> int:
    """The id of a change that adds a record."""
    return int(said(program.post(f"{address}/records", {**RECORD, **values}))["changes"][0]["id"])


def test_the_history_is_read_page_by_page(program: Program, credential: Credential, numbers: list[Number]) -> None:
    for place in range(120):
        Change.objects.create(
            user=credential.user,
            person="alice",
            credential=credential,
            command="update",
            number_id=numbers[0].pk,
            number=numbers[0].digits,
            reason=str(place),
        )
    seen, before = list[str](), None
    while True:
        page = said(program.get(f"{V1}/history" + (f"?before={before}" if before else "")))
        seen += [change["reason"] for change in page["changes"]]
        if (before := page["next"]) is None:
            break

    assert seen == [str(place) for place in reversed(range(120))]


def test_changes_are_chosen(program: Program, far: Far, far_address: str) -> None:
    first = made(program, far_address)
    number = f"+{far.digits}"

    def ids(query: str) -> list[int]:
        return [change["id"] for change in said(program.get(f"{V1}/history?{query}"))["changes"]]

    for query in (
        f"credential={far.credential.pk}",
        f"number={number.replace('+', '%2B')}",
        f"number={far.digits}",
        "person=alice",
        "outcome=applied",
        "since=2020-01-01T00:00:00Z",
    ):
        assert ids(query) == [first], query
    for query in ("person=mona", "outcome=refused", "open=1", "until=2020-01-01T00:00:00Z", "number=1"):
        assert ids(query) == [], query
    problem(program.get(f"{V1}/history?since=yesterday"), "invalid")
    # Times that a zone has and UTC has not: the year 0, and the year 10000.
    problem(program.get(f"{V1}/history?since=0001-01-01T00:00:00%2B14:00"), "invalid")
    problem(program.get(f"{V1}/history?until=9999-12-31T23:59:59-14:00"), "invalid")
    assert said(program.get(f"{far_address}/history"))["changes"] == said(program.get(f"{V1}/history"))["changes"]


def test_a_change_is_taken_back_once(program: Program, far: Far, far_address: str) -> None:
    change = made(program, far_address)
    address, key = f"{V1}/history/{change}/undo", str(uuid.uuid4())
    preview = program.post(f"{address}?dry_run=1", {})
    answer = program.post(address, {}, if_match=preview["ETag"], idempotency_key=key)
    again = program.post(address, {}, if_match=preview["ETag"], idempotency_key=key)

    assert [step["command"] for step in said(preview)["steps"]] == ["delete"]
    assert said(preview)["theirs"] == []
    assert answer.status_code == 200
    assert [each["undoes"] for each in said(answer)["changes"]] == [change]
    assert said(again) == said(answer)
    assert RECORD["hostdata"] not in far.hostdata()
    # An undo can be undone, and what is so already needs nothing.
    fresh = program.get(far_address)["ETag"]
    assert said(program.post(address, {}, if_match=fresh))["changes"] == []
    undone = said(answer)["changes"][0]["id"]
    assert program.post(f"{V1}/history/{undone}/undo", {}, if_match=fresh).status_code == 201
    assert RECORD["hostdata"] in far.hostdata()


def test_an_undo_takes_nothing_of_others_away_silently(program: Program, far: Far, far_address: str) -> None:
    change = made(program, far_address)
    record = far.records[-1]
    far.set(record, hostdata="colleague@sip.example.org", preference="60")
    address = f"{V1}/history/{change}/undo"
    preview = program.post(f"{address}?dry_run=1", {})
    (theirs,) = said(preview)["theirs"]

    assert theirs["now"]["hostdata"] == "colleague@sip.example.org"
    assert theirs["wanted"] is None
    problem(program.post(address, {}, if_match=preview["ETag"]), "others")
    assert "colleague@sip.example.org" in far.hostdata()
    answer = program.post(address, {"with_theirs": True}, if_match=preview["ETag"])
    assert answer.status_code == 200
    assert "colleague@sip.example.org" not in far.hostdata()


def test_an_undo_names_the_version_that_was_seen(program: Program, far: Far, far_address: str) -> None:
    change = made(program, far_address)
    address = f"{V1}/history/{change}/undo"
    stale = program.post(f"{address}?dry_run=1", {})["ETag"]
    far.add(5, "colleague@sip.example.org")

    problem(program.post(address, {}), "precondition-required")
    found = problem(program.post(address, {}, if_match=stale), "conflict")
    assert "colleague@sip.example.org" in {record["hostdata"] for record in found["current"]["records"]}


def test_what_was_refused_cannot_be_undone(program: Program, far: Far, far_address: str) -> None:
    far.registry.fault("new", "bad")
    found = problem(program.post(f"{far_address}/records", RECORD), "refused")

    problem(program.post(f"{V1}/history/{found['changes'][0]['id']}/undo?dry_run=1", {}), "invalid")
