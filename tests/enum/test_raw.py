"""Raw records: what administrators may publish word for word, and what would be unsafe."""

import dns.rdata
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Name, Naptr, NaptrError, check_raw, read_raw
from dashboard.enum.raw import numbers_to_try, publishable
from dashboard.telephones import predict

NUMBER, BLOCK = Name("442079460958"), Name("4420", is_block=True)
ALL_TO_ONE = r"!^(.*)$!sip:\1@pbx.example.org!"


def raw(regexp: str = ALL_TO_ONE, *, flags: str = "u", service: str = "E2U+sip", replacement: str = "") -> Naptr:
    return read_raw(100, 10, flags, service, regexp, replacement)


def codes(record: Naptr, name: Name = BLOCK, *, errors: bool = True) -> set[str]:
    return {problem.code for problem in check_raw(record, name) if problem.is_error == errors}


@pytest.mark.parametrize(
    "record",
    [
        raw(),
        raw(r"!^\+4420(.*)$!sip:\1@pbx.example.org!"),
        raw(r"!^\+?(4420)(.*)$!sip:\2@\1.example.org!"),
        raw("!^.*$!sip:desk@pbx.example.org!"),
        raw(r"/^(.*)$/tel:\1/", service="E2U+pstn:tel"),
        raw(r"!^(.*)$!sip:\1@pbx.example.org!", service="E2U+sip+voice:tel"),
        raw(r"!^(.*)$!x-thing:\1!", service="E2U+x-thing"),
        raw("", flags="", service="", replacement="4420.enum.example.org."),
        raw("", flags="S", service="E2U+sip", replacement="_sip._udp.example.org."),
    ],
)
def test_what_communities_publish_may_be_published(record: Naptr) -> None:
    assert codes(record) == set()


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (raw(flags="uu"), "flags"),
        (raw(service="sip+E2U"), "service"),
        (raw(service=""), "no-service"),
        (raw(replacement="example.org."), "both"),
        (raw("", replacement="example.org."), "terminal"),
        (raw("", flags=""), "neither"),
        (raw("^(.*)$"), "delimiter"),
        (raw(r"!^(.*)$!sip:\1@pbx.example.org"), "delimiter"),
        (raw(r"!^(.*)$!sip:\1@pbx.example.org!e"), "delimiter"),
        (raw(r"!!sip:a@pbx.example.org!"), "delimiter"),
        (raw(r"!^(.*)/e$!sip:\1@pbx.example.org!"), "pattern-character"),
        (raw(r"!^(.*)`id`$!sip:\1@pbx.example.org!"), "pattern-character"),
        (raw(r"!^(.*)$!sip:${system(id)}@pbx.example.org!"), "character"),
        (raw(r"!^(.*)$!sip:`id`@pbx.example.org!"), "character"),
        (raw(r"!^(.*)$!sip:\1 @pbx.example.org!"), "character"),
        (raw(r"!^(.*)$!sip:'\1'@pbx.example.org!"), "character"),
        (raw(r"!^(.*)$!sip:\x41@pbx.example.org!"), "character"),
        (raw(r"!^(.*)$!sip:$1@pbx.example.org!"), "unclear"),
        (raw(r"!^(.*)$!sip:\10@pbx.example.org!"), "unclear"),
        (raw(r"!^(.*)$!sip:%\1@pbx.example.org!"), "unclear"),
        (raw(r"!^(.*)$!sip:\2@pbx.example.org!"), "reference"),
        (raw(r"!^(.)(.)(.)(.)(.)(.)!sip:\6@pbx.example.org!"), "crash"),
        (raw(r"!^((.*)*)$!sip:\1@pbx.example.org!"), "unpredictable"),
        (raw(r"!^(\d+)\b(a|)$!sip:\1@pbx.example.org!"), "unpredictable"),
        (raw(r"!^(.*)$!\1@pbx.example.org!"), "no-uri"),
        (raw(r"!^(.*)$!javascript:\1!", service="E2U+x-thing"), "no-uri"),
        (raw(r"!^(.*)$!mailto:\1@example.org!"), "scheme"),
        (raw(r"!^(.*)$!tel:\1!", service="E2U+voice:tel"), "loop"),
        (raw("!^.*$!sip:desk@pbx..example.org!"), "host"),
    ],
)
def test_what_is_unsafe_or_no_record_is_refused(record: Naptr, code: str) -> None:
    assert code in codes(record)
    assert not publishable(record, BLOCK)


