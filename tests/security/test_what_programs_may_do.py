"""Every address and method of the API, with the token of each kind of person, against docs/security.md."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.models import Change, Credential, Scope, Team, User
from dashboard.registry.models import Number
from tests.api.program import Program, token_of
from tests.fixtures_jobs import job_of
from tests.fixtures_people import share
from tests.security.test_who_may_do_what import METHODS, OF_API, Line, read_table

KINDS = ["stranger", "viewer", "editor", "manager", "owner", "owner, only reading"]
TABLE = list(read_table("What programs may do"))
LINES = [(line, method) for line in TABLE for method in line.methods]
RECORD = {"preference": 50, "service": "SIP", "hostdata": "new@sip.example.org"}
BODIES: dict[str, dict[str, dict[str, object]]] = {
    "/records": {"POST": RECORD, "PUT": {"records": []}},
    "/records/<record>": {"PUT": RECORD},
    "/undo": {"POST": {}},
    "/start": {"POST": {}},
    "/bulk": {"POST": {"action": "tag", "fields": {"add": "moved"}, "query": "service:SIP"}},
    "/import": {"POST": {"credential": "<credential>", "text": "number\n", "format": "csv"}},
    "/who-can-call": {"POST": {"number": "+442079460000", "records": []}},
}


@pytest.fixture
def programs(stranger: User, viewer: User, editor: User, manager: User, person: User) -> dict[str, Program]:
    """A program of each of KINDS."""
    found = {
        kind: Program(token_of(who))
        for kind, who in zip(KINDS, (stranger, viewer, editor, manager, person), strict=False)
    }
    return found | {KINDS[-1]: Program(token_of(person, scope=Scope.READ))}


@pytest.fixture
def fill(team: Team, credential: Credential, person: User) -> Callable[[str], str]:
    """Put what there is into an address: Alice's credential, shared with the team, one of its records, a change."""
    share(credential, team)
    number = Number.objects.order_by("pk")[0]
    change = Change.objects.create(
        user=person,
        person="alice",
        credential=credential,
        command="delete",
        number_id=number.pk,
        number=number.digits,
    )
    values = {
        "credential": credential.pk,
        "number": number.pk,
        "record": number.records.order_by("pk")[0].pk,
        "change": change.pk,
        "team": team.pk,
        "job": job_of(person, credential).pk,
    }
    Team.objects.update(approval_above=0)

    def filled(address: str) -> str:
        query = f"?credential={credential.pk}" if address.startswith("/api/v1/dns/") else ""
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), address) + query

    return filled


def answer_to(program: Program, method: str, line: str, fill: Callable[[str], str]) -> str:
    body: Any = next((bodies.get(method) for end, bodies in BODIES.items() if line.endswith(end)), None)
    if body and body.get("credential"):
        body = body | {"credential": int(fill("<credential>"))}
    address = fill(line)
    status = program.ask(method, address, body, if_match='"0"').status_code
    assert status < 500
    return str(status) if status in {401, 403, 404, 405} else "yes"


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    assert {line.address for line in TABLE} == set(OF_API)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("line", "method"), LINES, ids=lambda part: getattr(part, "address", part))
def test_an_answer_is_that_of_the_table(
    programs: dict[str, Program], fill: Callable[[str], str], line: Line, method: str, kind: str
) -> None:
    answer = answer_to(programs[kind], method, line.address, fill)

    assert answer == line.answers[KINDS.index(kind)]


@pytest.mark.parametrize(("line", "method"), LINES, ids=lambda part: getattr(part, "address", part))
def test_without_a_token_the_answer_is_401(db: None, fill: Callable[[str], str], line: Line, method: str) -> None:
    assert answer_to(Program("none"), method, line.address, fill) == "401"


@pytest.mark.parametrize("address", OF_API)
def test_a_method_that_is_not_in_the_table_is_refused(
    programs: dict[str, Program], fill: Callable[[str], str], address: str
) -> None:
    known = {method for line in TABLE if line.address == address for method in line.methods}
    for method in set(METHODS) - known:
        assert answer_to(programs["owner"], method, address, fill) == "405"
