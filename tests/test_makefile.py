"""The two commands of the README, as far as they can be tried without installing anything."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import LIMIT, ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with what `make` looks at, and no environment."""
    (tmp_path / "requirements").mkdir()
    for name in ("Makefile", "requirements/base.txt", "requirements/dev.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PIP_"))
    }
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=project,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def python(project: Path, body: str) -> str:
    """A program that stands in for a Python of the user's machine."""
    program = project / "python"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("goal", ["run", "test"])
@pytest.mark.parametrize("body", ["exit 1", "exit 127"])
def test_a_python_that_is_too_old_is_one_sentence(project: Path, goal: str, body: str) -> None:
    old = python(project, body)
    done = make(project, goal, f"PY={old}")
    assert done.returncode == 2
    assert done.stdout == (
        f"e164web needs Python 3.11 or newer, and '{old}' is not that. "
        f"Install it, or name another: make PY=python3.12 {goal}\n"
    )
    assert not (project / ".venv").exists()


def test_a_python_without_venv_is_one_sentence(project: Path) -> None:
    bare = python(project, 'case "$2" in *venv*) exit 1;; esac; exit 0')
    done = make(project, "run", f"PY={bare}")
    assert done.returncode == 2
    assert done.stdout == (
        "Python's venv module is missing. Install it (Debian: apt install python3-venv), then run make run again.\n"
    )


def test_without_a_package_index_it_is_one_sentence_and_no_stamp(project: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    done = make(project, "run", f"PY={sys.executable}", **nowhere)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == (
        "The packages could not be installed: is there a network? .venv/install.log says more. "
        "Then run make run again."
    )
    assert "ERROR" in (project / ".venv" / "install.log").read_text()
    assert not list((project / ".venv").glob(".complete*"))


def test_an_environment_that_was_interrupted_or_has_lost_its_python_is_no_environment(project: Path) -> None:
    folder = project / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder.parent / ".complete-run").touch()
    (folder / "python").symlink_to(project / "gone")
    old = python(project, "exit 1")
    assert "needs Python 3.11" in make(project, "run", f"PY={old}").stdout
    assert not (folder.parent / ".complete-run").exists()


def test_running_needs_the_runtime_packages_only(project: Path) -> None:
    told = make(project, "--dry-run", "--always-make", "run").stdout
    assert "-r requirements/base.txt" in told
    assert "requirements/dev.txt" not in told


def test_lock_files_hold_hashes_and_name_no_index() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert re.search(r"^django==5\.2", text, flags=re.MULTILINE)
        assert "://" not in re.sub(r"#.*", "", text)
        pinned = re.findall(r"^[a-z0-9].*==", text, flags=re.MULTILINE)
        assert len(pinned) <= text.count("--hash=sha256:")


def test_cleaning_spares_the_data(project: Path) -> None:
    for folder in ("var", ".venv", ".mypy_cache", "dashboard/__pycache__"):
        (project / folder).mkdir(parents=True)
    (project / "var" / "credential.keys").touch()
    assert make(project, "clean").returncode == 0
    assert (project / "var" / "credential.keys").exists()
    assert not (project / ".venv").exists()
    assert not (project / "dashboard" / "__pycache__").exists()
