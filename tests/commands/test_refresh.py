"""An account read again from the shell."""

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Credential, Mirror
from tests.faulty_registry import FaultyRegistry
from tests.services.mirror.conftest import rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_refreshes_an_account_and_says_how_many_numbers_it_has(
    remote: Credential, registry: FaultyRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("refresh")

    assert capsys.readouterr().out.startswith("Remote: 3 numbers, ")
    assert all(row.was_looked_at for row in rows(remote))
    assert Mirror.objects.get().wanted_at is None


def test_a_registry_that_does_not_answer_is_a_failure_in_a_sentence(
    remote: Credential, registry: FaultyRegistry
) -> None:
    registry.fault("list", "close")
    with pytest.raises(CommandError, match=r"Remote: The connection to .* broke"):
        call_command("refresh", all=True)


def test_all_accounts_are_not_one(remote: Credential) -> None:
    with pytest.raises(CommandError, match="leave --credential and --user out"):
        call_command("refresh", all=True, credential=remote.label)
