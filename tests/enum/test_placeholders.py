"""What the records of a block say of the number that was dialled; all telephone systems make the same of it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Naptr, Problem, check_draft, naptr_for
from dashboard.enum.regexps import search_perl, search_posix
from dashboard.enum.wildcards import Name
from dashboard.telephones import predict
from tests.enum.strategies import draft, known_names, pieces

BLOCK = "1604555"
DIALLED = "16045550123"
NAME = Name(BLOCK, is_block=True)


def record(hostdata: str, service: str = "SIP", name: Name = NAME) -> Naptr:
    found = naptr_for(draft(service, hostdata), name=name)
    assert found is not None, list(
        map(str, check_draft(draft(service, hostdata), name.digits, is_block=name.is_block))
    )
    return found


def problems(hostdata: str, service: str = "SIP", digits: str = BLOCK, *, is_block: bool = True) -> list[Problem]:
    return check_draft(draft(service, hostdata), digits, is_block=is_block)


def codes(found: list[Problem]) -> list[tuple[str, str]]:
    return [("concern" if one.is_concern else one.severity, one.code) for one in found]


MADE = [
    ("SIP", "{number}@gw.example.org", r"!^\+?(.*)$!sip:\1@gw.example.org!", f"sip:{DIALLED}@gw.example.org"),
    ("SIP", "+{number}@gw.example.org", r"!^\+?(.*)$!sip:+\1@gw.example.org!", f"sip:+{DIALLED}@gw.example.org"),
    ("SIP", "{rest}@gw.example.org", r"!^\+?1604555(.*)$!sip:\1@gw.example.org!", "sip:0123@gw.example.org"),
    (
        "SIP",
        "{rest}@gw.example.org;x={number}",
        r"!^\+?(1604555(.*))$!sip:\2@gw.example.org;x=\1!",
        f"sip:0123@gw.example.org;x={DIALLED}",
    ),
    ("SIP", "ext{rest}.{rest}@gw.example.org", None, "sip:ext0123.0123@gw.example.org"),
    ("SIP", "alice@{number}.example.org", None, f"sip:alice@{DIALLED}.example.org"),
    ("SIP", "sips:{number}@gw.example.org;user=phone", None, f"sips:{DIALLED}@gw.example.org;user=phone"),
    ("IAX2", "pbx.example.org/{rest}", r"!^\+?1604555(.*)$!iax2:pbx.example.org/\1!", "iax2:pbx.example.org/0123"),
    ("TEL", "+44{rest}", r"!^\+?1604555(.*)$!tel:+44\1!", "tel:+440123"),
    ("TEL", "+44 {rest};ext=1", None, "tel:+440123;ext=1"),
    ("MAILTO", "{number}@sms.example.org", None, f"mailto:{DIALLED}@sms.example.org"),
    ("XMPP", "{number}@example.org/{rest}", None, f"xmpp:{DIALLED}@example.org/0123"),
    ("WEB", "https://www.example.org/{number}?x={rest}", None, f"https://www.example.org/{DIALLED}?x=0123"),
    ("SIP", "alice@example.org", "!^.*$!sip:alice@example.org!", "sip:alice@example.org"),
]


@pytest.mark.parametrize(("service", "hostdata", "regexp", "uri"), MADE)
def test_what_was_dialled_is_put_in_by_a_back_reference(
    service: str, hostdata: str, regexp: str | None, uri: str
) -> None:
    made = record(hostdata, service)
    assert regexp is None or made.regexp == regexp
    assert made.uri_for(DIALLED) == uri
    assert [problem for problem in problems(hostdata, service) if problem.is_error or problem.is_concern] == []


@pytest.mark.parametrize(
    "hostdata", ["{number}@gw.example.org", "+{number}@b.example", "{rest}@b.example", "{rest}@b.example;n={number}"]
)
@pytest.mark.parametrize("dialled", [DIALLED, "160455501234567", "16045559"])
def test_all_telephone_systems_make_the_same_of_it(hostdata: str, dialled: str) -> None:
    made = record(hostdata)
    found = {prediction.telephone.name: prediction.uris for prediction in predict(dialled, [made])}
    assert set(found.values()) == {(made.uri_for(dialled),)}


@pytest.mark.parametrize("hostdata", ["{number}@gw.example.org", "{rest}@b.example;n={number}"])
def test_the_pattern_matches_with_and_without_the_plus_in_both_dialects(hostdata: str) -> None:
    pattern = record(hostdata).regexp.split("!")[1]
    for search in (search_posix, search_perl):
        with_plus, without = search(pattern, "+" + DIALLED), search(pattern, DIALLED)
        assert with_plus is not None
        assert without is not None
        assert with_plus.texts[1:] == without.texts[1:]


def test_a_record_of_one_number_cannot_hold_a_placeholder() -> None:
    (problem,) = problems("{number}@gw.example.org", digits=DIALLED, is_block=False)
    assert (problem.field, problem.code, problem.severity) == ("hostdata", "placeholder", "error")
    assert "write its digits" in str(problem)
    assert naptr_for(draft("SIP", "{number}@gw.example.org"), name=Name(DIALLED)) is None
    assert naptr_for(draft("SIP", "{rest}@gw.example.org")) is None


@pytest.mark.parametrize(
    "hostdata",
    ["{number}5@gw.example.org", "${number}@gw.example.org", "%4{number}@gw.example.org", "a%{rest}@gw.example.org"],
)
def test_what_systems_would_read_differently_is_refused(hostdata: str) -> None:
    assert codes(problems(hostdata)) in ([("error", "placeholder")], [("error", "percent")])
    assert naptr_for(draft("SIP", hostdata), name=NAME) is None


def test_digits_that_come_together_where_separators_go_are_refused_too() -> None:
    assert codes(problems("+{number}-5", "TEL")) == [("error", "tel-length")]
    assert codes(problems("+1{rest}-5", "TEL")) == [("error", "placeholder")]


@pytest.mark.parametrize(("is_block", "part"), [(True, "Write {number}"), (False, "Only the records of a block")])
def test_a_back_reference_typed_by_hand_is_asked_about(is_block: bool, part: str) -> None:
    found = problems(r"\1@gw.example.org", is_block=is_block)
    assert codes(found) == [("concern", "back-reference")]
    assert part in str(found[0])
    assert record(r"\1@gw.example.org").uri_for(DIALLED) == "sip:%5C1@gw.example.org"


@pytest.mark.parametrize("hostdata", ["{Number}@gw.example.org", "{num}@gw.example.org", "{rest }@gw.example.org"])
def test_a_misspelt_placeholder_is_asked_about(hostdata: str) -> None:
    found = problems(hostdata.replace(" ", "_"))
    assert codes(found) == [("concern", "placeholder-unknown")]
    assert "{number} and {rest}" in str(found[0])


@pytest.mark.parametrize("hostdata", ["+{number}", f"+{BLOCK}{{rest}}", "tel:+{number};ext=1"])
def test_a_block_that_leads_to_its_own_numbers_is_a_loop(hostdata: str) -> None:
    assert ("error", "tel-loop") in codes(problems(hostdata, "TEL"))
    assert naptr_for(draft("TEL", hostdata), name=NAME) is None


def test_a_block_that_leads_to_one_of_its_numbers_is_asked_about() -> None:
    assert codes(problems(f"+{DIALLED}", "TEL")) == [("concern", "tel-within")]
    assert codes(problems("+16045560123", "TEL")) == []
    assert naptr_for(draft("TEL", f"+{DIALLED}"), name=NAME) is not None


def test_errors_quote_the_placeholder_and_not_what_stood_in_for_it() -> None:
    (problem,) = problems("{number}@exa_mple{number}.org")
    assert "exa_mple{number}.org" in str(problem)
    assert "{number}" in str(problems("{number}", "SIP")[0])


@pytest.mark.parametrize(("room", "fits"), [(0, True), (1, False)])
def test_what_is_too_long_for_the_longest_number_is_refused(room: int, fits: bool) -> None:
    user = "x" * (255 - len("sip:@example.org") - 15 + room)
    hostdata = f"{{number}}{user}@example.org"
    assert codes(problems(hostdata)) == ([] if fits else [("error", "too-long")])
    assert (naptr_for(draft("SIP", hostdata), name=NAME) is not None) == fits
    if fits:
        assert len(record(hostdata).uri_for("1" * 15)) == 255


@given(
    st.text(string.digits, min_size=1, max_size=14).filter(lambda digits: not digits.startswith("0")),
    st.text(string.digits, min_size=1, max_size=8),
    st.lists(st.sampled_from(["a", ".", "{number}", "{rest}", "-", "x", "~"]), min_size=1, max_size=8).map("".join),
)
def test_any_host_data_is_filled_in_as_if_it_had_been_typed(block: str, rest: str, user: str) -> None:
    name, dialled = Name(block, is_block=True), block + rest
    made = naptr_for(draft("SIP", f"u{user}@example.org"), name=name)
    if made is None:
        found = check_draft(draft("SIP", f"u{user}@example.org"), block, is_block=True)
        assert {problem.code for problem in found if problem.is_error} <= {"too-long"}
        return
    typed = user.replace("{number}", dialled).replace("{rest}", rest)
    assert made.uri_for(dialled) == f"sip:u{typed}@example.org"
    assert made.regexp.count("!") == 3


@given(known_names, st.lists(st.one_of(pieces, st.sampled_from(["{number}", "{rest}"])), max_size=10).map("".join))
def test_a_block_has_a_naptr_exactly_if_nothing_is_an_error(service: str, hostdata: str) -> None:
    errors = [problem for problem in problems(hostdata, service) if problem.is_error]
    assert (naptr_for(draft(service, hostdata), name=NAME) is None) == bool(errors)
