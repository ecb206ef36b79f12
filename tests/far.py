"""A number at the registry on a real socket."""

from dataclasses import dataclass

from dashboard.models import Credential, User
from dashboard.services.numbers import NumberRecords, show_number
from dashboard.services.records import Writer
from tests.faulty_registry import FaultyRegistry

WRITES = {"new", "update", "delete", "deleteall"}


@dataclass(frozen=True)
class Far:
    """The first number of Alice's credential at the registry that can be made to fail."""

    registry: FaultyRegistry
    credential: Credential

    @property
    def person(self) -> User:
        """Alice."""
        return self.credential.user

    @property
    def number(self) -> int:
        """Its id."""
        return self.registry.number_ids[0]

    @property
    def digits(self) -> str:
        """The number."""
        return "12005550100"

    @property
    def records(self) -> list[int]:
        """The ids of its records as the registry has them now."""
        return list(self.registry.store.numbers[self.number].records)

    def add(self, preference: int, hostdata: str, service: str = "SIP") -> int:
        """Add a record behind everybody's back."""
        return self.registry.store.add_record(self.number, preference, service, hostdata)

    def set(self, record_id: int, **values: str) -> None:
        """Change a record behind everybody's back."""
        for name, value in values.items():
            setattr(self.registry.store.records[record_id], name, value)

    def remove(self, record_id: int) -> None:
        """Delete a record behind everybody's back."""
        del self.registry.store.records[record_id]
        del self.registry.store.numbers[self.number].records[record_id]

    def hostdata(self) -> list[str]:
        """Where the records lead now, in the registry's order."""
        return [record.hostdata for record in self.registry.store.numbers[self.number].records.values()]

    def held(self) -> list[tuple[str, str, str]]:
        """What the registry has, without ids and its order."""
        records = self.registry.store.numbers[self.number].records.values()
        return sorted((record.preference, record.service, record.hostdata) for record in records)

    def shown(self) -> NumberRecords:
        """The number as Alice sees it now."""
        return show_number(self.person, self.credential, self.number)

    def writer(self) -> Writer:
        """A writer of Alice's."""
        return Writer(self.person, self.credential, self.number)

    def writes(self) -> list[str]:
        """The commands that write, as the registry received them."""
        return [received.command for received in self.registry.log if received.command in WRITES]
