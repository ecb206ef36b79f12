"""Reading back: whether a server says what it has just confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, gettext_noop

from dashboard.nameservers import Address, Answer, Busy, Denied, Key, Replacement, ask
from dashboard.registry.models import BLOCK, Number
from dashboard.registry.publishing.content import is_host

EACH = 10  # a message of at most so many names is read back whole, of a larger one only a sample
SAMPLE = 2
_CANNOT_SAY = gettext_noop("%(server)s cannot answer for what it has confirmed (SERVFAIL).")
_ANSWERED = frozenset({"NOERROR", "NXDOMAIN"})


class NotAnswered(Exception):
    """The server does not answer our questions, though it takes our updates: the sentence that says so."""


def differing(
    server: Address, sent: Mapping[str, Replacement], cuts: Sequence[str], *, key: Key, timeout: float
) -> set[str]:
    """Which names of a message (as in Publication.name) the server answers otherwise than they were sent.

    The questions are signed like the update: a server may have several views of the zone, and choose by the key.
    `cuts` are digits at which the zone ends. What is at or below them may be answered from another zone that the
    server has too; of that only a delegation itself is compared, and only if the answer is a referral.

    Raises Unreachable and Busy, and NotAnswered where there is nothing to compare.
    """
    names = list(sent) if len(sent) <= EACH else [next(iter(sent)), next(reversed(list(sent)))][:SAMPLE]
    ends = tuple(cuts)
    beyond = {name for name in names if is_host(name) or name.startswith(ends)}
    lost = {name for name in beyond if not _is_delegated(server, sent[name], key, timeout)}
    names = [name for name in names if name not in beyond]
    inside = _inside_blocks([name for name in names if not sent[name].rdatas.get("NAPTR")])
    # What is not there is answered by a block, as it should be.
    return lost | {name for name in names if name not in inside and not _is_said(server, sent[name], key, timeout)}


def _is_said(server: Address, replacement: Replacement, key: Key, timeout: float) -> bool:
    return all(
        set(_asked(server, replacement.name, rdtype, key, timeout).rdatas) == set(rdatas)
        for rdtype, rdatas in replacement.rdatas.items()
    )


def _is_delegated(server: Address, replacement: Replacement, key: Key, timeout: float) -> bool:
    wanted = set(replacement.rdatas.get("NS", ()))
    if not wanted:
        return True
    answer = _asked(server, replacement.name, "NS", key, timeout)
    return answer.authoritative or set(answer.rdatas) == wanted


def _asked(server: Address, name: str, rdtype: str, key: Key, timeout: float) -> Answer:
    try:
        answer = ask(server, name, rdtype, key=key, timeout=timeout)
    except Denied as error:
        raise _not_answered(server, error.code.upper()) from None
    if answer.rcode == "SERVFAIL":
        raise Busy(server, "servfail", _CANNOT_SAY)
    if answer.rcode not in _ANSWERED:
        raise _not_answered(server, answer.rcode)
    return answer


def _not_answered(server: Address, rcode: str) -> NotAnswered:
    message = gettext("%(server)s takes updates and answers no questions (%(rcode)s): nothing can be read back.")
    return NotAnswered(message % {"server": server, "rcode": rcode})


def _inside_blocks(names: Sequence[str]) -> set[str]:
    """Those of the names that a block of the registry may answer for."""
    beginnings = {name: {name[:count] for count in range(1, len(name.removesuffix(BLOCK)) + 1)} for name in names}
    wanted = set().union(*beginnings.values())
    blocks = set(Number.objects.filter(is_block=True, digits__in=wanted).values_list("digits", flat=True))
    return {name for name in names if beginnings[name] & blocks}
