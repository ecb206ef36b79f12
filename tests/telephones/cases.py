"""Records and predictions in few words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dashboard.enum import Naptr
from dashboard.telephones import Prediction, predict

NUMBER = "16045550100"
GOOD = "!^.*$!sip:good@example.net!"


@dataclass(frozen=True)
class Observed:
    """What telephone systems were seen to do with the records of a number."""

    name: str
    digits: str
    records: tuple[Naptr, ...]
    uris: dict[str, list[str]]


def observed() -> list[Observed]:
    """Measured in November 2026 with Kamailio 5.6.3, OpenSIPS 4.1, Asterisk, Yate 6.4.1 and FreeSWITCH 1.11.3."""
    entries = json.loads((Path(__file__).parent / "observed.json").read_text())
    return [
        Observed(
            entry["name"],
            entry["number"].removeprefix("+"),
            tuple(Naptr(**record) for record in entry["records"]),
            entry["observed"],
        )
        for entry in entries
    ]


def sip(regexp: str = GOOD, preference: int = 10, service: str = "E2U+sip", flags: str = "u") -> Naptr:
    """A record whose every part may be odd."""
    return Naptr(100, preference, flags, service, regexp)


def prediction(name: str, *records: Naptr, digits: str = NUMBER) -> Prediction:
    """What one telephone system does."""
    return next(each for each in predict(digits, records) if each.telephone.name == name)


def calls(*records: Naptr, digits: str = NUMBER) -> dict[str, list[str]]:
    """What every telephone system calls."""
    return {each.telephone.name: list(each.uris) for each in predict(digits, records)}


def who_calls(*records: Naptr, digits: str = NUMBER) -> str:
    """The telephone systems that call anything."""
    return " ".join(name for name, uris in calls(*records, digits=digits).items() if uris)


def code(name: str, *records: Naptr, digits: str = NUMBER) -> str:
    """The code of a telephone system's verdict on the first record."""
    return prediction(name, *records, digits=digits).verdicts[0].code