def test_a_record_of_a_number_has_to_match_that_number() -> None:
    other = raw(r"!^\+1(.*)$!sip:\1@pbx.example.org!")
    assert codes(other, NUMBER) == {"no-match"}
    assert (codes(other, BLOCK), codes(other, BLOCK, errors=False)) == (set(), {"no-match"})


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (raw("", flags="", service="", replacement="4420.enum.example.org."), "non-terminal"),
        (raw("", flags="S", replacement="_sip._udp.example.org."), "other-flag"),
        (raw(service="E2U+sip+voice:tel"), "compound"),
        (raw(ALL_TO_ONE + "i"), "ignore-case"),
        (raw(r"/^(.*)$/sip:\1@pbx.example.org/"), "other-delimiter"),
        (raw(r"!^(.*)$!sip:\1@10.0.0.1!"), "private-address"),
    ],
)
def test_what_some_system_stumbles_over_is_a_concern(record: Naptr, code: str) -> None:
    (concern,) = (problem for problem in check_raw(record, BLOCK) if problem.code == code)
    assert concern.is_concern
    assert str(concern)


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ((70_000, 10, "u", "E2U+sip", ALL_TO_ONE, ""), "order"),
        ((100, -1, "u", "E2U+sip", ALL_TO_ONE, ""), "preference"),
        ((100, 10, "ü", "E2U+sip", ALL_TO_ONE, ""), "flags"),
        ((100, 10, "u", "E2U+sip\n", ALL_TO_ONE, ""), "service"),
        ((100, 10, "u", "E2U+sip", "!" * 256, ""), "regexp"),
        ((100, 10, "u", "E2U+sip", "!^.*$!sip:\0@a.example!", ""), "regexp"),
        ((100, 10, "", "", "", "example.org"), "replacement"),
        ((100, 10, "", "", "", 'a"b.example.org.'), "replacement"),
        ((100, 10, "", "", "", "a b.example.org."), "replacement"),
        ((100, 10, "", "", "", ("a" * 60 + ".") * 5), "replacement"),
    ],
)
def test_what_no_record_can_hold_names_its_field(fields: tuple[int, int, str, str, str, str], at_fault: str) -> None:
    with pytest.raises(NaptrError) as caught:
        read_raw(*fields)
    assert caught.value.field == at_fault


def test_of_a_block_short_and_long_numbers_are_tried() -> None:
    assert numbers_to_try(BLOCK) == ("44200", "44200000000", "442000000000000")
    assert numbers_to_try(NUMBER) == (NUMBER.digits,)


TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=0x17F), max_size=40)
PIECES = st.lists(
    st.sampled_from(
        ["!", "^", "(.*)", "$", "sip:", "\\", "1", "2", "${", "`", "'", '"', " .", ";", "@pbx.example", "/", "\n"]
    )
).map("".join)


@given(flags=TEXT, service=TEXT, regexp=TEXT | PIECES, replacement=TEXT)
def test_whatever_is_published_is_read_back_from_a_zone_file_as_it_was(
    flags: str, service: str, regexp: str, replacement: str
) -> None:
    try:
        record = read_raw(100, 10, flags, service, regexp, replacement)
    except NaptrError:
        return
    check_raw(record, BLOCK)
    text = record.to_text()
    assert "\n" not in text
    assert dns.rdata.from_text("IN", "NAPTR", text) == record.to_rdata()


@given(regexp=PIECES.map(lambda text: f"!^(.*)$!sip:{text}!") | PIECES)
def test_nothing_that_is_published_makes_a_telephone_system_crash_or_run_something(regexp: str) -> None:
    record = Naptr(100, 10, "u", "E2U+sip", regexp)
    if publishable(record, NUMBER):
        for prediction in predict(NUMBER.digits, [record]):
            assert not {"crash", "unpredictable"} & {verdict.code for verdict in prediction.verdicts}
            assert all(uri.isascii() and not set("`'\"\\ ${}") & set(uri) for uri in prediction.uris)
