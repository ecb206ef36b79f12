"""What is said about a number: the telephone systems, their verdict on each record, and what they call in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["used", "skipped", "breaks"]


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone system: a stable name for programs, and the name that people know it by."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one telephone system does with one record.

    `uri` is what it calls through the record, empty unless the state is "used". "breaks" means that the record makes
    the system drop the number's other records too. `code` is a stable slug for programs, `message` the English
    template (a translator's msgid) with named %-placeholders that `params` fills; `str()` is that, filled.
    """

    state: State
    uri: str
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one telephone system does with a number.

    `uris` are in the order in which they are tried, `verdicts` in the order of the records as they were given. The
    sentence on the whole number is `message` filled with `params`, as in Verdict. `needs` is what the system must
    have to call them, where current versions of it lack that.
    """

    telephone: Telephone
    uris: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    needs: str = ""

    def __str__(self) -> str:
        return self.message % self.params

    @property
    def broken(self) -> bool:
        """True if a record makes the system drop the others."""
        return any(verdict.state == "breaks" for verdict in self.verdicts)


class Unfit(Exception):
    """A record that a system does not use; says why as a Verdict does. `breaks`: it takes the others with it."""

    def __init__(
        self, code: str, message: str, params: Mapping[str, object] | None = None, *, breaks: bool = False
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.params, self.breaks = code, message, dict(params or {}), breaks
