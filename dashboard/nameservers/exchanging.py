"""One request over TCP, signed if there is a key, and the messages of its reply, checked."""

import contextlib
from collections.abc import Collection, Iterator

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype
import dns.update

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers import wire
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.keys import Key
from dashboard.nameservers.network import GARBLED, Deadline, Stream, connect, named
from dashboard.nameservers.problems import NameServerError, Request, Unreachable, not_done, wrong_clock
from dashboard.nameservers.signing import RefusedSignature, Signature, WrongSignature


class Reply:
    """The messages of the reply to one request, as they come in."""

    def __init__(
        self, server: Address, stream: Stream, request: bytes, signature: Signature | None, about: Request
    ) -> None:
        self.server = server
        self.about = about
        self.stream = stream
        self.request = request
        self.signature = signature

    def next(self, allowed: Collection[int] = ()) -> tuple[bytes, list[wire.Entry], bool]:
        """The next message, its records without the signature, and whether it is signed.

        Raises NameServerError, also for every code but NOERROR and those that are allowed, and what `named` turns
        into one.
        """
        message, head, records, signed = self._next()
        if head.rcode and head.rcode not in allowed:
            raise self._not_done(head.rcode)
        return message, records, signed

    def answer(self) -> bytes:
        """The reply to a question, whatever its code; with a key only if it is signed. Raises as `next` does."""
        message, head, _, signed = self._next()
        if self.signature is not None and head.rcode and not signed:
            raise self._not_done(head.rcode)
        self.require(signed)
        return message

    def _next(self) -> tuple[bytes, wire.Header, list[wire.Entry], bool]:
        message = self.stream.receive()
        head = self._check_header(message)
        try:
            records = list(wire.entries(message))
            signed = self._check_signature(message, records[-1] if records else None)
        except GARBLED:
            # A refusal may end in what is no signature, and still says what it says.
            if head.rcode:
                raise self._not_done(head.rcode) from None
            raise
        return message, head, records[:-1] if signed else records, signed

    def _not_done(self, rcode: int) -> NameServerError:
        return not_done(self.server, dns.rcode.to_text(dns.rcode.Rcode(rcode)), self.about)

    def _check_header(self, message: bytes) -> wire.Header:
        ours, theirs = wire.header(self.request), wire.header(message)
        is_reply = (
            theirs.id == ours.id
            and theirs.flags & wire.RESPONSE
            and not theirs.flags & wire.TRUNCATED
            and (theirs.flags ^ ours.flags) & wire.OPCODE == 0
        )
        # Not every message of a transfer repeats the question, nor does a refusal.
        if not is_reply or (theirs.questions and wire.question(message) != wire.question(self.request)):
            raise dns.exception.FormError
        return theirs

    def _check_signature(self, message: bytes, last: wire.Entry | None) -> bool:
        if self.signature is None:
            return False
        try:
            return self.signature.check(message, last)
        except RefusedSignature as error:
            if error.rcode == "BADTIME":
                raise wrong_clock(self.server, error.ahead) from None
            raise not_done(self.server, error.rcode, self.about) from None
        except WrongSignature:
            raise Unreachable(
                self.server, "wrong-signature", gettext_noop("The signature of what %(server)s sent is wrong.")
            ) from None

    def require(self, signed: bool) -> None:
        """Raise Unreachable unless the message was signed, where it had to be."""
        if self.signature is not None and not signed:
            raise Unreachable(
                self.server, "not-signed", gettext_noop("%(server)s did not sign its answer, which proves nothing.")
            )


@contextlib.contextmanager
def exchange(server: Address, request: dns.message.Message, key: Key | None, timeout: float) -> Iterator[Reply]:
    """Send a request, signed with the key; all is over after `timeout` seconds.

    Raises NameServerError; dns.exception.TooBig, before anything is sent, if it fits into no message.
    """
    deadline = Deadline(timeout)
    if key:
        request.use_tsig(key.as_dnspython())
    octets = request.to_wire()  # which also signs it, as of now
    signature = Signature(key, request.mac or b"") if key else None
    with named(server), connect(server, deadline) as stream:
        stream.send(octets)
        yield Reply(server, stream, octets, signature, _about(request))


def _about(request: dns.message.Message) -> Request:
    """What is asked for, in words that an error needs."""
    (question,) = request.question
    zone = question.name.to_text(omit_final_dot=True)
    if isinstance(request, dns.update.UpdateMessage):
        types = dict.fromkeys(dns.rdatatype.to_text(rrset.rdtype) for rrset in request.update)
        return Request("update", zone, " ".join(types))
    match question.rdtype:
        case dns.rdatatype.AXFR:
            return Request("transfer", zone)
        case dns.rdatatype.SOA:
            return Request("zone", zone)
    return Request("record", zone)
