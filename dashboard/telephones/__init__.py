"""Who can call a number: what six telephone systems do with its records, told without asking them.

Each system has a module, written from its source and held against observations of the real thing. They are taken as
their makers ship them, asked for SIP and pointed at the number's zone; docs/telephones.md says how.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.enum.naptr import Naptr
from dashboard.telephones.answer import Answer
from dashboard.telephones.asterisk import ASTERISK
from dashboard.telephones.freepbx import FREEPBX
from dashboard.telephones.freeswitch import FREESWITCH
from dashboard.telephones.proxies import KAMAILIO, OPENSIPS
from dashboard.telephones.values import Prediction, State, Telephone, Verdict
from dashboard.telephones.worsening import Worsening, worse
from dashboard.telephones.yate import YATE

__all__ = ["TELEPHONES", "Prediction", "State", "Telephone", "Verdict", "Worsening", "predict", "worse"]

_SYSTEMS = (KAMAILIO, OPENSIPS, ASTERISK, FREESWITCH, YATE, FREEPBX)

TELEPHONES = tuple(system.telephone for system in _SYSTEMS)


def predict(digits: str, records: Sequence[Naptr]) -> tuple[Prediction, ...]:
    """Return what each of TELEPHONES does with the number `digits`, in their order. Never raises."""
    answer = Answer(digits, records)
    return tuple(system.predict(answer) for system in _SYSTEMS)
