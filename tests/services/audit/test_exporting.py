"""Events as files for other programs, of which a spreadsheet must run none."""

import csv
import io
import json

import pytest

from dashboard.models import AuditEvent
from dashboard.services import audit, exporting
from tests.fixtures_audit import last

pytestmark = pytest.mark.usefixtures("trail")


def as_csv() -> list[dict[str, str]]:
    lines = exporting.as_csv(audit.COLUMNS, audit.rows(AuditEvent.objects.all()))
    return list(csv.DictReader(io.StringIO("".join(lines), newline="")))


def test_a_file_has_a_heading_and_all_events_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 3)
    for number in range(8):
        audit.note("test", by=None, words=f'said "{number}", twice')
    rows = as_csv()
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[7]["words"] == 'said "7", twice'
    assert rows[7]["digest"] == last().digest


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(begin: str) -> None:
    audit.note("test", by=None, words=f"{begin}1+cmd|' /C calc'!A0")
    (row,) = as_csv()
    assert row["words"] == f"'{begin}1+cmd|' /C calc'!A0"


@pytest.mark.parametrize("begin", ["\t", "\r"])
def test_so_does_what_is_a_formula_after_white_space(begin: str) -> None:
    AuditEvent.append(event="test", words=f"{begin}=1")
    (row,) = as_csv()
    assert row["words"] == f"'{begin}=1"


def test_json_lines_say_what_was_said() -> None:
    audit.note("test", by=None, words="=1 ünï")
    (line,) = exporting.as_json_lines(audit.COLUMNS, audit.rows(AuditEvent.objects.all()))
    said = json.loads(line)
    assert line.endswith("}\n")
    assert (said["number"], said["words"], said["digest"]) == (1, "=1 ünï", last().digest)
    assert said["at"].endswith("+00:00")
