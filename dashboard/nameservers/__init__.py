"""The only DNS input and output: asking name servers, updating them (RFC 2136, TSIG), transferring zones (AXFR).

Knows dnspython and nothing of Django or of the registry. The names below are the package's public face. Every
function ends within its `timeout`, and fails with a NameServerError or not at all.
"""

from dashboard.nameservers.addresses import Address, AddressError
from dashboard.nameservers.asking import Answer, ask, serial_of
from dashboard.nameservers.keys import Key
from dashboard.nameservers.problems import (
    Busy,
    Denied,
    NameServerError,
    Rejected,
    TsigKeyError,
    Unreachable,
)
from dashboard.nameservers.transferring import transfer
from dashboard.nameservers.updating import MAX_RRS, Replacement, batches, update
from dashboard.nameservers.waiting import Waiting, WaitingState
from dashboard.nameservers.zones import ZoneFacts, serial_is_newer

__all__ = [
    "MAX_RRS",
    "Address",
    "AddressError",
    "Answer",
    "Busy",
    "Denied",
    "Key",
    "NameServerError",
    "Rejected",
    "Replacement",
    "TsigKeyError",
    "Unreachable",
    "Waiting",
    "WaitingState",
    "ZoneFacts",
    "ask",
    "batches",
    "serial_is_newer",
    "serial_of",
    "transfer",
    "update",
]
