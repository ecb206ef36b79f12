"""What rows of several tables say alike; each table draws hundreds, too many for an element each."""

from datetime import UTC, datetime
from typing import TypedDict

from django.utils import timezone

from dashboard.web.templatetags.e164 import moment


class Times(TypedDict):
    """A time as `elements/time.html` has it: in UTC for people and for programs, and in the reader's zone."""

    exact: str
    machine: str
    when: str


def times_of(at: datetime | None) -> Times:
    """The parts of a time; empty where there is none."""
    if at is None:
        return {"exact": "", "machine": "", "when": ""}
    exact = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return {"exact": exact, "machine": f"{exact.replace(' ', 'T')}Z", "when": moment(timezone.localtime(at))}
