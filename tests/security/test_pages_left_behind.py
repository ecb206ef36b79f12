"""What the Back button shows after somebody has signed out."""

import pytest
from django.test import Client as Browser


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/accounts/inactive/",
        "/accounts/login/",
        "/credentials/",
        "/history/",
        "/registries/",
    ],
)
def test_no_page_of_a_person_is_kept_by_the_browser(alice: Browser, address: str) -> None:
    kept = alice.get(address)["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept
