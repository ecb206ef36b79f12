"""What waits to be published by the registry inside this process, in sentences for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from dashboard.models import Registry
from dashboard.nameservers import Waiting
from dashboard.protocol import Number
from dashboard.services.numbers.formatting import name_of

# The registry inside this process; the composition root (dashboard/apps.py) sets them.
embedded_waiting: Callable[[str], Sequence[Waiting]] | None = None
embedded_troubles: Callable[[], Sequence[Waiting]] | None = None

_OF_A_NUMBER = {
    "sent": gettext_noop("The last change is on its way to %(server)s."),
    "tried": gettext_noop("%(server)s does not have the last change yet, and is tried again by itself."),
    "refused": gettext_noop("%(server)s does not take this number as it is."),
    "refusing": gettext_noop("%(server)s refuses changes, and is tried again now and then. Tell an administrator."),
}
_OF_A_SERVER = {
    "tried": gettext_noop("The name server %(server)s cannot be sent to, and is tried again by itself."),
    "refusing": gettext_noop(
        "The name server %(server)s refuses changes. It is tried again now and then, and at once with “Resume”."
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, the reason for it (or nothing), and how much it matters: "info", "warning" or "danger"."""

    level: str
    text: str
    reason: str


def waiting(registry: Registry, number: Number) -> list[Notice]:
    """Which name servers do not have a number's last change. Nothing is known about registries elsewhere."""
    if embedded_waiting is None or not registry.is_embedded:
        return []
    name = name_of(number).text
    return [
        Notice(
            level="info" if each.state == "sent" else "warning",
            text=gettext(_OF_A_NUMBER[each.state]) % {"server": each.server},
            reason=each.problem,
        )
        for each in embedded_waiting(name)
    ]


def troubles() -> list[Notice]:
    """The name servers that an administrator should look at."""
    return [
        Notice(
            level="danger" if each.state == "refusing" else "warning",
            text=gettext(_OF_A_SERVER[each.state]) % {"server": each.server},
            reason=each.problem,
        )
        for each in (embedded_troubles() if embedded_troubles is not None else ())
    ]
