"""The search for programs."""

from dashboard.models import Credential, NumberNote, User
from tests.api.program import Program, problem, said, token_of
from tests.web.views.test_search import make

V1 = "/api/v1"


def test_what_is_found_is_read_page_by_page(program: Program, credential: Credential) -> None:
    for place in range(120):
        make(credential, f"4420794{place:05}")
    make(credential, "49301234567", text="")
    NumberNote.objects.create(credential=credential, number_id=400000, text="Desk", tags="a b")
    seen, page = list[str](), ""
    while True:
        answer = said(program.get(f"{V1}/search?q=host:pbx-old&page={page}"))
        seen += [number["number"] for number in answer["numbers"]]
        if (page := answer["next"]) is None:
            break
    assert seen == [f"+4420794{place:05}" for place in range(120)]
    first = said(program.get(f"{V1}/search?q=desk"))["numbers"][0]
    assert first["records"][0]["hostdata"] == "office@pbx-old.example.net"
    assert (first["credential_label"], first["tags"], first["note"]) == ("Embedded", ["a", "b"], "Desk")


def test_what_cannot_be_understood_is_422_with_the_word(program: Program) -> None:
    wrong = problem(program.get(f"{V1}/search?q=hots:x"), "invalid")
    assert wrong["errors"][0]["field"] == "q"
    assert "“hots:x”" in wrong["detail"]
    assert problem(program.get(f"{V1}/search?page=x"), "invalid")["errors"][0]["field"] == "page"


def test_a_token_for_some_numbers_finds_no_others(person: User, credential: Credential) -> None:
    for digits in ("442079460958", "49301234567"):
        make(credential, digits)
    program = Program(token_of(person, beginnings=("44",)))
    for query in ("", "host:pbx-old", "pbx-old", "country:DE", "-tag:x"):
        found = said(program.get(f"{V1}/search?q={query}"))["numbers"]
        assert [number["number"] for number in found] in (["+442079460958"], [])
