"""What an administrator's pages do not give away, to the administrator either."""

import pytest
from django.test import Client as Browser

from dashboard.registry.models import Account


@pytest.mark.parametrize("prefix", ["argon2", "md5$", "zzz"])
@pytest.mark.parametrize("name", ["registry/account/?secret_hash", "registry/number/?account__secret_hash"])
def test_a_list_cannot_be_filtered_by_the_hash_of_a_secret(
    admin_client: Browser, account: Account, name: str, prefix: str
) -> None:
    page = admin_client.get(f"/admin/{name}__startswith={prefix}")
    assert page.status_code == 400


def test_the_old_password_cannot_be_guessed_at_the_admins_own_form(admin_client: Browser) -> None:
    # A stolen session must not be worth a password; the form of everybody else has a limit.
    answer = admin_client.post("/admin/password_change/", {"old_password": "a guess"})
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/password/change/"
