"""Asking what the DNS says about numbers."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from dns.rdtypes.ANY.TXT import TXT

from dashboard.enum import Naptr, find_service, naptr_for
from dashboard.models import Registry
from dashboard.nameservers import Address, Answer, Busy, Key, NameServerError, ZoneFacts, ask
from dashboard.protocol import Number, Record
from dashboard.services import zones
from dashboard.services.dns import judging
from dashboard.services.dns.asking import Patience, Question, Response, ask_all
from dashboard.services.dns.finding import Target, resolvers, targets_of
from dashboard.services.dns.judging import SPOKEN, Expected, Finding, NumberState, judge, with_memory
from dashboard.services.dns.words import CODES, OTHER_CODE, Remark, State
from dashboard.services.numbers.formatting import domain_of, name_of

MAX_NUMBERS = 50  # of one look
MAX_TEXT, MOST_TEXTS = 255, 5  # octets of a caller's name, and names of one answer; the rest is not shown

BLOCK = "*."  # how the domain name of a block begins
NOBODY = "e164web"  # a label that is no digit, so that no number has it
Found = dict[Expected, list[Finding]]

SHARE_OF_SERVERS = 0.5  # of the time, to find out who is to be asked


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the DNS responses about some numbers. ``took_ms`` is what all of it took."""

    suffix: str
    targets: tuple[Target, ...]
    numbers: tuple[NumberState, ...]
    asked_at: datetime
    took_ms: float
    remarks: tuple[Remark, ...]


def expected_of(
    number: Number, records: Sequence[Record], registry: Registry, zone: ZoneFacts, raws: Sequence[Naptr] = ()
) -> Expected:
    """What the DNS should say about a number with these records, and these raw ones (`zones.raws_of`).

    Raises NumberError for one that no name can hold.

    A record with an unknown service has no DNS form that we know. Our own registry never publishes it, another may.
    Only ours knows placeholders, and refuses loops; nothing is expected of a number that we do not publish.
    """
    nothing = zone.is_ours and bool(zone.problem)
    name = name_of(number) if registry.is_embedded else None
    forms = [(record, naptr_for(record, record.order, name)) for record in records]
    return Expected(
        digits=number.digits,
        domain=domain_of(number, zone.suffix),
        records=() if nothing else (*(naptr for _, naptr in forms if naptr is not None), *raws),
        formless=tuple(record.service for record, naptr in forms if naptr is None),
        others_know=not registry.is_embedded
        and any(naptr is None and find_service(record.service) is None for record, naptr in forms),
        ttl=zone.ttl,
    )


def look(zone: ZoneFacts, numbers: Sequence[Expected], *, caller_names: bool = False) -> Look:
    """Ask about numbers of one zone; as `look_by_zone`."""
    return look_by_zone([(zone, one) for one in numbers], caller_names=caller_names)


def look_by_zone(numbers: Sequence[tuple[ZoneFacts, Expected]], *, caller_names: bool = False) -> Look:
    """Ask about at most MAX_NUMBERS numbers, each with its zone, all at once.

    It takes at most twice E164WEB_DNS_TIMEOUT, and once more to compare; what is not known then is "unreachable".
    `caller_names` asks for TXT records too.
    """
    numbers = numbers[:MAX_NUMBERS]
    began, asked_at = time.monotonic(), timezone.now()
    patience = Patience.of(settings.E164WEB.dns_timeout)
    finding_out = replace(patience, ends=began + (patience.ends - began) * SHARE_OF_SERVERS)
    who = {zone: targets_of(zone, finding_out) for zone in dict.fromkeys(zone for zone, _ in numbers)}
    asked = {one: who[zone].targets for zone, one in numbers}
    pairs = [(one, target) for one, targets in asked.items() for target in targets]
    rdtypes = ("NAPTR", "TXT") if caller_names else ("NAPTR",)
    responses = ask_all([_question(target, one, rdtype) for rdtype in rdtypes for one, target in pairs], patience)
    compared_by = time.monotonic() + patience.each  # some hostile answers take long to compare
    found: Found = {one: [] for one in asked}
    for one, target in pairs:
        in_time = responses if time.monotonic() < compared_by else {}
        found[one].append(_finding(target, one, in_time, asked_at))
    _find_bogus(found, responses, patience)
    _find_blocks(found, patience)
    return Look(
        suffix=numbers[0][0].suffix if numbers else "",
        targets=tuple(dict.fromkeys(target for one in who.values() for target in one.targets)),
        numbers=tuple(NumberState(expected=one, findings=with_memory(found[one])) for _, one in numbers),
        asked_at=asked_at,
        took_ms=(time.monotonic() - began) * 1000,
        remarks=tuple(dict.fromkeys([*_problems(numbers), *(each for one in who.values() for each in one.remarks)])),
    )


