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
