"""From what a server response to what a person reads about a number. Pure: nothing is asked here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dashboard.enum import Naptr, NaptrError
from dashboard.nameservers import Answer, NameServerError
from dashboard.services.dns import words
from dashboard.services.dns.asking import Response
from dashboard.services.dns.comparing import Difference, compare
from dashboard.services.dns.finding import Target
from dashboard.services.dns.words import Dnssec, Remark, State
from dashboard.services.sentences import Sayable

SPOKEN = frozenset({"NOERROR", "NXDOMAIN"})  # the codes of an answer that says what there is


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the registry has for a number, as the DNS should have it.

    `formless` are the services of records without a known DNS form. `others_know` says that the registry may publish
    those all the same, for it is not ours. `ttl` is the zone's, in seconds; None where nothing is known of it.
    """

    digits: str
    domain: str
    records: tuple[Naptr, ...]
    formless: tuple[str, ...] = ()
    others_know: bool = False
    ttl: int | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one server says about one number.

    `ttl` is in seconds: of a resolver, how long it goes on saying this; None where nothing was said. `reason` says
    why nothing is known, for the state "unreachable" only.
    """

    target: Target
    state: State
    asked_at: datetime
    records: tuple[Naptr, ...] = ()
    differences: tuple[Difference, ...] = ()
    ttl: int | None = None
    took_ms: float | None = None
    dnssec: Dnssec | None = None
    caller_names: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reason: Sayable | None = None


@dataclass(frozen=True, kw_only=True)
class NumberState:
    """One number in the DNS: what was expected, and what each server says."""

    expected: Expected
    findings: tuple[Finding, ...] = field(default=())

    @property
    def servers(self) -> list[Finding]:
        """What the zone's own servers say."""
        return [finding for finding in self.findings if not finding.target.is_resolver]

    @property
    def resolvers(self) -> list[Finding]:
        """What the resolvers say."""
        return [finding for finding in self.findings if finding.target.is_resolver]

    @property
    def state(self) -> State:
        """The number's state: the worst at the zone's own servers, and at the resolvers where no server is known."""
        return worst(self.servers or self.resolvers)

    @property
    def state_of_resolvers(self) -> State | None:
        """The worst state at those resolvers that answer, None where none are asked."""
        answering = [finding for finding in self.resolvers if finding.state is not State.UNREACHABLE]
        return worst(answering or self.resolvers) if self.resolvers else None

    @property
    def resolvers_disagree(self) -> bool:
        """Whether resolvers answer, and something else than the zone's own servers."""
        return bool(self.servers) and self.state_of_resolvers not in {None, State.UNREACHABLE, self.state}

    @property
    def differing(self) -> list[tuple[list[Target], tuple[Difference, ...]]]:
        """The differences, each with those who have it: several servers usually differ in the same way."""
        at: dict[tuple[Difference, ...], list[Target]] = {}
        for finding in self.findings:
            if finding.differences:
                at.setdefault(finding.differences, []).append(finding.target)
        return [(targets, differences) for differences, targets in at.items()]

    @property
    def differs_everywhere(self) -> bool:
        """Whether all who answered differ in the same way."""
        answering = [finding for finding in self.findings if finding.state is not State.UNREACHABLE]
        return len({finding.differences for finding in answering}) == 1

    @property
    def is_as_it_should(self) -> bool:
        """Whether the zone's own servers, or without any the resolvers, say what the registry has."""
        return self.state in words.AS_IT_SHOULD

    @property
    def caller_names(self) -> list[str]:
        """The caller names (TXT) that anybody answered with, each once."""
        return list(dict.fromkeys(name for finding in self.findings for name in finding.caller_names))


def worst(findings: Sequence[Finding]) -> State:
    """The state of several servers together; "unpublished" where there is none."""
    states = {finding.state for finding in findings}
    return next((state for state in words.WORST_FIRST if state in states), State.UNPUBLISHED)