def _problems(numbers: Sequence[tuple[ZoneFacts, Expected]]) -> Iterator[Remark]:
    """Which numbers we do not publish, and why, a remark for each reason."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for zone, one in numbers:
        if zone.problem:
            reasons[zone.problem].append(f"+{one.digits}")
    for reason, which in reasons.items():
        yield Remark("%(numbers)s: %(reason)s", {"numbers": ", ".join(which), "reason": reason})


def _question(target: Target, expected: Expected, rdtype: str = "NAPTR", *, unchecked: bool = False) -> Question:
    return Question(target.address, expected.domain, rdtype, target.is_resolver, unchecked, target.key)


def _finding(
    target: Target, expected: Expected, responses: Mapping[Question, Response], asked_at: datetime
) -> Finding:
    finding = judge(target, expected, responses.get(_question(target, expected)), asked_at)
    names = responses.get(_question(target, expected, "TXT"))
    return replace(finding, caller_names=_texts(names)) if isinstance(names, Answer) else finding


def _find_bogus(found: Found, responses: Mapping[Question, Response], patience: Patience) -> None:
    """Mark what a resolver refuses to say because its signatures are wrong: asked not to check, it does say it."""

    def unchecked(one: Expected, finding: Finding) -> Question | None:
        failed = finding.target.is_resolver and _is_servfail(responses.get(_question(finding.target, one)))
        return _question(finding.target, one, unchecked=True) if failed else None

    def mended(finding: Finding, answer: Answer) -> Finding:
        return judging.bogus(finding) if answer.rcode in SPOKEN else finding

    _ask_again(found, unchecked, mended, patience)


def _find_blocks(found: Found, patience: Patience) -> None:
    """Mark what is the answer of a block (RFC 4592): a name beside the number's that is no number's gets the same."""

    def beside(one: Expected, finding: Finding) -> Question | None:
        if finding.state is not State.EXTRA or one.domain.startswith(BLOCK):
            return None
        return replace(_question(finding.target, one), name=f"{NOBODY}.{one.domain.partition('.')[2]}")

    def mended(finding: Finding, answer: Answer) -> Finding:
        return judging.in_block(finding) if set(judging.naptrs(answer)) == set(finding.records) else finding

    _ask_again(found, beside, mended, patience)


def _ask_again(
    found: Found,
    question_of: Callable[[Expected, Finding], Question | None],
    mended: Callable[[Finding, Answer], Finding],
    patience: Patience,
) -> None:
    """Ask one question more wherever `question_of` has one, and put what `mended` makes of the answer in place."""
    asked = {
        (one, place): question
        for one, findings in found.items()
        for place, finding in enumerate(findings)
        if (question := question_of(one, finding))
    }
    responses = ask_all(list(dict.fromkeys(asked.values())), patience)
    for (one, place), question in asked.items():
        answer = responses.get(question)
        if isinstance(answer, Answer):
            found[one][place] = mended(found[one][place], answer)


def _is_servfail(response: Response | None) -> bool:
    return isinstance(response, Answer) and response.rcode == "SERVFAIL"


def _texts(answer: Answer) -> tuple[str, ...]:
    """What TXT records say. The strings of one record belong together. What cannot be shown is a “�”."""
    strings = [rdata.strings for rdata in answer.rdatas if isinstance(rdata, TXT)]
    texts = [b"".join(each)[:MAX_TEXT].decode("utf-8", "replace") for each in strings[:MOST_TEXTS]]
    return tuple("".join(one if one.isprintable() else "\ufffd" for one in text) for text in texts)


@dataclass(frozen=True, slots=True)
class InDns:
    """The records of a number, in the order of the answer, and where they were looked for."""

    records: list[Naptr]
    domain: str
    server: Address


def records_in_dns(digits: str) -> InDns:
    """The records of a number as the zone's own servers have them, or the resolvers where the zone names none.

    The zone is that of the registry inside this process. The first who answers is believed. There are no records if
    the number has none. Raises NameServerError if nobody says what there is, and NumberError (of dashboard.enum) if
    `digits` are no number.
    """
    zone = zones.own_zone(digits)
    domain = domain_of(digits, zone.suffix)
    for server in zone.servers or resolvers():
        try:
            records = _records(server, domain, recurse=not zone.servers, key=zone.keys.get(server))
            return InDns(records, domain, server)
        except NameServerError as error:
            failure = error
    raise failure


def _records(server: Address, domain: str, *, recurse: bool, key: Key | None) -> list[Naptr]:
    answer = ask(server, domain, "NAPTR", timeout=settings.E164WEB.dns_timeout, recurse=recurse, key=key)
    if answer.rcode in SPOKEN:
        return list(judging.naptrs(answer))
    message = CODES.get(answer.rcode, OTHER_CODE)
    raise Busy(server, answer.rcode.lower(), message, {"rcode": answer.rcode})
