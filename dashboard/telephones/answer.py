"""A number and its records as a name server answers them: what every telephone system starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dashboard.enum.naptr import Naptr
from dashboard.enum.sizes import answer_size
from dashboard.telephones.values import Unfit

# Returns the URI that a system makes of a record for a number, or raises Unfit.
Reader = Callable[[Naptr, str], str]


@dataclass(frozen=True)
class Answer:
    """The records of the number `digits`, in any order."""

    digits: str
    records: Sequence[Naptr]
    _readings: dict[Reader, list[str | Unfit]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def arrivals(self) -> list[int]:
        """The places of the records in the order in which they arrive; of equal ones the first alone.

        A set of records has no order (RFC 2181 s5), and some name servers mix it. Those that do not, send the order
        of DNSSEC (RFC 4034 s6.3), which sorts by the octets, the order and the preference first.
        """
        places = {record: place for place, record in reversed(list(enumerate(self.records)))}
        return [places[record] for record in sorted(places, key=_octets)]

    def read_by(self, read: Reader) -> list[str | Unfit]:
        """Return what `read` makes of each of the arrivals for "+digits"; systems that read alike share it."""
        if read not in self._readings:
            number = "+" + self.digits
            self._readings[read] = [_reading(read, self.records[place], number) for place in self.arrivals]
        return self._readings[read]

    @cached_property
    def size(self) -> int:
        """Its octets, below the suffix e164.arpa; the zone's own is longer or shorter by a few."""
        return answer_size(self.digits, self.records)


def _reading(read: Reader, record: Naptr, number: str) -> str | Unfit:
    try:
        return read(record, number)
    except Unfit as unfit:
        return unfit.with_traceback(None)


def _octets(record: Naptr) -> tuple[int | str, ...]:
    """Return what sorts as the record's octets do: in front of each string is its length."""
    strings = (record.flags, record.service, record.regexp)
    counted = [part for text in strings for part in (len(text), text)]
    return (record.order, record.preference, *counted, record.replacement)
