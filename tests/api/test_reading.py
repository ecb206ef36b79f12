"""What programs read: credentials, numbers, records, teams, themselves."""

import uuid

from dashboard.enum import Naptr
from dashboard.models import Credential, Team, User
from dashboard.registry import store
from dashboard.registry.models import Number, RawRecord
from tests.api.program import Program, problem, said, token_of
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import LiveZone
from tests.fixtures_people import share
from tests.web.views.far import Far

V1 = "/api/v1"


def test_a_program_sees_the_credentials_of_its_person(program: Program, credential: Credential) -> None:
    (found,) = said(program.get(f"{V1}/credentials"))["credentials"]

    assert (found["id"], found["label"], found["registry"]) == (credential.pk, "Embedded", "This registry")
    assert said(program.get(f"{V1}/credentials/{credential.pk}")) == found


def test_a_page_of_numbers_is_searched_and_sorted(program: Program, credential: Credential) -> None:
    address = f"{V1}/credentials/{credential.pk}/numbers"
    everything = said(program.get(f"{address}?sort=-number"))
    one = everything["numbers"][0]

    assert everything["total"] == everything["matching"] == len(everything["numbers"]) == 3
    assert said(program.get(f"{address}?q={one['number'][1:]}"))["numbers"] == [one]
    assert program.get(f"{address}?page=9").status_code == 200
    assert problem(program.get(f"{address}?q=x!"), "invalid")["errors"][0]["field"] == "number"


def test_a_number_is_named_by_its_id_or_by_its_digits(
    program: Program, credential: Credential, numbers: list[Number], address: str
) -> None:
    answer = program.get(address)
    found = said(answer)
    by_digits = program.get(f"{V1}/credentials/{credential.pk}/numbers/+{numbers[0].digits}")

    assert found["number"] == f"+{numbers[0].digits}"
    assert len(found["records"]) == 3
    assert answer["ETag"] == f'"{found["fingerprint"]}"'
    assert said(by_digits) == found
    assert said(program.get(f"{address}/records")) == found


def test_a_record_has_an_etag_of_its_own(program: Program, address: str) -> None:
    first = said(program.get(address))["records"][0]
    answer = program.get(f"{address}/records/{first['id']}")

    assert said(answer) == first
    assert answer["ETag"] == f'"{first["fingerprint"]}"'


def test_what_is_not_there_is_said_so(program: Program, credential: Credential, address: str) -> None:
    for path in (
        f"{V1}/credentials/999999",
        f"{V1}/credentials/{credential.pk}/numbers/999999",
        f"{V1}/credentials/{credential.pk}/numbers/+999999",
        f"{V1}/credentials/{credential.pk}/numbers/office",
        f"{V1}/credentials/{10**30}",
        f"{address}/records/999999",
        f"{V1}/history/999999",
        f"{V1}/teams/999999",
        f"{V1}/credentials/",
        f"{V1}/nothing",
        "/api/v2/credentials",
    ):
        problem(program.get(path), "not-found")


def test_a_program_knows_for_whom_it_acts(reader: Program, person: User, credential: Credential) -> None:
    found = said(reader.get(f"{V1}/me"))
    narrow = said(Program(token_of(person, credentials=[credential], beginnings=("44", "1"))).get(f"{V1}/me"))

    assert found["person"] == "alice"
    assert (found["token"]["scope"], found["token"]["credentials"], found["token"]["digits"]) == ("read", None, [])
    assert (narrow["token"]["credentials"], narrow["token"]["digits"]) == ([credential.pk], ["44", "1"])


def test_teams_are_read_with_their_members(
    program: Program, team: Team, viewer: User, credential: Credential
) -> None:
    share(credential, team)
    (found,) = said(program.get(f"{V1}/teams"))["teams"]

    assert found["name"] == "Office"
    assert {each["person"]: each["role"] for each in found["members"]} == {"alice": "manager", "victor": "viewer"}
    assert found["credentials"] == [{"credential": credential.pk, "role": "manager"}]
    assert said(program.get(f"{V1}/teams/{team.pk}")) == found


def test_a_token_for_some_credentials_does_not_see_others_in_a_team(
    person: User, team: Team, credential: Credential, far: Far
) -> None:
    share(credential, team)
    share(far.credential, team)
    (found,) = said(Program(token_of(person, credentials=[far.credential])).get(f"{V1}/teams"))["teams"]

    assert [each["credential"] for each in found["credentials"]] == [far.credential.pk]


def test_a_registry_that_fails_is_said_with_when_to_ask_again(program: Program, far: Far, far_address: str) -> None:
    far.registry.fault("show", "garbage")
    answer = program.get(far_address)

    problem(answer, "registry")
    assert int(answer["Retry-After"]) > 0


def test_who_can_call_is_told_for_stored_and_for_given_records(
    reader: Program, credential: Credential, numbers: list[Number]
) -> None:
    number = f"+{numbers[0].digits}"
    stored = said(reader.post(f"{V1}/who-can-call", {"number": number, "credential": credential.pk}))
    records = [{"preference": 10, "service": "SIP", "hostdata": "office@sip.example.org"}]
    given = said(reader.post(f"{V1}/who-can-call", {"number": "+442079460000", "records": records}))

    assert len(stored["records"]) == 3
    assert {each["name"]: each["uris"] for each in given["systems"]}["kamailio"] == ["sip:office@sip.example.org"]
    assert given["records"][0]["verdicts"][0]["state"] == "used"
    problem(reader.post(f"{V1}/who-can-call", {"number": number}), "invalid")


def test_the_dns_state_of_a_number_is_told(
    reader: Program, in_zone: Credential, registry: FaultyRegistry, live_zone: LiveZone
) -> None:
    wanted = [
        Naptr(100, 10 * (place + 1), "u", "E2U+sip", f"!^.*$!sip:5550100.{place}@sip.example.org!")
        for place in range(2)
    ]
    live_zone.publish("12005550100", wanted[0])
    address = f"{V1}/dns/+12005550100?credential={in_zone.pk}"
    found = said(reader.get(address))

    assert (found["state"], found["is_as_it_should"]) == ("differs", False)
    assert len(found["expected"]) == 2
    (difference,) = found["servers"][0]["differences"]
    assert (difference["expected"], difference["found"]) == (found["expected"][1], None)
    live_zone.publish("12005550100", *wanted)
    assert said(reader.get(address))["state"] == "published"


def test_an_answer_says_which_request_was_meant_by_nobody(program: Program) -> None:
    found = problem(program.get(f"{V1}/history?{uuid.uuid4().hex}=1"), "invalid")

    assert found["errors"][0]["code"] == "unknown"


def test_a_raw_record_says_that_it_is_one(program: Program, credential: Credential, numbers: list[Number]) -> None:
    Number.objects.filter(pk=numbers[0].pk).update(is_sample=False)
    store.save_raw(RawRecord(number=numbers[0], regexp="!^.*$!sip:night@example.org!", preference=900))
    asked = {"number": f"+{numbers[0].digits}", "credential": credential.pk}
    *known, raw = said(program.post(f"{V1}/who-can-call", asked))["records"]

    assert {way["is_raw"] for way in known} == {False}
    assert (raw["is_raw"], raw["record"]["id"], raw["uri"]) == (True, None, "sip:night@example.org")
