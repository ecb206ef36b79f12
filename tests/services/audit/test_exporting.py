"""Events as files for other programs, of which a spreadsheet must run none."""

import csv
import io
import json

import pytest

from dashboard.models import AuditEvent
from dashboard.services import audit
from dashboard.services.audit import finding
from tests.fixtures_audit import last

pytestmark = pytest.mark.usefixtures("trail")


def all_events() -> list[AuditEvent]:
    return list(audit.oldest_first(AuditEvent.objects.all()))


def test_a_file_has_a_heading_and_all_events_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "CHUNK", 3)
    for number in range(8):
        audit.note("test", by=None, words=f'said "{number}", twice')
    rows = list(csv.DictReader(io.StringIO("".join(audit.as_csv(all_events())))))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[7]["words"] == 'said "7", twice'
    assert rows[7]["digest"] == last().digest


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(begin: str) -> None:
    audit.note("test", by=None, words=f"{begin}1+cmd|' /C calc'!A0")
    (row,) = csv.DictReader(io.StringIO("".join(audit.as_csv(all_events()))))
    assert row["words"] == f"'{begin}1+cmd|' /C calc'!A0"


@pytest.mark.parametrize("begin", ["\t", "\r"])
def test_so_does_what_is_a_formula_after_white_space(begin: str) -> None:
    event = AuditEvent.append(event="test", words=f"{begin}=1")
    (row,) = csv.DictReader(io.StringIO("".join(audit.as_csv([event])), newline=""))
    assert row["words"] == f"'{begin}=1"


def test_json_lines_say_what_was_said() -> None:
    audit.note("test", by=None, words="=1 ünï")
    (line,) = audit.as_json_lines(all_events())
    said = json.loads(line)
    assert line.endswith("}\n")
    assert (said["number"], said["words"], said["digest"]) == (1, "=1 ünï", last().digest)
    assert said["at"].endswith("+00:00")
