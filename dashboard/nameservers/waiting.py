"""What a name server of ours does not have yet."""

from dataclasses import dataclass
from typing import Literal

WaitingState = Literal["sent", "tried", "refused", "refusing"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name server (its address, and the zone if it has several) lacks changes, and what will come of it; `problem`
    is the reason in a sentence.

    "sent": they are on their way. "tried": the server cannot be reached or is busy, and is tried again by itself.
    "refused": it takes other numbers, but not this one as it is. "refusing": it takes nothing from us, and is tried
    again now and then; an administrator should look.
    """

    server: str
    state: WaitingState
    problem: str = ""
