"""A zone fetched from its name server (AXFR), as the text of a zone file."""

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, User
from dashboard.nameservers import Address, Key, transfer
from dashboard.platform.admission import waiting
from dashboard.platform.lookup import lookup
from dashboard.platform.public import is_reachable
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.keeping import limit
from dashboard.services.zones import zone_of

_NOT_PUBLIC = gettext_noop(
    "%(server)s has no public address. An administrator can allow networks (E164WEB_TRANSFER_NETWORKS)."
)
_NO_ADDRESS = gettext_noop("%(server)s has no address that could be found.")
_BUSY = gettext_noop("Too many are waiting for %(server)s. Try again in a moment.")


def fetch(person: User, pk: int, server: Address, zone: str, key: Key | None) -> Iterator[bytes]:
    """The NAPTR records of a zone as lines of a zone file, once all of it is here. The key is kept nowhere.

    `pk` is the credential for whose numbers it is wanted. A server that somebody names must have a public address,
    or one of a network that an administrator allows; those that an administrator entered may be anywhere. The name is
    looked up once, and exactly the address that was judged is asked.

    Raises Unreadable, NameServerError, Http404, and PermissionDenied for who may only look.
    """
    credential = access.credential(person, pk, access.EDIT)
    judged = server if _is_known(credential, server) else _judged(server)
    params = {"server": str(server)}
    with waiting(f"name server {judged}", person.pk, lambda: Unreadable(_BUSY, dict(params))):
        records = transfer(judged, zone, key=key, timeout=settings.E164WEB.deadline, most=limit())
    return (
        f"{name}. {ttl} IN NAPTR {content.to_text()}\n".encode()
        for name, rdtype, ttl, content in records
        if rdtype == "NAPTR"
    )


def _judged(server: Address) -> Address:
    """The server at an address that may be asked. Raises Unreadable."""
    try:
        found = lookup(server.host, server.port, settings.E164WEB.connect_timeout)
    except OSError:
        raise Unreadable(_NO_ADDRESS, {"server": str(server)}) from None
    for _family, _kind, _protocol, address in found:
        if is_reachable(str(address[0]), settings.E164WEB.transfer_networks):
            return replace(server, host=str(address[0]))
    raise Unreadable(_NOT_PUBLIC, {"server": str(server)})


def _is_known(credential: Credential, server: Address) -> bool:
    """Whether an administrator entered this server for the registry of a credential."""
    return server in zone_of(credential.registry).servers
