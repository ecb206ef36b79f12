"""`manage.py search`: what the page finds, for the shell."""

import json

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Credential
from dashboard.services.search import finding
from tests.web.views.test_search import make


def test_rows_and_lines_of_json(
    credential: Credential, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 1)
    make(credential, "442079460958", problems=" yate ", dns_state="missing")
    make(credential, "442079460959")
    call_command("search", "host:pbx-old", "service:SIP", "--person", "alice", "--credential", "Embedded")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Embedded\t+442079460958\t460958\t1\tmissing\tyate\t")
    assert first.endswith("\tSIP office@pbx-old.example.net")
    assert second.startswith("Embedded\t+442079460959")
    call_command("search", "460958", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["number"], found["problems"], found["records"][0]["service"]) == ("+442079460958", ["yate"], "SIP")


def test_what_cannot_be_understood_is_one_sentence(credential: Credential) -> None:
    with pytest.raises(CommandError, match="there is no “hots:” in this language"):
        call_command("search", "hots:x")
