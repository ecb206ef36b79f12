"""`manage.py reset_factors`: letting somebody in who lost the second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from dashboard.models import AuditEvent, Credential, User
from tests.fixtures_tokens import token_of
from tests.second_factors import set_up_app


def test_it_removes_them_all_and_notes_it(alice: Browser, person: User, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_app(alice)
    call_command("reset_factors", "alice")

    assert "alice has no second factor any more" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    kept = AuditEvent.objects.filter(event="factors.reset")
    assert kept.values_list("by_name", "about_name", "words").get() == ("", "alice", "manage.py")


def test_there_may_be_none(person: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_factors", "alice")

    assert "Nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["reset_factors", "reset_password"])
def test_a_name_that_nobody_has_is_said(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="no active user “nobody”"):
        call_command(command, "nobody")


@pytest.mark.parametrize("command", ["reset_factors", "reset_password"])
def test_no_name_is_nobodys_although_one_person_alone_has_credentials(credential: Credential, command: str) -> None:
    with pytest.raises(CommandError, match="no active user “”"):
        call_command(command, "")


@pytest.mark.parametrize("command", ["reset_factors", "reset_password"])
def test_tokens_are_kept_and_said(person: User, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(command, "alice")
    assert "token" not in capsys.readouterr().err
    token_of(person)
    call_command(command, "alice")
    assert "alice has 1 token, which work as before." in capsys.readouterr().err
