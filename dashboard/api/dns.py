"""What the DNS says about a number, as JSON."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from dashboard.api.values import NumberData
from dashboard.protocol import Number
from dashboard.services import dns
from dashboard.services.numbers.formatting import name_of
from dashboard.services.sentences import say

State = Annotated[
    Literal["published", "differs", "missing", "extra", "empty", "block", "unreachable", "unpublished"],
    Field(examples=["published"]),
]
Naptr = Annotated[str, Field(examples=['100 100 "u" "E2U+sip" "!^.*$!sip:office@sip.example.org!" .'])]
Sentences = Annotated[list[str], Field(description="What there is to say about it.", examples=[[]])]


class DnsDifference(BaseModel):
    """A record that the DNS has not, or only the DNS has, or both have in different forms: `fields` names these."""

    expected: Naptr | None
    found: Naptr | None
    fields: Annotated[list[str], Field(examples=[["regexp"]])]

    @classmethod
    def of(cls, difference: dns.Difference) -> "DnsDifference":
        """One of a finding."""
        expected, found = difference.expected, difference.found
        return cls(
            expected=expected.to_text() if expected is not None else None,
            found=found.to_text() if found is not None else None,
            fields=list(difference.fields),
        )


class DnsServer(BaseModel):
    """What one name server or resolver says."""

    server: Annotated[str, Field(examples=["ns1.example.org (192.0.2.1)"])]
    is_resolver: bool
    state: State
    records: list[Naptr]
    differences: list[DnsDifference]
    ttl: Annotated[int | None, Field(description="Seconds.", examples=[300])]
    took_ms: Annotated[float | None, Field(examples=[12.5])]
    dnssec: Annotated[Literal["unsigned", "signed", "validated", "bogus"] | None, Field(examples=["unsigned"])]
    caller_names: Annotated[list[str], Field(description="TXT records.", examples=[[]])]
    reason: Annotated[str, Field(description="Why nothing is known; empty where something is.", examples=[""])]
    remarks: Sentences

    @classmethod
    def of(cls, finding: dns.Finding) -> "DnsServer":
        """One of a look."""
        return cls(
            server=str(finding.target),
            is_resolver=finding.target.is_resolver,
            state=finding.state.value,  # type: ignore[arg-type]  # its choices
            records=[record.to_text() for record in finding.records],
            differences=[DnsDifference.of(difference) for difference in finding.differences],
            ttl=finding.ttl,
            took_ms=finding.took_ms,
            dnssec=finding.dnssec.value if finding.dnssec is not None else None,  # type: ignore[arg-type]  # the same
            caller_names=list(finding.caller_names),
            reason=say(finding.reason) if finding.reason is not None else "",
            remarks=[say(remark) for remark in finding.remarks],
        )


class DnsState(NumberData):
    """A number in the DNS. `state` is the worst at the zone's own servers, or at resolvers where none are known."""

    domain: Annotated[str, Field(examples=["0.0.0.0.6.4.9.7.0.2.4.4.e164.arpa"])]
    state: State
    is_as_it_should: bool
    expected: Annotated[list[Naptr], Field(description="What the registry has, as the DNS should have it.")]
    servers: list[DnsServer]
    asked_at: datetime
    remarks: Sentences

    @classmethod
    def of(cls, number: Number, look: dns.Look) -> "DnsState":
        """What was seen of one number."""
        (seen,) = look.numbers
        return cls(
            id=number.id,
            number=f"+{name_of(number).text}",
            domain=seen.expected.domain,
            state=seen.state.value,  # type: ignore[arg-type]  # its choices
            is_as_it_should=seen.is_as_it_should,
            expected=[record.to_text() for record in seen.expected.records],
            servers=[DnsServer.of(finding) for finding in seen.findings],
            asked_at=look.asked_at,
            remarks=[say(remark) for remark in look.remarks],
        )
