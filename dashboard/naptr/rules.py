"""The safety rules of a record, as checks that name the field at fault."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.naptr.draft import DEFAULT_ORDER, HasNaptrFields
from dashboard.naptr.naptr import Naptr
from dashboard.naptr.problems import NaptrError, Problem, gettext_noop
from dashboard.naptr.services import find_service
from dashboard.naptr.uris import uri_of


def naptr_for(draft: HasNaptrFields, order: int = DEFAULT_ORDER) -> Naptr | None:
    """Return the NAPTR that a record becomes in the DNS, None if it has no legal one. Never raises."""
    service, uri = find_service(draft.service), uri_of(draft.service, draft.hostdata)
    if service is None or uri is None:
        return None
    enumservice = service.enumservice_for(uri.partition(":")[0])
    try:
        return Naptr(order, draft.preference, "u", enumservice, f"!^.*$!{uri}!")
    except NaptrError:
        return None


def check_draft(
    draft: HasNaptrFields, digits: str, siblings: Iterable[HasNaptrFields] = (), order: int = DEFAULT_ORDER
) -> list[Problem]:
    """Return what is wrong with a record of the number `digits`, given the number's other records."""
    if not draft.hostdata:
        return [Problem("hostdata", "empty", gettext_noop("Enter the host data."))]
    return []
