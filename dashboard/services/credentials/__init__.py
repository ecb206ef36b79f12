"""Credentials: added, tried, changed and removed; and the client that speaks for one."""

from dashboard.services.credentials.keeping import (
    AlreadyThere,
    Check,
    Unproven,
    add_credential,
    change_password,
    check_credential,
    open_changes_of,
    remove_credential,
    services_of,
)
from dashboard.services.credentials.teams import with_teams

__all__ = [
    "AlreadyThere",
    "Check",
    "Unproven",
    "add_credential",
    "change_password",
    "check_credential",
    "open_changes_of",
    "remove_credential",
    "services_of",
    "with_teams",
]
