"""What an action makes of a number's records: what it is not about stays as it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.protocol import Number, RecordState
from dashboard.services.bulk.actions import Unfit, Which, read_action
from dashboard.services.bulk.patterns import CannotBeDone, fill

NUMBER = Number(id=1, country="44", area="20", local="79460000")
BLOCK = Number(id=2, country="44", area="20", local="7946*")


def record(hostdata: str, service: str = "SIP", record_id: int = 1, preference: int = 10) -> RecordState:
    return RecordState(id=record_id, preference=preference, service=service, hostdata=hostdata)


@pytest.mark.parametrize(
    ("present", "pattern", "becomes"),
    [
        ("alice@pbx-old.example.org", "{local}@pbx.example.net", "alice@pbx.example.net"),
        ("sips:alice@old.example.org:5061;transport=tls", "{local}@new.example.org{tail}", None),
        ("alice@old.example.org", "{number}@new.example.org", "442079460000@new.example.org"),
        ("old.example.org", "{country}-{area}-{subscriber}@{host}", "44-20-79460000@old.example.org"),
        ("alice@[2001:db8::1]:5070", "{local}@{host}{tail}", "alice@[2001:db8::1]:5070"),
        ("+442079460000@old.example.org", "{local}@new.example.org", "+442079460000@new.example.org"),
    ],
)
def test_a_pattern_is_filled_for_each_record(present: str, pattern: str, becomes: str | None) -> None:
    filled = fill(pattern, NUMBER, record(present))
    assert filled == (becomes or "sips:alice@new.example.org:5061;transport=tls")


def test_what_a_block_says_of_the_dialled_number_stays() -> None:
    assert fill("{local}@new.example.org", BLOCK, record("{number}@old.example.org")) == "{number}@new.example.org"
    assert fill("{number}@{country}.example.org", BLOCK) == "{number}@44.example.org"
    with pytest.raises(CannotBeDone):
        fill("{rest}@example.org", NUMBER)


def test_host_data_without_a_user_cannot_keep_it() -> None:
    with pytest.raises(CannotBeDone, match="nothing before an @"):
        fill("{local}@new.example.org", NUMBER, record("old.example.org"))


@pytest.mark.parametrize(
    ("action", "fields", "at_fault"),
    [
        ("point", {"pattern": ""}, "pattern"),
        ("point", {"pattern": "{user}@x"}, "pattern"),
        ("replace", {"old": "", "new": "x"}, "old"),
        ("replace", {"old": "x", "new": "x"}, "new"),
        ("preference", {"preference": "65536"}, "preference"),
        ("preference", {"preference": "-1"}, "preference"),
        ("add", {"preference": "1", "service": "", "hostdata": "x"}, "service"),
        ("add", {"preference": "1", "service": "SIP", "hostdata": "{local}@x"}, "hostdata"),
        ("remove", {}, "service"),
        ("template", {"records": [], "mode": "add"}, "template"),
        ("tag", {}, "add"),
        ("explode", {}, "action"),
    ],
)
def test_the_field_at_fault_is_named(action: str, fields: dict[str, Any], at_fault: str) -> None:
    with pytest.raises(Unfit) as caught:
        read_action(action, fields)
    assert at_fault in {problem.field for problem in caught.value.problems}


records = st.lists(
    st.builds(
        record,
        st.sampled_from(["a@pbx-old.example.org", "b@pbx.example.org", "c@PBX-OLD.example.org", "d@example.net"]),
        st.sampled_from(["SIP", "sip", "IAX2"]),
        st.integers(1, 9),
        st.integers(0, 3),
    ),
    unique_by=lambda one: one.id,
    max_size=5,
)


@given(
    records=records,
    service=st.sampled_from(["", "SIP", "IAX2"]),
    host=st.sampled_from(["", "pbx-old", "none"]),
    action=st.sampled_from(
        [
            ("point", {"pattern": "{local}@pbx-new.example.org"}),
            ("replace", {"old": "example", "new": "sample"}),
            ("preference", {"preference": "7"}),
            ("remove", {}),
        ]
    ),
)
def test_what_an_action_is_not_about_stays(
    records: list[RecordState], service: str, host: str, action: tuple[str, dict[str, Any]]
) -> None:
    name, fields = action
    if name == "remove" and not service and not host:
        return
    wanted = read_action(name, {**fields, "service": service, "host": host}).wanted(NUMBER, records)
    which = Which(service=service, host=host)
    untouched = [one for one in records if not which.concerns(one)]
    assert [one for one in wanted if one.id in {each.id for each in untouched}] == untouched
    assert {one.id for one in wanted} <= {one.id for one in records}
    if name != "remove":
        assert [one.id for one in wanted] == [one.id for one in records]


def test_a_template_is_added_once_or_replaces_everything() -> None:
    fields = {"records": [{"preference": 5, "service": "SIP", "hostdata": "{number}@x.example.org"}], "mode": "add"}
    here = [record("old@example.org")]
    added = read_action("template", fields).wanted(NUMBER, here)
    assert [one.hostdata for one in added] == ["old@example.org", "442079460000@x.example.org"]
    assert read_action("template", fields).wanted(NUMBER, added) == added
    replaced = read_action("template", {**fields, "mode": "replace"}).wanted(NUMBER, here)
    assert [one.hostdata for one in replaced] == ["442079460000@x.example.org"]
