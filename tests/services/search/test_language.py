"""What people type to search is read, printed, and refused in sentences that name the word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.services.dns import State
from dashboard.services.search.language import DNS_STATES, KEYS, PROBLEMS, Query, QueryError, Word, parse

TYPED = st.lists(
    st.sampled_from(
        [*'ab+-:"\\ ()*.0149é\t', *(f"{key}:" for key in KEYS), "sip:", "any", "ok", "<7d", ">2026-01-01"]
    )
).map("".join)


@given(TYPED | st.text())
@example('"1" "2"')
@example('a"b')
@example('-"\\""')
@example("records:\u0663")
@example("changed:<999999999999999d")
@example("changed:0000-01-01")
def test_whatever_is_typed_is_read_or_refused_and_what_was_read_is_the_same_when_printed(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  moved\t", [Word("moved")]),
        ("host:pbx-old service:SIP", [Word("pbx-old", "host"), Word("SIP", "service")]),
        ("-tag:old", [Word("old", "tag", is_excluded=True)]),
        ('credential:"Head office"', [Word("Head office", "credential")]),
        ('-note:"say \\"yes\\" \\\\"', [Word('say "yes" \\', "note", is_excluded=True)]),
        ('"host:x"', [Word("host:x")]),
        ("HOST:X", [Word("X", "host")]),
        ("+44 20 7946 0958", [Word("+44 20 7946 0958")]),
        ("1604 555 +44", [Word("1604 555"), Word("+44")]),
        ("number:+44 1604*", [Word("+44", "number"), Word("1604*")]),
        ("a-b 192.0.2.1", [Word("a-b"), Word("192.0.2.1")]),
        ("records:>3 changed:<7d", [Word(">3", "records"), Word("<7d", "changed")]),
        ("country:gb problem:ANY", [Word("gb", "country"), Word("ANY", "problem")]),
        ("sip:office@pbx.example.org", [Word("sip:office@pbx.example.org")]),
    ],
)
def test_what_is_typed_means(text: str, words: list[Word]) -> None:
    assert parse(text) == Query(tuple(words))


@pytest.mark.parametrize(
    ("text", "at_fault", "what_to_do"),
    [
        ("hots:pbx", "hots:pbx", "host:"),
        ("host:", "host:", "right behind the colon"),
        ('host:""', 'host:""', "right behind the colon"),
        ("a - b", "-", "right behind the minus"),
        ('say "yes', '"yes', "quotation mark"),
        ('say"yes"', 'say"yes"', "quotation mark"),
        ("problem:fax", "problem:fax", "any, none, kamailio"),
        ("dns:fine", "dns:fine", "ok, published"),
        ("records:many", "records:many", "records:>3"),
        ("changed:soon", "changed:soon", "changed:<7d"),
        ("changed:2026-02-30", "changed:2026-02-30", "changed:<7d"),
        ("country:Atlantis", "country:Atlantis", "country:GB"),
        ("service:SIP service:H323", "service:H323", "once"),
    ],
)
def test_what_cannot_be_understood_is_named_and_said_what_to_do(text: str, at_fault: str, what_to_do: str) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(text)
    assert refusal.value.word == at_fault
    assert f"“{at_fault}”" in str(refusal.value)
    assert what_to_do in str(refusal.value)


def test_a_search_has_so_many_words_at_most() -> None:
    with pytest.raises(QueryError, match="at most 20 words; this one has 21"):
        parse("a " * 21)


def test_all_states_and_systems_can_be_asked_for() -> None:
    assert set(DNS_STATES) == {state.value for state in State} | {"ok", "unknown"}
    assert {"kamailio", "asterisk", "any", "none"} < set(PROBLEMS)
