"""A number at the registry on a real socket, as the tests of writing pages use it."""

from dataclasses import dataclass
from typing import Any

from django.test import Client as Browser

from dashboard.models import Credential
from tests.faulty_registry import FaultyRegistry
from tests.web.views.pages import Form, form_to


@dataclass(frozen=True)
class Far:
    """The first number of Alice's credential at the registry that can be made to fail."""

    registry: FaultyRegistry
    credential: Credential

    @property
    def number(self) -> int:
        """Its id."""
        return self.registry.number_ids[0]

    @property
    def digits(self) -> str:
        """The number."""
        return "12005550100"

    @property
    def address(self) -> str:
        """Its page."""
        return f"/credentials/{self.credential.pk}/numbers/{self.number}/"

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

    def record_address(self, place: int = 0) -> str:
        """The page of one of its records."""
        return f"{self.address}records/{self.records[place]}/"

    def again_address(self, record_id: int) -> str:
        """Where a record is added that is gone."""
        return f"{self.address}add/?row={record_id}"

    def form(self, browser: Browser, place: int = 0) -> Form:
        """The form of one of its records, as a fresh page has it."""
        return form_to(browser.get(self.address), self.record_address(place))

    def new_form(self, browser: Browser) -> Form:
        """The form of a new record, as a fresh page has it."""
        return form_to(browser.get(f"{self.address}add/"), f"{self.address}add/")

    def confirm_form(self, browser: Browser, address: str) -> Form:
        """The form of a confirm page."""
        form = form_to(browser.get(address), "")
        form.action = address
        return form

    def writes(self) -> list[str]:
        """The commands that write, as the registry received them."""
        writing = {"new", "update", "delete", "deleteall"}
        return [received.command for received in self.registry.log if received.command in writing]


def typed(hostdata: str = "new@example.org", **others: Any) -> dict[str, Any]:
    """What a person types into a record's form."""
    return {"service": "SIP", "hostdata": hostdata, "preference": "50"} | others
