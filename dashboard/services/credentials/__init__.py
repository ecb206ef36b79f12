"""Credentials: added, tried, changed and removed; and the client that speaks for one."""

from dashboard.services.credentials.keeping import (
    AlreadyThere,
    Check,
    add_credential,
    change_password,
    check_credential,
    open_changes_of,
    remove_credential,
    services_of,
    try_credential,
)

__all__ = [
    "AlreadyThere",
    "Check",
    "add_credential",
    "change_password",
    "check_credential",
    "open_changes_of",
    "remove_credential",
    "services_of",
    "try_credential",
]
