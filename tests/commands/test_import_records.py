"""`manage.py import_records` and `export_records`: there and back."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dashboard.models import Credential, Job, JobState, Mirror, Result, User
from dashboard.registry.models import Account, Number
from dashboard.services.background.tasks import run_waiting
from dashboard.services.numbers import show_number

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account_known(credential: Credential, account: Account) -> Number:
    """The first sample number; the mirror knows it as its registry has it."""
    number = account.numbers.order_by("pk")[0]
    show_number(credential.user, credential, number.pk)
    Mirror.objects.update_or_create(credential=credential, defaults={"listed_at": timezone.now()})
    return number


def test_what_was_exported_is_changed_and_imported(
    account_known: Number, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "numbers.csv"
    call_command("export_records", f"+{account_known.digits}", "--format", "csv", "-o", str(file))
    call_command("import_records", str(file), "--credential", "Embedded")
    said = capsys.readouterr()
    assert (said.out, "Numbers: same: 1." in said.err) == ("", True)

    record = account_known.records.order_by("pk")[0]
    file.write_text(file.read_text().replace(record.hostdata, "new@example.org"))
    call_command("import_records", str(file), "--replace")
    said = capsys.readouterr()
    assert said.out.startswith(f"waiting\t+{account_known.digits}\t")
    assert "Nothing was sent." in said.err
    assert Job.objects.latest("pk").state == JobState.PREVIEW

    call_command("import_records", str(file), "--replace", "--apply", "--unsafe")
    run_waiting()

    record.refresh_from_db()
    assert record.hostdata == "new@example.org"
    assert [number.result for number in Job.objects.latest("pk").numbers.all()] == [Result.DONE]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["import_records", "nothing.csv"], "nothing.csv cannot be read"),
        (["export_records", "host:", "--format", "csv"], "host"),
        (["export_records", "--format", "csv", "-o", "/nowhere/file"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(credential: Credential, command: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command(*command)


def test_a_table_without_numbers_is_a_sentence(credential: Credential, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")

    with pytest.raises(CommandError, match="not known which column holds the numbers"):
        call_command("import_records", str(file))


def test_raw_records_are_kept_for_administrators_and_shown_before(
    account_known: Number, credential: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, owner = tmp_path / "x.zone", ".".join(reversed(account_known.digits))
    file.write_text(f'{owner}.e164.arpa. NAPTR 100 5 "u" "E2U+sip" "!^(.*)$!sip:\\\\1@pbx.example.org!" .\n')
    with pytest.raises(CommandError, match="Only administrators who may add raw records"):
        call_command("import_records", str(file), "--raw")

    User.objects.filter(pk=credential.user_id).update(is_staff=True, is_superuser=True)
    call_command("import_records", str(file), "--raw")

    said = capsys.readouterr().out
    assert '; NAPTR 100 5 "u" "E2U+sip"' in said
    assert said.startswith(f"waiting\t+{account_known.digits}\t")
