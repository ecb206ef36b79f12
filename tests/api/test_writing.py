"""What programs write, with the same reviews, conflicts and outcomes as people."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from dashboard.api.kinds import KINDS
from dashboard.models import Change, User
from tests.api.program import Program, problem, said, token_of
from tests.programs import LIMIT
from tests.web.views.far import Far

RECORD = {"preference": 50, "service": "SIP", "hostdata": "new@sip.example.org"}
SECRET = {**RECORD, "hostdata": "alice:secret@sip.example.org"}
WRITES = {"new", "update", "delete", "deleteall"}


def sent(far: Far) -> list[str]:
    """The commands that the registry was sent and that write."""
    return [entry.command for entry in far.registry.log if entry.command in WRITES]


def wanted(number: Any) -> list[dict[str, Any]]:
    """The records of a number as a whole set names them."""
    return [{name: each[name] for name in ("id", "preference", "service", "hostdata")} for each in number["records"]]


def etag_of(program: Program, address: str) -> str:
    """What must be sent to write there."""
    return str(program.get(address)["ETag"])


def test_a_record_is_added_once(program: Program, far: Far, far_address: str) -> None:
    key = str(uuid.uuid4())
    first = program.post(f"{far_address}/records", {**RECORD, "reason": "the new PBX"}, idempotency_key=key)
    again = program.post(f"{far_address}/records", {**RECORD, "reason": "the new PBX"}, idempotency_key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert said(first) == said(again)
    assert first["Location"] == again["Location"]
    assert sent(far) == ["new"]
    assert said(program.get(first["Location"]))["hostdata"] == RECORD["hostdata"]
    assert program.get(first["Location"])["ETag"] == first["ETag"]
    assert said(first)["changes"][0]["reason"] == "the new PBX"


def test_a_key_belongs_to_one_request(program: Program, far: Far, far_address: str) -> None:
    key = str(uuid.uuid4())
    record = f"{far_address}/records/{far.records[0]}"
    program.post(f"{far_address}/records", RECORD, idempotency_key=key)

    other = {**RECORD, "preference": 51}
    problem(program.post(f"{far_address}/records", other, idempotency_key=key), "other-request")
    mark = etag_of(program, record)
    problem(program.put(record, RECORD, if_match=mark, idempotency_key=key), "other-request")
    problem(program.delete(record, if_match=mark, idempotency_key=key), "other-request")
    problem(program.post(f"{far_address}/records", RECORD, idempotency_key="no uuid"), "invalid")
    assert sent(far) == ["new"]


def test_a_key_that_another_token_used_elsewhere_tells_nothing_of_that(
    program: Program, far: Far, far_address: str, person: User
) -> None:
    key = str(uuid.uuid4())
    program.post(f"{far_address}/records", RECORD, idempotency_key=key)
    other = far_address.replace(str(far.number), str(far.registry.number_ids[1]))
    narrow = Program(token_of(person, beginnings=("12005550101",)))
    refused = problem(narrow.post(f"{other}/records", RECORD, idempotency_key=key), "other-request")

    assert "changes" not in refused
    assert sent(far) == ["new"]


def test_a_record_is_changed_with_the_version_that_was_seen(program: Program, far: Far, far_address: str) -> None:
    address = f"{far_address}/records/{far.records[0]}"
    answer = program.put(address, RECORD, if_match=etag_of(program, address))

    assert answer.status_code == 200
    assert said(answer)["changes"][0]["outcome"] == "applied"
    assert answer["ETag"] == etag_of(program, address)
    assert far.hostdata()[0] == RECORD["hostdata"]


def test_a_proxy_may_have_marked_the_version_as_weak(program: Program, far: Far, far_address: str) -> None:
    address = f"{far_address}/records/{far.records[0]}"

    assert program.put(address, RECORD, if_match=f"W/{etag_of(program, address)}").status_code == 200


@pytest.mark.parametrize("header", [{}, {"if_match": "*"}, {"if_match": ""}])
def test_nothing_that_exists_is_written_unseen(
    program: Program, far: Far, far_address: str, header: dict[str, str]
) -> None:
    address = f"{far_address}/records/{far.records[0]}"

    problem(program.put(address, RECORD, **header), "precondition-required")
    problem(program.delete(address, **header), "precondition-required")
    problem(program.put(f"{far_address}/records", {"records": []}, **header), "precondition-required")
    assert sent(far) == []


def test_a_stale_version_gets_both(program: Program, far: Far, far_address: str) -> None:
    address = f"{far_address}/records/{far.records[0]}"
    stale = etag_of(program, address)
    far.set(far.records[0], hostdata="colleague@sip.example.org")
    answer = program.put(address, RECORD, if_match=stale)
    found = problem(answer, "conflict")

    assert answer.status_code == 412
    assert found["sent"] == [RECORD]
    assert found["current"]["records"][0]["hostdata"] == "colleague@sip.example.org"
    assert sent(far) == []
    assert program.put(address, RECORD, if_match=answer["ETag"]).status_code == 200


def test_a_record_that_is_gone_is_a_conflict_and_one_that_never_was_is_not_found(
    program: Program, far: Far, far_address: str
) -> None:
    gone = far.records[0]
    address = f"{far_address}/records/{gone}"
    stale = etag_of(program, address)
    far.remove(gone)

    assert "ETag" not in program.delete(address, if_match=stale)
    problem(program.delete(address, if_match=stale), "conflict")
    problem(program.delete(f"{far_address}/records/424242", if_match=stale), "not-found")


def test_a_record_is_deleted(program: Program, far: Far, far_address: str) -> None:
    address = f"{far_address}/records/{far.records[0]}"
    answer = program.delete(address, if_match=etag_of(program, address))

    assert answer.status_code == 200
    assert [each["id"] for each in said(answer)["records"]] == far.records
    assert said(answer)["fingerprint"] == said(program.get(far_address))["fingerprint"]


def test_errors_name_the_field(program: Program, far: Far, far_address: str) -> None:
    def fields(body: Any) -> set[str]:
        found = problem(program.post(f"{far_address}/records", body), "invalid")
        return {each["field"] for each in found["errors"]}

    assert fields({}) == {"preference", "service", "hostdata"}
    assert fields({**RECORD, "preference": "50"}) == {"preference"}
    assert fields({**RECORD, "preference": 65536}) == {"preference"}
    assert fields({**RECORD, "preference": True}) == {"preference"}
    assert fields({**RECORD, "hostdata": "no address"}) == {"hostdata"}
    assert fields({**RECORD, "service": "NOWHERE"}) == {"service"}
    assert fields({**RECORD, "host": "x"}) == {"host"}
    assert fields([]) == {"body"}
    assert sent(far) == []


def test_a_concern_must_be_accepted_by_its_digest(program: Program, far: Far, far_address: str) -> None:
    found = problem(program.post(f"{far_address}/records", SECRET), "concerns")

    assert found["concerns"][0]["field"] == "hostdata"
    problem(program.post(f"{far_address}/records", {**SECRET, "accept": "0" * 64}), "concerns")
    assert program.post(f"{far_address}/records", {**SECRET, "accept": found["accept"]}).status_code == 201


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(program: Program, far: Far, far_address: str) -> None:
    record = f"{far_address}/records/{far.records[0]}"
    added = program.post(f"{far_address}/records?dry_run=1", SECRET)
    changed = program.put(f"{record}?dry_run=true", RECORD)
    deleted = program.delete(f"{record}?dry_run=1")
    emptied = program.put(f"{far_address}/records?dry_run=1", {"records": []})

    assert [[step["command"] for step in said(each)["steps"]] for each in (added, changed, deleted, emptied)] == [
        ["new"],
        ["update"],
        ["delete"],
        ["deleteall"],
    ]
    assert said(added)["accept"]
    assert said(emptied)["losses"]
    assert said(emptied)["after"]["records"] == []
    assert changed["ETag"] == deleted["ETag"] == etag_of(program, record)
    assert emptied["ETag"] == etag_of(program, far_address)
    assert sent(far) == []
    assert not Change.objects.exists()
    problem(program.put(f"{record}?dry_run=1", RECORD, if_match='"1-0"'), "conflict")
    assert program.put(f"{far_address}/records", {"records": []}, if_match=emptied["ETag"]).status_code == 200
    assert far.records == []


def test_a_switch_that_is_misspelt_sends_nothing(program: Program, far: Far, far_address: str) -> None:
    problem(program.post(f"{far_address}/records?dry-run=1", RECORD), "invalid")
    problem(program.post(f"{far_address}/records?dry_run=perhaps", RECORD), "invalid")
    assert sent(far) == []


def test_a_whole_set_is_reached_with_the_fewest_commands(program: Program, far: Far, far_address: str) -> None:
    number = said(program.get(far_address))
    records = wanted(number)
    records[0]["hostdata"] = "first@sip.example.org"
    answer = program.put(f"{far_address}/records", {"records": records}, if_match=f'"{number["fingerprint"]}"')

    assert answer.status_code == 200
    assert sent(far) == ["update"]
    assert far.hostdata()[0] == "first@sip.example.org"
    fresh = etag_of(program, far_address)
    again = program.put(f"{far_address}/records", {"records": records}, if_match=fresh)
    assert (again.status_code, said(again)["changes"]) == (200, [])
    assert sent(far) == ["update"]


def test_the_history_follows_no_id_that_a_program_made_up(program: Program, far: Far, far_address: str) -> None:
    number = said(program.get(far_address))
    body = {"records": [*wanted(number), {**RECORD, "id": 50_999}]}
    answer = program.put(f"{far_address}/records", body, if_match=f'"{number["fingerprint"]}"')

    assert answer.status_code == 201, answer.content
    assert Change.objects.get().was_id is None


def test_a_set_that_is_sent_twice_is_written_once(program: Program, far: Far, far_address: str) -> None:
    key, mark = str(uuid.uuid4()), etag_of(program, far_address)
    body = {"records": [RECORD, {**RECORD, "preference": 60, "hostdata": "other@sip.example.org"}]}
    first = program.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key)
    again = program.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key)

    assert first.status_code == 200, first.content
    assert said(first) == said(again)
    assert len(sent(far)) == 2
    other = {"records": [RECORD]}
    problem(program.put(f"{far_address}/records", other, if_match=mark, idempotency_key=key), "other-request")


def test_a_set_whose_process_was_killed_half_way_says_so_when_it_is_sent_again(
    program: Program, far: Far, far_address: str
) -> None:
    key, mark = str(uuid.uuid4()), etag_of(program, far_address)
    body = {"records": [RECORD, {**RECORD, "preference": 60, "hostdata": "other@sip.example.org"}]}
    made = said(program.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key))["changes"]
    Change.objects.filter(pk=made[-1]["id"]).delete()  # as if it had been killed before this was stored
    again = program.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key)

    assert [one["id"] for one in problem(again, "interrupted")["changes"]] == [made[0]["id"]]
    assert again.status_code == 409
    assert len(sent(far)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_set_that_comes_again_while_it_is_sent_is_answered_with_all_that_came_of_it(
    program: Program, far: Far, far_address: str
) -> None:
    key, mark = str(uuid.uuid4()), etag_of(program, far_address)
    body = {"records": [RECORD, {**RECORD, "preference": 60, "hostdata": "other@sip.example.org"}]}
    is_half_way, answer = threading.Event(), far.registry.store.answer

    def slow_after_the_first(form: dict[str, str]) -> Any:
        if form["command"] == "update" and Change.objects.filter(outcome="applied").exists():
            is_half_way.set()
            time.sleep(1)
        if form["command"] == "update":
            connections.close_all()
        return answer(form)

    far.registry.store.answer = slow_after_the_first  # type: ignore[method-assign]

    def put(sender: Program) -> Any:
        try:
            return sender.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(put, Program(program.token))
        assert is_half_way.wait(LIMIT)
        again = program.put(f"{far_address}/records", body, if_match=mark, idempotency_key=key)

    assert (first.result().status_code, again.status_code) == (200, 200), again.content
    assert said(first.result()) == said(again)
    assert sent(far) == ["update", "update"]


def test_a_set_that_stops_half_way_says_how_far_it_came(program: Program, far: Far, far_address: str) -> None:
    number = said(program.get(far_address))
    far.registry.fault("delete", "bad")
    records = [*wanted(number)[:1], RECORD]
    records[0]["preference"] = 7
    body = {"records": records[:1]}
    answer = program.put(f"{far_address}/records", body, if_match=f'"{number["fingerprint"]}"')
    found = problem(answer, "refused")

    assert [each["outcome"] for each in found["changes"]] == ["applied", "refused"]
    assert found["detail"].endswith("What was sent before it took effect.")
    assert "as it was" not in KINDS["refused"].meaning


def test_what_the_registry_refuses_has_its_words(program: Program, far: Far, far_address: str) -> None:
    far.registry.fault("new", "bad")
    found = problem(program.post(f"{far_address}/records", RECORD), "refused")

    assert found["changes"][0]["outcome"] == "refused"
    assert found["changes"][0]["words"] in found["detail"]


def test_an_outcome_that_nobody_knows_is_202_with_the_change_to_look_at(
    program: Program, far: Far, far_address: str
) -> None:
    address = f"{far_address}/records/{far.records[0]}"
    mark = etag_of(program, address)
    far.registry.fault("update", "reset-after")
    far.registry.fault("getnaptr", "garbage")
    answer = program.put(address, RECORD, if_match=mark)

    assert answer.status_code == 202
    assert said(answer)["changes"][0]["outcome"] == "unknown"
    assert said(program.get(answer["Location"]))["settled_at"] is None
    open_ones = said(program.get(f"/api/v1/history?open=1&number={far.digits}"))["changes"]
    assert [change["id"] for change in open_ones] == [said(answer)["changes"][0]["id"]]
    far.registry.heal()
    settled = program.post(f"{answer['Location']}/settle")
    assert said(settled)["outcome"] == "applied"


def test_a_registry_that_is_down_is_sent_nothing(program: Program, far: Far, far_address: str) -> None:
    far.registry.fault("show", "status-500")
    answer = program.post(f"{far_address}/records", RECORD)

    problem(answer, "registry")
    assert int(answer["Retry-After"]) > 0
    assert not Change.objects.exists()
