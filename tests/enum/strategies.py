"""What the tests of this package draw from."""

from __future__ import annotations

from hypothesis import strategies as st

from dashboard.enum import SERVICES
from dashboard.protocol import DEFAULT_ORDER, RecordData, RecordState

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
OCTETS = "".join(map(chr, range(0x100)))

digits = st.text("0123456789", min_size=1, max_size=15)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
suffixes = st.lists(labels, min_size=1, max_size=4).map(".".join)
known_names = st.sampled_from([service.name for service in SERVICES])
service_names = st.one_of(known_names, st.text(max_size=40))

# Text with the characters that hurt, more often than chance would have it.
HURTFUL = [*"!\\\"' \t\r\n\0<>|,;:@/?#%[]{}+&=.-_~^$*()", "%41", "%0a", "\\1", "é", "😀", "\u200b", "\ud800", "//"]
pieces = st.sampled_from([*HURTFUL, "sip:", "tel:", "iax2:", "http://", "alice", "example.org", "+1604", "5060"])
nasty_text = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map("".join))
nasty_drafts = st.builds(RecordData, preference=st.integers(-2, 70000), service=service_names, hostdata=nasty_text)
known_drafts = st.builds(RecordData, preference=st.integers(0, 65535), service=known_names, hostdata=nasty_text)


def draft(service: str, hostdata: str, preference: int = 10) -> RecordData:
    return RecordData(preference=preference, service=service, hostdata=hostdata)


def held(service: str, hostdata: str, preference: int = 10, *, order: int = DEFAULT_ORDER) -> RecordState:
    """A record that a registry has."""
    return RecordState(id=1, order=order, preference=preference, service=service, hostdata=hostdata)


def as_held(data: RecordData) -> RecordState:
    """The same among the records of a number."""
    return held(data.service, data.hostdata, data.preference)
