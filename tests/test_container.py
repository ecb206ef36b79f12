"""The image: what it copies is there and is enough, and what it runs exists. No container engine is needed."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from e164web.health import is_healthy
from tests.ports import free_port
from tests.programs import LIMIT, ROOT, environment

BUILD = "/tmp/build"  # noqa: S108 -- in the image
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
# Lines that end in a backslash go on in the next one.
INSTRUCTIONS = [
    (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
    for line in re.sub(r"\\\n", " ", DOCKERFILE).splitlines()
    if line.strip() and not line.startswith("#")
]


def instructions(name: str) -> list[str]:
    return [rest.strip() for word, rest in INSTRUCTIONS if word == name]


def copied() -> list[tuple[list[str], str]]:
    """Sources and target of each COPY from the project."""
    parts = [shlex.split(rest) for rest in instructions("COPY") if "--from" not in rest]
    return [(words[:-1], words[-1]) for words in parts]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The folder /app as the image has it: the copied files that git knows, and nothing else."""
    folder = tmp_path / "app"
    for sources, target in copied():
        for source in sources:
            listed = subprocess.run(
                ["git", "ls-files", "--cached", "--others", "--exclude-standard", source],
                cwd=ROOT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            for name in filter(None, listed.stdout.splitlines()):
                place = folder / (name if target == "./" or name.startswith(target) else target)
                place.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / name).exists():
                    place.write_bytes((ROOT / name).read_bytes())
    return folder


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [source for sources, _ in copied() for source in sources]
    assert sources
    assert set(sources) == let_in
    assert all((ROOT / source).exists() for source in sources)


def test_nothing_that_is_secret_can_get_into_the_image() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not [rule for rule in rules if rule.startswith(("!var", "!.", "!*", "!/"))]
    (build,) = [run for run in instructions("RUN") if "prepare_static" in run]
    # Every start makes keys in its data folder, so the one of the build is thrown away.
    assert build.startswith(f"E164WEB_DATA_DIR={BUILD} ")
    assert f"rm -rf {BUILD}" in build
    assert re.findall(r"mv (.+?) /data/", build) == [f"{BUILD}/static {BUILD}/static.sources"]


def test_the_image_uses_a_python_that_the_project_supports() -> None:
    images = [rest.split()[0] for rest in instructions("FROM")]
    assert len(set(images)) == 1
    (version,) = re.findall(r"^python:3\.(\d+)-slim$", images[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert int(version) >= int(project["requires-python"].removeprefix(">=3."))


def test_the_image_installs_the_lock_file_and_nothing_else() -> None:
    (install,) = [run for run in instructions("RUN") if "pip install" in run]
    assert "--require-hashes -r requirements/base.txt" in install
    assert "--only-binary :all:" in install


def test_the_image_runs_as_an_ordinary_user_with_a_fixed_id() -> None:
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    uid, gid = user.split(":")
    (make_user,) = [run for run in instructions("RUN") if "useradd" in run]
    assert f"--uid {uid} --gid {gid}" in make_user
    order = [word for word, _ in INSTRUCTIONS]
    assert order.index("USER") < len(order) - 1 - order[::-1].index("CMD")


def test_what_the_image_runs_exists_and_gets_its_signals() -> None:
    command = json.loads(instructions("CMD")[-1])  # only the exec form is JSON
    assert command[:2] == ["python", "manage.py"]
    assert command[2] in get_commands()
    assert instructions("VOLUME") == ["/data"]
    (settings,) = [rest for rest in instructions("ENV") if "E164WEB_DATA_DIR" in rest]
    assert {"E164WEB_DATA_DIR=/data", "E164WEB_BIND=0.0.0.0:8000"} <= set(shlex.split(settings))
    (health,) = instructions("HEALTHCHECK")
    assert json.loads(health.partition("CMD ")[2]) == ["python", "-m", "e164web.health"]


def test_what_the_image_copies_is_enough_to_serve(app: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    port = free_port()
    settings = environment(data, BIND=f"127.0.0.1:{port}", URL="http://enum.example.org/enum/")
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare_static"],
        cwd=app, env=settings, capture_output=True, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    assert prepared.stdout == "The static files are collected.\n", prepared.stderr
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=app, env=settings, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = ""
            while "Ctrl-C" not in said and (line := server.stdout.readline()):
                said += line
            assert "collected" not in said
            assert "password" in said
            # The site has a name of its own, and the check asks all the same.
            assert is_healthy(f"127.0.0.1:{port}")
            assert is_healthy(f"0.0.0.0:{port}")
        finally:
            server.terminate()
    assert server.returncode == 0


def test_where_nobody_serves_nothing_is_healthy() -> None:
    assert not is_healthy(f"127.0.0.1:{free_port()}")
    done = subprocess.run(
        [sys.executable, "-m", "e164web.health"],
        cwd=ROOT, env=environment(ROOT, BIND=f"127.0.0.1:{free_port()}"), timeout=LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 1


def test_compose_keeps_the_data_and_writes_nowhere_else() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    assert re.search(r"^      - data:/data$", compose, flags=re.MULTILINE)
    assert re.search(r"^    read_only: true$", compose, flags=re.MULTILINE)
    assert re.search(r'^      - "127\.0\.0\.1:8000:8000"$', compose, flags=re.MULTILINE)
    used = set(re.findall(r"E164WEB_([A-Z_]+)", compose))
    described = (ROOT / "docs" / "settings.md").read_text()
    assert all(f"| `E164WEB_{name}` |" in described for name in used)
