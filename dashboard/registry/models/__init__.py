"""The embedded registry's own data: accounts, numbers and records, the zone, and what of it is published where."""

from dashboard.registry.models.account import (
    MAX_ADDRESS,
    MAX_HASH,
    MAX_USERNAME,
    Account,
    LoginFailure,
    validate_one_line,
)
from dashboard.registry.models.delegation import Delegation, read_ds, validate_ds
from dashboard.registry.models.name_server import NameServer, Publication, validate_address
from dashboard.registry.models.number import (
    BLOCK,
    MAX_HOSTDATA,
    MAX_RECORDS,
    MAX_SERVICE,
    Number,
    Record,
    validate_caller_name,
    validate_service,
)
from dashboard.registry.models.range import Range
from dashboard.registry.models.raw import RawRecord
from dashboard.registry.models.zone import (
    MAX_DIGITS,
    ZONE,
    Zone,
    first_zone,
    validate_apex,
    validate_hostmaster,
    validate_hosts,
    validate_suffix,
)

__all__ = [
    "BLOCK",
    "MAX_ADDRESS",
    "MAX_DIGITS",
    "MAX_HASH",
    "MAX_HOSTDATA",
    "MAX_RECORDS",
    "MAX_SERVICE",
    "MAX_USERNAME",
    "ZONE",
    "Account",
    "Delegation",
    "LoginFailure",
    "NameServer",
    "Number",
    "Publication",
    "Range",
    "RawRecord",
    "Record",
    "Zone",
    "first_zone",
    "read_ds",
    "validate_address",
    "validate_apex",
    "validate_caller_name",
    "validate_ds",
    "validate_hostmaster",
    "validate_hosts",
    "validate_one_line",
    "validate_service",
    "validate_suffix",
]
