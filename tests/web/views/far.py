"""A number at the registry on a real socket, as the tests of writing pages use it."""

from typing import Any

from django.test import Client as Browser

from tests import far
from tests.web.views.pages import Form, form_to


class Far(far.Far):
    """The same with its pages."""

    @property
    def address(self) -> str:
        """Its page."""
        return f"/credentials/{self.credential.pk}/numbers/{self.number}/"

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


def typed(hostdata: str = "new@example.org", **others: Any) -> dict[str, Any]:
    """What a person types into a record's form."""
    return {"service": "SIP", "hostdata": hostdata, "preference": "50"} | others