def judge(target: Target, expected: Expected, response: Response | None, asked_at: datetime) -> Finding:
    """What one server's answer means. None is the answer of somebody whom there was no time to ask."""
    server = {"server": str(target)}
    if response is None:
        return _unknown(target, asked_at, Remark(words.NO_TIME, server))
    if isinstance(response, NameServerError):
        return _unknown(target, asked_at, Remark(response.message, {**response.params, **server}))
    if response.rcode not in SPOKEN:
        reason = Remark(words.CODES.get(response.rcode, words.OTHER_CODE), server | {"rcode": response.rcode})
        return _unknown(target, asked_at, reason, response)
    if not (response.rdatas or response.authoritative or target.is_resolver):
        return _unknown(target, asked_at, Remark(words.NOT_ITS_OWN, server), response)
    return _compared(target, expected, response, asked_at)


def bogus(finding: Finding) -> Finding:
    """The same, of a resolver that has an answer but finds its signatures wrong."""
    reason = Remark(words.BOGUS, {"server": str(finding.target)})
    return replace(finding, dnssec=Dnssec.BOGUS, reason=reason)


def in_block(finding: Finding) -> Finding:
    """The same, of a server whose answer is that of a block: the number has no records, and needs none."""
    return replace(finding, state=State.BLOCK, differences=(), remarks=_without_guess(finding))


def _without_guess(finding: Finding) -> tuple[Remark, ...]:
    return tuple(remark for remark in finding.remarks if remark.message != words.MAYBE_A_BLOCK)


def _unknown(target: Target, asked_at: datetime, reason: Remark, answer: Answer | None = None) -> Finding:
    took_ms = answer.took_ms if answer else None
    return Finding(target=target, state=State.UNREACHABLE, asked_at=asked_at, reason=reason, took_ms=took_ms)


def _compared(target: Target, expected: Expected, answer: Answer, asked_at: datetime) -> Finding:
    records = tuple(sorted(naptrs(answer), key=lambda record: (record.order, record.preference)))
    formless = len(expected.formless) if expected.others_know else 0
    compared = compare(expected.records, records, expected.digits, formless)
    return Finding(
        target=target,
        state=compared.state,
        asked_at=asked_at,
        records=records,
        differences=compared.differences,
        ttl=answer.ttl,
        took_ms=answer.took_ms,
        dnssec=_dnssec(answer, target),
        remarks=tuple(_remarks(target, expected, answer, compared.state, records)),
    )


def naptrs(answer: Answer) -> tuple[Naptr, ...]:
    """The NAPTR records of an answer, in its order."""
    read = []
    for rdata in answer.rdatas:
        try:
            read.append(Naptr.from_rdata(rdata))
        except NaptrError:  # a replacement that no text can hold
            continue
    return tuple(read)


def _dnssec(answer: Answer, target: Target) -> Dnssec:
    if answer.authenticated and target.is_resolver:
        return Dnssec.VALIDATED
    return Dnssec.SIGNED if answer.signed else Dnssec.UNSIGNED


def _remarks(
    target: Target, expected: Expected, answer: Answer, state: State, records: Sequence[Naptr]
) -> list[Remark]:
    remarks = []
    if not (target.is_resolver or answer.authoritative):
        remarks.append(Remark(words.FROM_A_CACHE, {"server": str(target)}))
    if records and expected.ttl not in {None, answer.ttl} and not target.is_resolver:
        remarks.append(Remark(words.OTHER_TTL, {"wanted": expected.ttl, "found": answer.ttl}))
    if state is State.EXTRA:
        remarks.append(Remark(words.MAYBE_A_BLOCK))
    more = len(records) - len(expected.records)
    if state is State.PUBLISHED and expected.others_know and more > 0:
        services = ", ".join(dict.fromkeys(expected.formless))
        remarks.append(Remark(words.MAYBE_FORMLESS, {"count": more, "services": services}))
    return remarks


def with_memory(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The same; and of resolvers that say something else than the zone's servers, how long they may (RFC 2308)."""
    servers = [finding for finding in findings if not finding.target.is_resolver]
    if not servers or any(finding.state not in words.AS_IT_SHOULD for finding in servers):
        return tuple(findings)
    return tuple(_remembering(finding) for finding in findings)


def _remembering(finding: Finding) -> Finding:
    is_old = finding.target.is_resolver and finding.state in {State.MISSING, State.DIFFERS, State.EXTRA}
    if not is_old or finding.ttl is None:
        return finding
    message = words.REMEMBERS_NOTHING if finding.state is State.MISSING else words.REMEMBERS_OLD
    return replace(finding, remarks=(*_without_guess(finding), Remark(message, {"seconds": finding.ttl})))
