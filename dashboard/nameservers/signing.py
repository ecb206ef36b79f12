"""TSIG (RFC 8945): the check of what comes back. dnspython signs what we send."""

import time
from typing import Final, cast

import dns.name
import dns.rcode
import dns.rdata
import dns.tsig
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TSIG import TSIG

from dashboard.nameservers import wire
from dashboard.nameservers.keys import Key

MAX_UNSIGNED: Final = 99  # messages of a transfer between two signed ones (RFC 8945 s5.3.1)


class RefusedSignature(Exception):
    """The server did not accept our signature: `rcode` "BADSIG", "BADKEY", "BADTIME"...; `ahead` is by how many
    seconds its clock is before ours, if it told.
    """

    def __init__(self, rcode: str, ahead: int | None) -> None:
        self.rcode = rcode
        self.ahead = ahead
        super().__init__(rcode)


class WrongSignature(Exception):
    """The signature of a reply is not one that the holder of the key made for it."""


class Signature:
    """The signatures of the message, or messages, that reply to a request which was signed as `mac`."""

    def __init__(self, key: Key, mac: bytes) -> None:
        self.key = key.as_dnspython()
        self.mac = mac
        self.context: dns.tsig.HMACTSig | dns.tsig.GSSTSig | None = None
        self.unsigned = 0

    def check(self, message: bytes, last: wire.Entry | None) -> bool:
        """Check the next message of the reply, whose last record is `last`; return whether it is signed.

        Raises RefusedSignature, WrongSignature, and what `wire` raises.
        """
        if last is None or last.rdtype != wire.TSIG:
            self._pass_unsigned(message)
            return False
        owner, _ = dns.name.from_wire(message, last.start)
        tsig = cast(
            "TSIG", dns.rdata.from_wire(RdataClass.ANY, RdataType.TSIG, message, last.data, last.end - last.data)
        )
        if tsig.error:
            raise RefusedSignature(dns.rcode.to_text(dns.rcode.Rcode(tsig.error), tsig=True), _ahead(tsig))
        try:
            self.context = dns.tsig.validate(  # type: ignore[no-untyped-call]
                message, self.key, owner, tsig, int(time.time()), self.mac, last.start, self.context, multi=True
            )
        except (dns.tsig.BadSignature, dns.tsig.BadTime, dns.tsig.BadKey, dns.tsig.BadAlgorithm):
            raise WrongSignature from None
        self.unsigned = 0
        return True

    def _pass_unsigned(self, message: bytes) -> None:
        # Inside a transfer the next signature covers what went before it.
        self.unsigned += 1
        if self.context is not None:
            if self.unsigned > MAX_UNSIGNED:
                raise WrongSignature
            self.context.update(message)  # type: ignore[no-untyped-call]


def _ahead(tsig: TSIG) -> int | None:
    """By how much the server's clock is ahead. Source: RFC 8945 s5.2.3, which puts its time into "other data"."""
    if tsig.error != dns.rcode.BADTIME or len(tsig.other) != 6:
        return None
    return int.from_bytes(tsig.other, "big") - int(time.time())
