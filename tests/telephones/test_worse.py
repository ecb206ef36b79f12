"""What a change of records takes away."""

from __future__ import annotations

from dashboard.enum import Naptr
from dashboard.telephones import predict, worse
from tests.telephones.cases import NUMBER, sip

OTHER = sip("!^.*$!sip:other@example.net!", 20)
MORE = sip("!^.*$!sip:more@example.net!", 30)


def lost(before: list[Naptr], after: list[Naptr]) -> dict[str, tuple[str, str]]:
    found = worse(predict(NUMBER, before), predict(NUMBER, after))
    return {each.telephone.name: (each.code, str(each)) for each in found}


def test_more_or_other_preferences_take_nothing_away() -> None:
    assert lost([], [sip()]) == {}
    assert lost([sip()], [sip(), OTHER]) == {}
    assert lost([sip()], [sip(preference=99)]) == {}
    assert lost([], []) == {}


def test_the_number_can_no_longer_be_called() -> None:
    found = lost([sip()], [sip(service="E2U+IAX2")])
    assert set(found) == {"kamailio", "opensips", "asterisk", "freeswitch"}
    assert found["asterisk"] == ("number", "Somebody who uses Asterisk can no longer call this number.")


def test_one_of_the_addresses_is_gone() -> None:
    found = lost([sip(), OTHER], [sip()])
    assert set(found) == {"kamailio", "opensips", "asterisk", "freeswitch", "yate", "freepbx"}
    assert found["yate"] == ("uri", "Somebody who uses Yate no longer gets to sip:other@example.net.")
    both = lost([sip(), OTHER, MORE], [sip()])["yate"]
    assert both == ("uri", "Somebody who uses Yate no longer gets to sip:other@example.net and 1 more.")


def test_a_new_break_is_said_even_where_nothing_was_reached_before() -> None:
    spoiler = sip("!^x$!sip:a@example.net!", 40)
    found = lost([sip()], [sip(), spoiler])
    assert found == {
        "asterisk": (
            "breaks",
            "Asterisk drops the whole number because the pattern of record 2 does not match it.",
        )
    }
    assert lost([], [spoiler])["asterisk"][0] == "breaks"
    assert lost([spoiler], [spoiler, sip()]) == {}
