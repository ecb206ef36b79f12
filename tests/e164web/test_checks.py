"""A bad configuration stops every command with sentences, and `check` names their ids."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from e164web import checks, conf
from tests.programs import ROOT, environment, manage


def test_each_problem_is_an_error_of_its_own_id(tmp_path: Path) -> None:
    bad = conf.read({"E164WEB_WORKERS": "x", "E164WEB_NONE": "1"}, tmp_path)
    with override_settings(E164WEB=bad):
        found = run_checks(tags=["e164web"])
        sentences = checks.sentences()
    assert [message.id for message in found] == ["e164web.E001", "e164web.E002"]
    assert all(message.is_serious() and message.hint for message in found)
    assert len(sentences) == 2
    assert sentences[0].endswith("(e164web.E001)")


def test_a_good_configuration_has_no_findings(tmp_path: Path) -> None:
    with override_settings(E164WEB=conf.read({}, tmp_path)):
        assert run_checks(tags=["e164web"]) == []
        assert checks.sentences() == []


@pytest.mark.parametrize("command", ["serve", "migrate", "createcachetable", "shell", "rotate_credential_keys"])
def test_no_command_runs_with_a_bad_configuration(tmp_path: Path, command: str) -> None:
    done = manage(tmp_path / "var", command, WORKERS="many", BIN="127.0.0.1:8000")
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first == "E164WEB_BIN is no setting of e164web. Did you mean E164WEB_BIND? (e164web.E001)"
    assert re.fullmatch(r"E164WEB_WORKERS cannot be used: .+ \(e164web\.E002\)", second)
    assert not (tmp_path / "var" / "e164web.sqlite3").exists()


def test_a_data_folder_that_cannot_be_used_stops_a_command_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = manage(tmp_path / "file" / "var", "migrate")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr


def test_check_names_the_ids(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", WORKERS="many")
    assert done.returncode == 1
    assert "(e164web.E002) E164WEB_WORKERS cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_given_with_a_bad_configuration(tmp_path: Path) -> None:
    done = manage(tmp_path, "help", WORKERS="many")
    assert done.returncode == 0
    assert "serve" in done.stdout


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "migrate", DATABASE_URL="postgres://enum:hunter2@127.0.0.1:1/enum")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert done.stderr.endswith("Check that the database runs, and E164WEB_DATABASE_URL.\n")
    assert "hunter2" not in done.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "e164web.sqlite3").write_text("this is not a database, whatever its name says" * 100)
    done = manage(tmp_path, "migrate")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path / "e164web.sqlite3") in done.stderr


def test_the_deployment_check_is_content_for_a_site_over_tls(tmp_path: Path) -> None:
    tls = {"URL": "https://enum.example.org/", "TRUSTED_PROXIES": "127.0.0.1"}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **tls)
    assert done.returncode == 0, done.stderr


def test_gunicorn_does_not_serve_with_a_bad_configuration(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:e164web.gunicorn", "--bind", "127.0.0.1:0", "e164web.wsgi"],
        cwd=ROOT, env=environment(tmp_path, WORKERS="many"), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "E164WEB_WORKERS cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
