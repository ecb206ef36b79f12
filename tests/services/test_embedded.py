"""Numbers that are made from here: at the embedded registry, in the name of a credential, and nowhere else."""

import pytest

from dashboard import client
from dashboard.enum import NumberError
from dashboard.models import Credential
from dashboard.registry.models import Account, Number, Range
from dashboard.services import embedded

NUMBER = "442079460958"


@pytest.fixture(autouse=True)
def _range(account: Account) -> None:
    Range.objects.create(account=account, digits="44")


def test_a_credential_of_the_embedded_registry_makes_numbers_within_its_ranges(credential: Credential) -> None:
    assert embedded.makes_numbers(credential)
    assert [str(error) for error in embedded.refusals(credential, [NUMBER, "4930123456"]) if error] == [
        "+4930123456 is in none of the account's ranges: an administrator of the registry gives them out."
    ]

    made = embedded.make_number(credential, NUMBER)

    assert made.digits == NUMBER
    assert Number.objects.get(digits=NUMBER).pk == made.id == embedded.make_number(credential, NUMBER).id


def test_other_registries_make_no_numbers_from_here(remote: Credential) -> None:
    assert not embedded.makes_numbers(remote)
    with pytest.raises(NumberError, match="gives numbers out itself"):
        embedded.make_number(remote, NUMBER)
    with pytest.raises(NumberError, match="gives numbers out itself"):
        embedded.refusals(remote, [NUMBER])


def test_a_credential_without_the_right_password_makes_none(credential: Credential, account: Account) -> None:
    account.set_password("another one")
    account.save()
    with pytest.raises(NumberError, match="password is wrong"):
        embedded.make_number(credential, NUMBER)


def test_a_disabled_registry_makes_none(credential: Credential) -> None:
    credential.registry.is_enabled = False
    with pytest.raises(client.NotSent, match="disabled"):
        embedded.make_number(credential, NUMBER)
