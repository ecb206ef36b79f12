"""An account as the mirror has it: what a preview is made from, so that nothing is asked of a registry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dashboard import access
from dashboard.enum import Naptr, in_order
from dashboard.models import Credential, MirroredNumber, User
from dashboard.nameservers import ZoneFacts
from dashboard.protocol import Number, Record, RecordState
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, name_of
from dashboard.services.numbers.typed import probably_meant
from dashboard.services.records.nearby import Nearby
from dashboard.services.zones import raws_of, suffix_of, zones_of


@dataclass
class Remembered:
    """An account, for what asks a registry about neighbours (`neighbours.Knows`).

    Its numbers are looked at some at a time (`look_at`): what must be asked of one of them is asked of all together.
    """

    person: User
    credential: Credential
    within: dict[str, Nearby] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    raws: dict[str, Sequence[Naptr]] = field(default_factory=dict)
    zones: dict[str, ZoneFacts] = field(default_factory=dict)
    shown: dict[int, Sequence[RecordState]] = field(default_factory=dict)

    def look_at(self, numbers: Sequence[Number]) -> None:
        """Look at some of its numbers; what is known of those before is forgotten."""
        self.names = list({name_of(number).text: None for number in numbers})
        self.raws = dict(zip(self.names, raws_of(self.credential.registry, self.names), strict=True))
        self.zones, self.shown = {}, {}

    @cached_property
    def suffix(self) -> str:
        """Where its registry publishes."""
        return suffix_of(self.credential.registry)

    @cached_property
    def blocks(self) -> list[Number]:
        """The blocks of the account: only these have an effect on other numbers."""
        rows = access.mirrored_of(self.person, self.credential).filter(local__endswith="*")
        return [number_of(row) for row in rows.defer("records", "text")]

    def near(self, number: Number) -> list[Number]:
        """The numbers on which it depends what a first record of this one changes; none without a block."""
        around = [block for block in self.blocks if name_of(block).owns(name_of(number).digits)]
        if not around and not is_block(number):
            return []
        widest = min((block.digits for block in around), default=number.digits)
        if widest not in self.within:  # once for all new numbers of a block
            rows = access.mirrored_of(self.person, self.credential).filter(digits__startswith=widest)
            self.within[widest] = Nearby(number_of(row) for row in rows.defer("records", "text"))
        return list(self.within[widest].of(number))

    def list(self) -> list[Number]:
        """Never asked for: `near` is handed over."""
        return []

    def show(self, number_id: int) -> Sequence[RecordState]:
        """The records of a number."""
        if number_id not in self.shown:
            found = access.mirrored_of(self.person, self.credential).filter(number_id=number_id).first()
            self.shown[number_id] = found.records if found is not None else []
        return self.shown[number_id]

    def raws_at(self, number: Number) -> Sequence[Naptr]:
        """The raw records of a number, which no mirror has: our own registry is in this process."""
        name = name_of(number).text
        if name not in self.raws:
            (self.raws[name],) = raws_of(self.credential.registry, [name])
        return self.raws[name]

    def zone_of(self, number: Number) -> ZoneFacts:
        """The zone that holds a number."""
        name = name_of(number).text
        if name not in self.zones:
            names = self.names if name in self.names else [name]
            self.zones |= dict(zip(names, zones_of(self.credential.registry, names), strict=True))
        return self.zones[name]


def number_of(row: MirroredNumber) -> Number:
    """A mirrored number as the registry lists it; of version 0.1 only its digits may be known."""
    if row.country or row.area or row.local:
        return row.number
    return Number(id=row.number_id, country=row.digits, area="", local="")


def found_of(row: MirroredNumber, account: Remembered) -> NumberRecords:
    """A mirrored number as if it had just been read."""
    number = number_of(row)
    names = {"country": number.country, "area": number.area, "local": number.local}
    records = [
        Record(
            id=one.id or 0,
            order=one.order,
            preference=one.preference,
            service=one.service,
            hostdata=one.hostdata,
            **names,
        )
        for one in row.records
    ]
    return NumberRecords(
        number=number,
        records=in_order(records),
        suffix=account.suffix,
        find_zone=lambda: account.zone_of(number),
        raws_at=account.raws_at,
        services=account.credential.services,
        is_embedded=account.credential.registry.is_embedded,
        meant=probably_meant(number, lambda: account.zone_of(number)) if not records else "",
    )
