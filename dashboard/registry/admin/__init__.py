"""Where administrators look after the embedded registry. Importing this registers the pages."""

from dashboard.registry.admin.accounts import AccountAdmin
from dashboard.registry.admin.name_servers import NameServerAdmin, PublicationAdmin
from dashboard.registry.admin.numbers import NumberAdmin, RecordAdmin
from dashboard.registry.admin.raws import RawRecordAdmin
from dashboard.registry.admin.zones import DelegationAdmin, ZoneAdmin

__all__ = [
    "AccountAdmin",
    "DelegationAdmin",
    "NameServerAdmin",
    "NumberAdmin",
    "PublicationAdmin",
    "RawRecordAdmin",
    "RecordAdmin",
    "ZoneAdmin",
]
