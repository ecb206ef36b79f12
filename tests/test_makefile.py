"""The two commands of the README, with packages of the tests' own: nothing is downloaded."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.programs import LIMIT, ROOT

ALONE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ".", "PIP_CONFIG_FILE": os.devnull}


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


@pytest.fixture
def quick(project: Path) -> str:
    """A Python that borrows the tests' pip for its environments, which takes less time than to install one."""
    (project / "borrowed").mkdir()
    (project / "borrowed" / "pip").symlink_to(Path(sysconfig.get_path("purelib"), "pip"))
    return python(
        project,
        f'test "$2" = venv || exec {sys.executable} "$@"\n'
        f"{sys.executable} -m venv --without-pip --clear .venv\n"
        f'for site in .venv/lib/python*/site-packages; do echo "$PWD/borrowed" >$site/borrowed.pth; done',
    )


def wheel(folder: Path, name: str, version: str, *metadata: str) -> str:
    """Make a wheel with no code, and return the line of a lock file that pins it."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "".join(f"{info}/{file},,\n" for file in ("METADATA", "WHEEL", "RECORD")),
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def make_from(lock: str, project: Path, goal: str, py: str) -> subprocess.CompletedProcess[str]:
    """Run `make` where both lock files hold `lock`, and pip knows the wheels in the project's folder only."""
    for path in (project / "requirements").iterdir():
        path.write_text(lock)
    return make(project, goal, f"PY={py}", **ALONE)


def stamps(project: Path) -> set[str]:
    return {path.name for path in (project / ".venv").glob(".complete*")}


def test_a_new_release_of_a_package_that_is_wanted_with_an_extra_changes_nothing(project: Path, quick: str) -> None:
    extra = "Provides-Extra: toml"
    lock = wheel(project, "cover", "1", extra) + wheel(project, "plug", "1", "Requires-Dist: cover[toml]")
    wheel(project, "cover", "2", extra)
    done = make_from(lock, project, "install", quick)
    assert done.returncode == 0, done.stdout
    assert stamps(project) == {".complete-run", ".complete-dev"}
    installed = {path.name for path in (project / ".venv").rglob("*.dist-info")}
    assert {"cover-1.dist-info", "plug-1.dist-info"} <= installed
    # Somebody who waits sees each package.
    assert done.stdout.splitlines()[1] == ".. unpacking "


def test_a_lock_file_that_lacks_a_package_is_refused_with_its_name(project: Path, quick: str) -> None:
    done = make_from(wheel(project, "plug", "1", "Requires-Dist: cover[toml]"), project, "run", quick)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-2:] == [
        "The packages could not be installed. plug 1 requires cover, which is not installed.",
        ".venv/install.log has the rest. When that is mended, run make run again.",
    ]
    assert not stamps(project)


def test_a_package_that_is_not_the_one_of_the_lock_file_is_refused(project: Path, quick: str) -> None:
    lock = wheel(project, "plug", "1")
    wheel(project, "plug", "1", "Summary: another")
    done = make_from(lock, project, "run", quick)
    assert done.returncode == 2
    assert "could not be installed. ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" in done.stdout
    assert not stamps(project)


def test_tools_of_an_older_lock_file_do_not_stay(project: Path, quick: str) -> None:
    base, tools = (project / "requirements" / name for name in ("base.txt", "dev.txt"))
    base.write_text(wheel(project, "cover", "1"))
    tools.write_text(base.read_text() + wheel(project, "plug", "1"))
    assert make(project, "install", f"PY={quick}", **ALONE).returncode == 0
    assert list((project / ".venv").rglob("plug-1.dist-info"))
    tools.write_text(base.read_text())
    assert make(project, "install", f"PY={quick}", **ALONE).returncode == 0
    assert not list((project / ".venv").rglob("plug-1.dist-info"))


def test_an_installation_that_is_killed_is_not_complete(project: Path) -> None:
    (project / "pip").write_text("#!/bin/sh\nkill -9 $PPID\n")
    (project / "pip").chmod(0o755)
    deadly = python(project, 'test "$2" != venv || { mkdir -p .venv/bin && cp pip .venv/bin/python; }')
    done = make(project, "run", f"PY={deadly}")
    assert done.returncode == 2
    assert "The packages could not be installed. It was ended.\n" in done.stdout
    assert not stamps(project)


def test_without_a_package_index_the_package_that_is_not_found_is_named(project: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    done = make(project, "run", f"PY={sys.executable}", **nowhere)
    assert done.returncode == 2
    first = (project / "requirements" / "base.txt").read_text().partition("==")[0]
    assert re.search(
        rf"^The packages could not be installed\. ERROR: No matching distribution found for {first}==.*\n"
        r"\.venv/install\.log has the rest\. When that is mended, run make run again\.$",
        done.stdout,
        flags=re.MULTILINE,
    )
    assert "ERROR" in (project / ".venv" / "install.log").read_text()
    assert not stamps(project)


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
