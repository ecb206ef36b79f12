"""The units of systemd, the files of compose, and the proxy between sites: they fit each other and the product."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from e164web.conf import SETTINGS
from e164web.environment import variables
from e164web.version import VERSION
from tests.programs import LIMIT, ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
HARDENING = {
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "UMask=0077",
}


def test_there_is_a_unit_for_each_program() -> None:
    started = re.findall(
        r"^ExecStart=/opt/e164web/bin/e164web (\S+)$", "".join(map(Path.read_text, UNITS)), re.MULTILINE
    )
    assert sorted(started) == ["backup", "publish", "restore_drill", "serve", "work"]
    assert set(started) <= set(get_commands())


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_no_more_than_it_must(unit: Path) -> None:
    lines = set(unit.read_text().splitlines())
    assert lines >= HARDENING
    assert "User=e164web" in lines
    assert not [line for line in lines if line.startswith(("ReadWritePaths", "User=root"))]


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = tmp_path / "e164web"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:  # whose program is not installed here
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/e164web/bin/e164web", str(program)))
    if shutil.which("systemd-analyze") is None:
        for unit in UNITS:
            assert all(re.fullmatch(r"\[\w+\]|\w+=.*|#.*|", line) for line in unit.read_text().splitlines())
        return
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "e164web" in line]
    assert said == []


@pytest.mark.parametrize("name", ["compose.scale.yaml", *(f"deploy/systemd/{unit.name}" for unit in SERVICES)])
def test_every_setting_in_it_is_one(name: str) -> None:
    used = set(re.findall(r"E164WEB_([A-Z_]+)", (ROOT / name).read_text()))
    assert used
    assert used <= variables(SETTINGS)


def test_a_site_that_stops_goes_on_for_longer_than_the_proxy_looks_away() -> None:
    (drain,) = re.findall(r'E164WEB_DRAIN: "(\d+)"', (ROOT / "compose.scale.yaml").read_text())
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    (every,) = re.findall(r"inter (\d+)s fall 1", proxy)
    assert int(drain) > int(every) + 1
    assert "uri /readyz" in proxy
    assert set(re.findall(r"server (\w+) \1:8000", proxy)) == {"web1", "web2"}


def test_the_version_that_backups_name_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
