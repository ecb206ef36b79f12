"""The project as `pip install .` leaves it: a program without a checkout."""

import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from tests.ports import free_port
from tests.programs import LIMIT, ROOT, environment

HERE = {"DATA_DIR": ""}  # which counts as not set


def run(*arguments: str | Path, cwd: Path = ROOT) -> None:
    subprocess.run(arguments, cwd=cwd, env=environment(cwd, **HERE), timeout=LIMIT, check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    alone = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *alone, "--wheel-dir", folder, ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that has the wheel, and borrows its packages from the tests'."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    alone = ("--quiet", "--no-index", "--no-deps")
    run(sys.executable, "-m", "pip", "--python", python, "install", *alone, wheel)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def test_the_wheel_holds_all_that_git_knows_of_the_product(wheel: Path) -> None:
    places = {"e164web": "e164web", "dashboard": "dashboard"}
    places |= {name: f"e164web/resources/{name}" for name in ("templates", "static")}
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *places],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    known = [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {str(Path(places[path.parts[0]], *path.parts[1:])) for path in known}


def test_an_installed_e164web_serves_and_publishes_with_its_data_where_it_was_started(
    programs: Path, tmp_path: Path
) -> None:
    # A checkout is where many will start it, right after they installed it from there.
    (tmp_path / "e164web").mkdir()
    (tmp_path / "e164web" / "__init__.py").write_text("raise SystemExit('This is another one.')")
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen(
        [programs / "e164web", "serve"],
        cwd=tmp_path, env=environment(tmp_path, **HERE, BIND=address), stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            assert any("Ctrl-C stops it" in line for line in server.stdout)
            with urlopen(f"http://{address}/", timeout=LIMIT) as page:
                (sheet,) = re.findall(r'href="(/static/css/pages\.[^"]+\.css)"', page.read().decode())
            with urlopen(f"http://{address}{sheet}", timeout=LIMIT) as style:
                assert style.read() == (ROOT / "static" / "css" / "pages.css").read_bytes()
            ends = time.monotonic() + LIMIT
            while not list(tmp_path.glob("var/zones/*.zone")) and time.monotonic() < ends:
                time.sleep(0.1)
        finally:
            server.terminate()
    assert server.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"e164web", "var"}
    assert {"e164web.sqlite3", "credential.keys", "secret.key", "static", "zones"} <= {
        path.name for path in (tmp_path / "var").iterdir()
    }
    assert list(tmp_path.glob("var/zones/*.zone"))


def test_data_of_a_checkout_is_beside_manage_py_wherever_it_is_started(tmp_path: Path) -> None:
    checkout, elsewhere = tmp_path / "checkout", tmp_path / "elsewhere"
    for name in ("e164web", "dashboard", "templates", "static"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", checkout)
    elsewhere.mkdir()
    run(sys.executable, checkout / "manage.py", "prepare_static", cwd=elsewhere)
    assert (checkout / "var" / "static" / "staticfiles.json").exists()
    assert not list(elsewhere.iterdir())
