"""What telephone systems do with the records of a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Naptr
from dashboard.telephones import TELEPHONES, predict
from tests.telephones.cases import GOOD, NUMBER, Observed, calls, code, observed, prediction, sip, who_calls

ALL = "kamailio opensips asterisk freeswitch yate freepbx"


@pytest.mark.parametrize("case", observed(), ids=lambda case: case.name)
def test_predictions_agree_with_what_was_observed(case: Observed) -> None:
    found = calls(*case.records, digits=case.digits)
    assert {name: found[name] for name in case.uris} == case.uris


def test_there_is_a_prediction_for_each_system_and_a_verdict_on_each_record() -> None:
    predictions = predict(NUMBER, [sip(), sip(service="E2U+tel", preference=20)])
    assert tuple(each.telephone for each in predictions) == TELEPHONES
    assert [telephone.name for telephone in TELEPHONES] == ALL.split()
    assert all([verdict.state for verdict in each.verdicts] == ["used", "skipped"] for each in predictions)


@pytest.mark.parametrize(
    ("service", "systems"),
    [
        ("E2U+sip", ALL),
        ("e2U+SIP", "kamailio opensips freeswitch yate freepbx"),
        ("sip+E2U", "kamailio opensips asterisk freepbx"),
        ("E2U+sip:tcp", "freepbx"),
        ("E2U+pstn:sip", "asterisk freepbx"),
        ("E2U+email:sip:x", "freepbx"),
        ("E2U+sip+h323", "freepbx"),
        ("E2U+h323+voice:sip", "asterisk freepbx"),
        ("E2U+sips", "freepbx"),
        ("E2U+IAX2", "yate freepbx"),
        ("E2U+h323", "yate"),
        ("E2U+XMPP", "yate"),
        ("E2U+voice:tel", ""),
        ("sip", "freepbx"),
        ("", ""),
        ("E2U+sip\0", "asterisk yate freepbx"),
        ("E2U+sip ", "freepbx"),  # the blank shifts what FreeSWITCH takes for the regexp
    ],
)
def test_each_system_has_its_own_way_to_look_for_a_service(service: str, systems: str) -> None:
    assert who_calls(sip(service=service)) == systems


@pytest.mark.parametrize(
    ("flags", "systems"),
    [("U", ALL), ("", "freeswitch yate freepbx"), ("us", "asterisk freeswitch yate freepbx")],
)
def test_some_systems_read_no_flags(flags: str, systems: str) -> None:
    assert who_calls(sip(flags=flags)) == systems


@pytest.mark.parametrize(
    ("regexp", "systems"),
    [
        ("#^.*$#sip:a@example.net#", "asterisk yate"),
        ("!^.*$!sip:a@example.net", "freeswitch freepbx"),
        ("!^.*$!sip:a@example.net!x", "kamailio opensips freeswitch freepbx"),
        ("!^.*$!sip:a@example.net!i", "kamailio opensips asterisk freeswitch freepbx"),
        ("!!sip:a@example.net!", "kamailio opensips asterisk freeswitch freepbx"),
        ("!^.*$!", ""),
        ("!^.*$!!", ""),
        ("^.*$", ""),
        ("!", ""),
        ("", ""),
    ],
)
def test_delimiters(regexp: str, systems: str) -> None:
    assert who_calls(sip(regexp)) == systems


def test_an_escaped_delimiter_is_data_for_freeswitch_alone() -> None:
    found = calls(sip(r"!^.*$!sip:a\!b@example.net!"))
    assert found == {
        "kamailio": [],
        "opensips": [],
        "asterisk": [r"sip:a\!b@example.net"],
        "freeswitch": ["sip:a!b@example.net"],
        "yate": [r"sip:a\!b@example.net"],
        "freepbx": ["sip:a\\"],
    }


@pytest.mark.parametrize(
    ("pattern", "systems"),
    [
        (r"^\+?(.*)$", ALL),
        (r"^\+1604", ALL),
        (r"^\d+", ""),
        (r"\d+", "freeswitch freepbx"),
        (r"[[:digit:]]+", ALL),
        (r"^(?:.+)$", "freeswitch freepbx"),
        (r"^.+?$", ALL),
        (r"\w+", ALL),
        ("^1604", ""),
        ("(", ""),
        ("*", ""),
        ("a/b|.*", "kamailio opensips asterisk freeswitch yate"),
    ],
)
def test_patterns_are_posix_for_some_and_perl_for_others(pattern: str, systems: str) -> None:
    assert who_calls(sip(f"!{pattern}!sip:a@example.net!")) == systems


def test_posix_takes_the_longest_match_and_perl_the_first() -> None:
    found = calls(sip(r"!^\+(1|1604)!sip:\1@example.net!"))
    assert found["kamailio"] == found["asterisk"] == found["yate"] == ["sip:1604@example.net"]
    assert found["freeswitch"] == ["sip:1@example.net"]


def test_of_two_ways_to_the_same_match_the_first_alternative_is_taken() -> None:
    for uris in calls(sip(r"!^\+(1|1604)(.*)$!sip:\1@example.net!")).values():
        assert uris == ["sip:1@example.net"]


def test_references_to_groups_that_took_no_part() -> None:
    found = calls(sip(r"!^.*(x)?$!sip:a\1@example.net!"))
    assert found["kamailio"] == found["asterisk"] == []
    assert found["yate"] == [f"sip:a+{NUMBER}@example.net"]
    assert found["freeswitch"] == found["freepbx"] == ["sip:a@example.net"]
    assert prediction("asterisk", sip(r"!^.*(x)?$!sip:a\1@example.net!")).code == "reference"


def test_references_above_nine_are_read_by_perl_systems_alone() -> None:
    found = calls(sip(r"!^\+(1)(.*)$!sip:\10@example.net!"))
    assert found["kamailio"] == found["asterisk"] == found["yate"] == ["sip:10@example.net"]
    assert found["freeswitch"] == found["freepbx"] == ["sip:@example.net"]


def test_the_whole_match_is_group_0_except_for_freeswitch_without_parentheses() -> None:
    assert calls(sip(r"!^.*$!sip:\0@example.net!"))["freeswitch"] == ["sip:$0@example.net"]
    assert calls(sip(r"!^(.*)$!sip:\0@example.net!"))["freeswitch"] == [f"sip:+{NUMBER}@example.net"]


def test_yate_has_the_whole_match_in_the_place_of_a_first_group_that_is_not_there() -> None:
    assert calls(sip(r"!^.*$!sip:\1\2@example.net!"))["yate"] == [f"sip:+{NUMBER}@example.net"]


def test_yate_has_no_ninth_group() -> None:
    nine = "(.)" * 9
    assert calls(sip(rf"!^{nine}!sip:\8\9@example.net!"))["yate"] == ["sip:5@example.net"]


def test_backslashes_before_other_characters() -> None:
    found = calls(sip(r"!^.*$!sip:\a\\b@example.net!"))
    assert found["kamailio"] == [r"sip:a\b@example.net"]
    assert found["asterisk"] == [r"sip:\a\\b@example.net"]
    assert found["yate"] == [r"sip:\a\b@example.net"]
    assert found["freeswitch"] == ["sip:$a$b@example.net"]
    assert found["freepbx"] == [r"sip:\a\b@example.net"]


def test_a_backslash_at_the_end() -> None:
    found = calls(sip("!^.*$!sip:a@example.net\\!"))
    assert found["kamailio"] == []
    assert found["asterisk"] == found["yate"] == found["freepbx"] == ["sip:a@example.net\\"]


@pytest.mark.parametrize("group", "6789")
def test_kamailio_and_opensips_read_behind_their_groups(group: str) -> None:
    record = sip(rf"!^(.)(.)(.)(.)(.)(.*)$!sip:\{group}@example.net!")
    assert prediction("kamailio", record, sip()).uris == ()
    assert prediction("opensips", record, sip()).verdicts[0].state == "breaks"
    assert "may crash" in str(prediction("kamailio", record))


def test_the_groups_that_systems_have_room_for() -> None:
    def groups(count: int) -> str:
        return "!" + "(.)" * count + "!sip:a@example.net!"

    assert code("kamailio", sip(groups(6))) == "used"
    assert code("kamailio", sip(groups(7))) == "groups"
    assert code("asterisk", sip(groups(10))) == "used"
    assert code("asterisk", sip(groups(11))) == "groups"
    assert prediction("asterisk", sip(groups(11)), sip()).uris == ()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (sip("", 1), "has no pattern"),
        (sip("!a!b!", 1), "too short"),
        (sip(flags="", preference=1), "the flag “u”"),
        (sip("!^x$!sip:a@example.net!", 1), "does not match"),
        (sip("!^x$!mailto:a@example.net!", 1, "E2U+email:mailto"), "does not match"),
        (sip("!^.*$!sip:\xe9@example.net!", 1), "a character"),
        (sip("!^.*$!sip:a@example.net!x", 1), "delimiters"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_one_bad_record_makes_asterisk_drop_the_whole_number_wherever_it_stands(
    bad: Naptr, why: str, place: int
) -> None:
    records = [sip()]
    records.insert(place, bad)
    found = prediction("asterisk", *records)
    assert found.uris == ()
    assert found.broken
    assert found.verdicts[place].state == "breaks"
    assert found.verdicts[1 - place].code == "dropped"
    assert str(found).startswith("Asterisk drops the whole number because")
    assert f"record {place + 1}" in str(found)
    assert why in str(found)
    assert prediction("yate", *records).uris


def test_a_record_of_another_service_harms_nobody_if_it_is_well_formed() -> None:
    assert who_calls(sip("!^.*$!mailto:a@example.net!", 1, "E2U+email:mailto"), sip()) == ALL


@pytest.mark.parametrize(
    ("count", "systems"),
    [
        (1, "kamailio asterisk freeswitch freepbx"),
        (2, "kamailio opensips asterisk freeswitch freepbx"),
        (7, "kamailio opensips asterisk freeswitch freepbx"),
        (8, ALL),
        (15, ALL),
        (16, "kamailio asterisk freeswitch yate freepbx"),
        (31, "kamailio asterisk freeswitch yate freepbx"),
        (32, "asterisk freeswitch yate freepbx"),
    ],
)
def test_how_many_digits_a_number_may_have(count: int, systems: str) -> None:
    assert who_calls(sip(), digits="1" * count) == systems


def test_why_a_number_is_too_long_is_said() -> None:
    found = prediction("opensips", sip(), digits="1" * 16)
    assert str(found) == "OpenSIPS asks for numbers of at most 15 digits; this one has 16."
    assert found.verdicts[0].state == "skipped"


def test_an_answer_that_is_too_large_for_some() -> None:
    long = [sip(f"!^.*$!sip:{'x' * 200}{place}@example.net!", place) for place in range(40)]
    assert who_calls(*long[:7]) == ALL
    assert who_calls(*long[:10]) == "kamailio opensips asterisk freeswitch freepbx"
    assert who_calls(*long[:20]) == "kamailio opensips freeswitch freepbx"
    assert who_calls(*long) == "freeswitch freepbx"


def test_how_long_a_uri_may_become() -> None:
    record = sip("!^(.*)$!sip:" + r"\1" * 40 + "@example.net!")
    assert len(prediction("asterisk", record).uris[0]) == 255
    assert len(prediction("kamailio", record).uris[0]) == 4 + 40 * 12 + 12
    assert code("kamailio", sip("!^(.*)$!sip:" + r"\1" * 85 + "!")) == "too-long"
    assert code("asterisk", sip("!^(.*)$!sip:" + r"\1" * 85 + "!")) == "too-long"


def test_kamailio_takes_twelve_addresses() -> None:
    records = [sip(f"!^.*$!sip:a{place}@example.net!", place) for place in range(14)]
    found = prediction("kamailio", *records)
    assert len(found.uris) == 12
    assert [verdict.code for verdict in found.verdicts[11:]] == ["used", "surplus", "surplus"]


def test_an_empty_uri_has_kamailio_call_the_first_address_again() -> None:
    found = prediction("kamailio", sip("!^.*$!!", 20), sip(), sip("!^.*$!sip:b@example.net!", 30))
    assert found.uris == ("sip:good@example.net", "sip:good@example.net", "sip:b@example.net")
    assert "once more" in str(found.verdicts[0])
    assert prediction("kamailio", sip("!^.*$!!", 1), sip()).uris == ("sip:good@example.net",)
    assert prediction("kamailio", sip("!^.*$!!", 1)).uris == ()
    assert prediction("opensips", sip(), sip("!^.*$!!", 20)).uris == ("sip:good@example.net",)


def test_records_are_tried_by_order_before_preference() -> None:
    late, soon = Naptr(20, 1, "u", "E2U+sip", GOOD), Naptr(10, 2, "u", "E2U+sip", "!^.*$!sip:soon@example.net!")
    for uris in calls(late, soon).values():
        assert uris == ["sip:soon@example.net", "sip:good@example.net"]


def test_an_order_above_32767_comes_first_for_kamailio_and_opensips() -> None:
    high, low = Naptr(32768, 1, "u", "E2U+sip", GOOD), Naptr(10, 2, "u", "E2U+sip", "!^.*$!sip:low@example.net!")
    found = calls(low, high)
    assert found["kamailio"] == found["opensips"] == ["sip:good@example.net", "sip:low@example.net"]
    assert found["asterisk"] == found["yate"] == ["sip:low@example.net", "sip:good@example.net"]


def test_equal_records_come_as_name_servers_send_them() -> None:
    records = [sip(f"!^.*$!sip:{user}@example.net!") for user in ("zoe", "bob", "al")]
    for uris in calls(*records).values():
        assert uris == ["sip:al@example.net", "sip:bob@example.net", "sip:zoe@example.net"]
    for verdict in prediction("yate", sip(), sip()).verdicts[1:]:
        assert verdict.code == "double"


def test_freeswitch_wants_sip_in_small_letters() -> None:
    assert who_calls(sip("!^.*$!SIP:a@example.net!")) == "kamailio opensips asterisk yate freepbx"
    assert who_calls(sip("!^.*$!sips:a@example.net!")) == "kamailio opensips asterisk yate freepbx"
    assert code("freeswitch", sip("!^.*$!sips:a@example.net!")) == "no-route"


def test_freeswitch_splits_at_blanks_and_knows_quotes() -> None:
    def made(regexp: str) -> list[str]:
        return calls(sip(regexp))["freeswitch"]

    assert made("!^.*$!sip:a b@example.net!") == ["sip:a"]
    assert made("!^.*$!sip:a\tb@example.net!") == ["sip:a"]
    assert made("!^.*$!sip:'a b'@example.net!") == ["sip:a b@example.net"]
    assert made("!^.*$!sip:a\\sb@example.net!") == ["sip:a b@example.net"]
    assert made("!^.*$!sip:a\\nb@example.net!") == ["sip:a"]
    assert made('!^.*$!sip:"a"@example.net!') == ['sip:"a"@example.net']
    assert made("!^.*$!sip:\xe9@example.net!") == ["sip:$233@example.net"]


@pytest.mark.parametrize("template", ["sip:${domain}@x", r"sip:\{status()}@x", "sip:$${domain}@x"])
def test_freeswitch_runs_what_a_uri_has_behind_a_dollar(template: str) -> None:
    record = sip(f"!^.*$!{template}!")
    assert code("freeswitch", record) == "unpredictable"
    assert "runs it" in str(prediction("freeswitch", record).verdicts[0])
    assert calls(sip(r"!^.*$!sip:$1{}@example.net!"))["freeswitch"] == ["sip:$1{}@example.net"]
    assert calls(sip(r"!^(.*)$!sip:${1}@example.net!"))["freeswitch"] == [f"sip:+{NUMBER}@example.net"]


def test_freeswitch_reads_a_pattern_between_slashes_with_options() -> None:
    assert calls(sip("!/^.*X?$/i!sip:a@example.net!"))["freeswitch"] == ["sip:a@example.net"]
    assert code("freeswitch", sip("!/^.*$!sip:a@example.net!")) == "pattern"
    assert code("freeswitch", sip("!_X.!sip:a@example.net!")) == "unpredictable"


def test_freepbx_replaces_every_match_and_keeps_what_is_around() -> None:
    assert calls(sip("!604!sip:a@example.net!"))["freepbx"] == ["+1sip:a@example.net5550100"]
    assert calls(sip("!.*!x!"))["freepbx"] == ["xx"]
    assert calls(sip("!^1604.*$!sip:a@example.net!"))["freepbx"] == []


def test_what_cannot_be_told_is_not_counted_on() -> None:
    record = sip("!^(?=.)(.*)$!sip:a@example.net!")
    assert code("freeswitch", record) == code("freepbx", record) == "unpredictable"
    assert prediction("asterisk", sip(r"!^(.)\1*.*$!sip:a@example.net!"), sip()).code == "unpredictable"
    assert str(prediction("asterisk", sip(), sip("!(!sip:a@example.net!"))) == (
        "Asterisk may drop the whole number: what it makes of the pattern of record 2 cannot be predicted."
    )


def test_what_is_no_uri_is_called_and_said() -> None:
    verdict = prediction("kamailio", sip("!^.*$!a@example.net!")).verdicts[0]
    assert (verdict.state, verdict.uri, verdict.code) == ("used", "a@example.net", "no-uri")
    assert str(verdict) == "Kamailio tries to call “a@example.net”, which is no URI."


def test_the_whole_number_in_one_sentence() -> None:
    assert str(prediction("yate")) == "Yate finds nothing: no records were found for this number."
    assert str(prediction("yate", sip())) == "Yate calls sip:good@example.net."
    assert str(prediction("yate", sip(), sip("!^.*$!sip:b@example.net!", 5))) == (
        "Yate tries 2 addresses, sip:b@example.net first."
    )
    assert str(prediction("yate", sip(service="E2U+iax"))) == (
        "Yate finds nothing to call: it can use none of the number's records."
    )


def test_a_sentence_shows_utf_8_as_it_is_meant() -> None:
    record = sip("!^.*$!sip:j\xc3\xb6rg@example.net!")
    assert prediction("yate", record).uris == ("sip:j\xc3\xb6rg@example.net",)
    assert "sip:jörg@example.net" in str(prediction("yate", record))


octets = st.text(st.characters(max_codepoint=255), max_size=255)
parts = st.sampled_from(
    [*"!\\'\" /#i^$.*+?()[]{}|\0\t\n\xe9", r"\1", r"\0", r"\9", "sip:", "a@b", "!^.*$!", "(.*)", "{2}"]
)
regexps = st.one_of(octets, st.lists(parts, max_size=20).map("".join))
services = st.one_of(octets, st.sampled_from(["E2U+sip", "sip+e2u", "E2U+iax2", "e2u+voice:sip"]))
flags = st.one_of(octets, st.sampled_from(["u", "U", ""]))
uint16 = st.integers(0, 65535)
records = st.builds(Naptr, uint16, uint16, flags, services, regexps, st.sampled_from([".", "a.example."]))


@given(st.text("0123456789", min_size=1, max_size=40), st.lists(records, max_size=5))
def test_anything_has_a_prediction_whose_parts_agree(digits: str, found: list[Naptr]) -> None:
    for each in predict(digits, found):
        used = [verdict.uri for verdict in each.verdicts if verdict.state == "used"]
        assert len(each.verdicts) == len(found)
        assert sorted(used) == sorted(each.uris)
        assert all(each.uris)
        assert not (each.broken and each.uris)
        sentences = [str(each), *map(str, each.verdicts)]
        assert all(sentences)


def test_freepbx_says_what_its_calls_to_sip_addresses_need() -> None:
    one, more, iax, none = (
        prediction("freepbx", *records)
        for records in (
            [sip()],
            [sip(), sip("!^.*$!sip:b@example.net!", preference=20)],
            [sip("!^.*$!iax2:pbx.example.net/1!", service="E2U+iax2")],
            [sip(service="E2U+tel")],
        )
    )
    assert "only with chan_sip, which current versions lack" in str(one)
    assert "SIP ones only with chan_sip" in str(more)
    assert [each.needs for each in (one, more, iax, none)] == ["chan_sip", "chan_sip", "", ""]
    assert "chan_sip" not in str(iax) + str(none) + str(prediction("asterisk", sip()))
