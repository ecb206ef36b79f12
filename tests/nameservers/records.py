"""Records to publish."""

import dns.rdata
from dns.rdata import Rdata

from dashboard.nameservers import Replacement

ZONE = "e164.test"
NAME = "1.0.0.4.1.1.4.6.1.4.4.e164.test"


def naptr(uri: str = "sip:ford@pbx.example", preference: int = 10) -> Rdata:
    """A NAPTR record that answers every number with a URI."""
    return dns.rdata.from_text("IN", "NAPTR", f'100 {preference} "u" "E2U+sip" "!^.*$!{uri}!" .')


def txt(text: str) -> Rdata:
    """A TXT record."""
    return dns.rdata.from_text("IN", "TXT", f'"{text}"')


def replacement(*rdatas: Rdata, name: str = NAME, ttl: int = 300) -> Replacement:
    """What makes these a name's NAPTR records."""
    return Replacement(name, ttl, {"NAPTR": rdatas})
