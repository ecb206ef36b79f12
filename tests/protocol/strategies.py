"""Arbitrary legal values of the protocol, for property tests."""

from hypothesis import settings
from hypothesis import strategies as st

from dashboard.protocol import (
    Command,
    Delete,
    DeleteAll,
    GetNaptr,
    List,
    ListServices,
    MyIp,
    New,
    Number,
    Ping,
    Record,
    Reply,
    Request,
    Show,
    Update,
)

# A slow machine is no bug, so examples have no deadline.
thorough = settings(max_examples=200)

ids = st.integers(0, 10**18 - 1)
uint16s = st.integers(0, 65_535)
digits = st.text("0123456789", min_size=1, max_size=12)
lines = st.text(st.characters(exclude_characters="\0\r\n", codec="utf-8"), max_size=40)
inner_texts = st.text(st.characters(exclude_characters="\0\r\n,", codec="utf-8"), max_size=20)
filled_inner_texts = inner_texts.filter(str.strip)
filled_lines = lines.filter(str.strip)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=10).filter(
    lambda name: name.lower() not in {"version", "response"}
)
variables = st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"))), max_size=4).map(tuple)
data = st.lists(lines.filter(lambda line: line != "."), max_size=5).filter(lambda rows: rows[:1] != [""])

numbers = st.builds(Number, id=ids, country=inner_texts, area=inner_texts, local=digits)
records = st.builds(
    Record,
    id=ids,
    country=digits,
    area=inner_texts,
    local=inner_texts,
    order=uint16s,
    preference=uint16s,
    service=inner_texts,
    hostdata=lines,
)
replies = st.builds(Reply, st.booleans(), variables, data)

commands: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([Ping(), List(), ListServices(), MyIp()]),
    st.builds(Show, id=ids),
    st.builds(GetNaptr, id=ids),
    st.builds(Delete, id=ids),
    st.builds(DeleteAll, id=ids),
    st.builds(
        Update,
        id=ids,
        order=st.none() | uint16s,
        preference=st.none() | uint16s,
        service=st.none() | filled_inner_texts,
        hostdata=st.none() | filled_lines,
    ),
    st.builds(New, id=ids, order=uint16s, preference=uint16s, service=filled_inner_texts, hostdata=filled_lines),
)
secrets = st.text("0123456789abcdef", min_size=32, max_size=32)
requests = st.builds(Request, commands, lines.filter(bool), secrets)
