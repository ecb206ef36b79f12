"""What the DNS says about numbers, now: at the servers of the zone and at the resolvers.

`look` asks about many numbers at once and ends in time whatever servers do. Nothing is remembered.
"""

from dashboard.services.dns.accounts import (
    AccountLook,
    CheckedNumber,
    TooManyLooks,
    look_at_ids,
    look_at_number,
    look_at_numbers,
)
from dashboard.services.dns.comparing import Difference, compare
from dashboard.services.dns.finding import Target
from dashboard.services.dns.judging import Expected, Finding, NumberState
from dashboard.services.dns.looking import MAX_NUMBERS, InDns, Look, expected_of, look, records_in_dns
from dashboard.services.dns.words import Dnssec, Remark, State

__all__ = [
    "MAX_NUMBERS",
    "AccountLook",
    "CheckedNumber",
    "Difference",
    "Dnssec",
    "Expected",
    "Finding",
    "InDns",
    "Look",
    "NumberState",
    "Remark",
    "State",
    "Target",
    "TooManyLooks",
    "compare",
    "expected_of",
    "look",
    "look_at_ids",
    "look_at_number",
    "look_at_numbers",
    "records_in_dns",
]
