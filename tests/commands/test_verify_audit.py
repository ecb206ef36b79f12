"""`manage.py verify_audit` says in one sentence whether the trail is whole."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dashboard.services import audit
from tests.fixtures_audit import events, last, tamper
from tests.prepared import prepare
from tests.programs import manage

pytestmark = pytest.mark.usefixtures("trail")


def test_a_whole_trail_is_said_to_be_so_with_what_to_remember(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(1_200):
        audit.note("test", by=None)
    call_command("verify_audit")
    assert capsys.readouterr().out == (
        f"The audit trail is intact: 1,200 events; the digest of the last is {last().digest}.\n"
    )


def test_an_empty_one_too(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert capsys.readouterr().out == "The audit trail is intact: it has no events yet.\n"


def test_the_first_event_that_is_wrong_is_named() -> None:
    for _ in range(4):
        audit.note("test", by=None)
    tamper("UPDATE dashboard_auditevent SET by_name = 'mallory' WHERE number = 3")
    tamper("DELETE FROM dashboard_auditevent WHERE number = 2")
    with pytest.raises(CommandError, match=r"^Event 2 is missing\.$"):
        call_command("verify_audit")


def test_an_end_without_a_signature_can_be_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    audit.note("test", by=None)
    tamper("UPDATE dashboard_audithead SET signatures = ''")
    with pytest.raises(CommandError, match="not signed"):
        call_command("verify_audit")
    call_command("verify_audit", "--accept-end")
    assert "intact: 2 events" in capsys.readouterr().out
    assert events() == ["test", "audit.accepted"]


def test_the_exit_status_says_it_too(tmp_path: Path) -> None:
    prepare(tmp_path)
    done = manage(tmp_path, "verify_audit")
    assert (done.returncode, done.stdout) == (0, "The audit trail is intact: it has no events yet.\n"), done.stderr
    manage(tmp_path, "shell", "-v0", "-c", "from dashboard.models import *; AuditHead.objects.all().delete()")
    done = manage(tmp_path, "verify_audit")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The end of the audit trail is not signed with the keys of this installation")
