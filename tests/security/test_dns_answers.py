"""Whoever runs a name server that is asked may answer with anything: it stays text, and costs bounded work."""

import re
import struct
from collections.abc import Iterable

import dns.message
import dns.rdata
import dns.rrset
import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from dashboard.enum import Naptr
from dashboard.models import Credential
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import Reply, SetDns, answering, with_records
from tests.security.test_markup import MARKUP, is_harmless
from tests.web.views.pages import text_of

HTMX = {"HX-Request": "true"}
ESCAPES = "\x1b[2J\x1b]0;owned\x07\r\x9b31m\u202e".encode().decode("latin-1")
# Legal on the wire, and of no use to anybody.
ODD = (
    Naptr(100, 10, "u", "E2U+sip", f"!^.*$!sip:{MARKUP[:90]}!"),
    Naptr(100, 11, MARKUP[:60], MARKUP[:60], MARKUP[:200]),
    Naptr(100, 12, "u", ESCAPES, f"!^.*$!sip:{ESCAPES}!"),
    Naptr(65535, 65535, "\0\xff\n", "E2U+\xff", "\\" * 255),
    Naptr(0, 0, "", "", "", "\\<script\\>alert.\\027\\[2J.example."),
)


UNSHOWN = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]"  # moves a terminal's cursor, or turns what follows around


def hostile_patterns(count: int) -> tuple[Naptr, ...]:
    """Records whose patterns keep a careless engine busy for hours, each a little different."""
    patterns = ("((.*)*(.*)*)*" * 15, "(.{0,99}){0,99}" * 13, "([^a]*)*" * 24, "(1|1*|11*)*" * 17)
    made = [f"!{patterns[place % len(patterns)]}{place:03}x!sip:x!" for place in range(count)]
    return tuple(Naptr(100, 10, "u", "E2U+sip", regexp) for regexp in made)


def texts(*strings: bytes, naptrs: Iterable[Naptr] = ()) -> Reply:
    """An answer with these strings where TXT is asked for, and these records where NAPTR is."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        question = message.question[0]
        if question.rdtype != dns.rdatatype.TXT:
            return with_records(*naptrs)(message)
        wires = [b"".join(bytes([len(string)]) + string for string in strings)]
        rdatas = [dns.rdata.from_wire("IN", "TXT", wire, 0, len(wire)) for wire in wires]
        message.answer.append(dns.rrset.from_rdata_list(question.name, 60, rdatas))
        return message

    return reply


def many(count: int) -> Reply:
    """An answer of so many small records."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        wires = [struct.pack("!HH", 100, place) + b"\x01u\0\0\0" for place in range(count)]
        rdatas = [dns.rdata.from_wire("IN", "NAPTR", wire, 0, len(wire)) for wire in wires]
        message.answer.append(dns.rrset.from_rdata_list(message.question[0].name, 60, rdatas))
        return message

    return reply


@pytest.fixture
def address(remote: Credential, registry: FaultyRegistry) -> str:
    """What the DNS says about the first number."""
    return f"/credentials/{remote.pk}/numbers/{registry.number_ids[0]}/dns/"


@pytest.mark.parametrize(
    "reply",
    [
        with_records(*ODD),
        texts(MARKUP.encode(), naptrs=ODD),
        texts(b"\xff\x00\x1b[2J", ESCAPES.encode("latin-1")),
        texts(*[b"x" * 255] * 250),
        with_records(*hostile_patterns(60)),
        many(60),
        many(900),
        many(3_000),
    ],
    ids=["odd", "markup", "octets", "long", "patterns", "60", "900", "3000"],
)
def test_whatever_a_name_server_answers_is_text_on_a_page_of_bounded_size(
    alice: Browser, remote: Credential, set_dns: SetDns, address: str, reply: Reply
) -> None:
    with answering(reply) as server:
        set_dns(server.address, timeout=5)
        remote.registry.name_servers = str(server.address)
        remote.registry.save()
        for page in (alice.get(address, headers=HTMX), alice.get(address)):
            assert page.status_code == 200
            assert is_harmless(page.content)
            assert not re.search(UNSHOWN, page.content.decode())
            assert len(page.content) < 300_000


def test_names_of_name_servers_are_text(alice: Browser, remote: Credential, set_dns: SetDns, address: str) -> None:
    def reply(message: dns.message.Message) -> dns.message.Message:
        question = message.question[0]
        answers = {"NS": '\\<script\\>alert\\(1\\).\\"\\027\\[2J.example.', "A": "127.0.0.1"}
        rdtype = dns.rdatatype.to_text(question.rdtype)
        if rdtype in answers:
            message.answer.append(dns.rrset.from_text(question.name, 60, "IN", rdtype, answers[rdtype]))
        return message

    with answering(reply) as resolver:
        set_dns(resolver.address)
        page = alice.get(address)

    assert is_harmless(page.content)
    assert "belongs to this machine or its link" in text_of(page)


@pytest.mark.parametrize("command", [("check_dns", "-v2"), ("check_dns",)])
def test_no_answer_moves_the_cursor_of_a_terminal(
    remote: Credential, set_dns: SetDns, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    with answering(with_records(*ODD, *hostile_patterns(5))) as server:
        set_dns(server.address, timeout=5)
        remote.registry.name_servers = str(server.address)
        remote.registry.save()
        with pytest.raises(CommandError):
            call_command(*command)

    said = capsys.readouterr()
    assert "only in the DNS" in said.out
    assert not re.search(UNSHOWN, said.out)


def test_a_prediction_for_hostile_records_moves_no_cursor_either(
    db: None, set_dns: SetDns, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(with_records(*ODD, *hostile_patterns(60))) as resolver:
        set_dns(resolver.address)
        call_command("who_can_call", "+12005550100", "--explain")

    said = capsys.readouterr().out
    assert '"kamailio"' in said
    assert not re.search(UNSHOWN, said)
