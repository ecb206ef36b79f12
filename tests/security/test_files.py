"""Who may read what the product writes, also where the data folder itself is open to others."""

import stat
from pathlib import Path

import pytest

from tests.commands.test_serve import Server
from tests.programs import manage


def readable_by_others(folder: Path) -> list[str]:
    """The files in a folder, and in those in it, that somebody else on the machine may read."""
    others = stat.S_IRWXG | stat.S_IRWXO
    return [str(path) for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & others]


@pytest.mark.parametrize("command", ["migrate", "createcachetable"])
def test_a_database_that_any_command_makes_is_private(tmp_path: Path, command: str) -> None:
    tmp_path.chmod(0o755)
    assert manage(tmp_path, command).returncode == 0
    assert (tmp_path / "e164web.sqlite3").is_file()
    assert readable_by_others(tmp_path) == []


def test_what_a_running_server_writes_is_private_except_what_everybody_is_served(server: Server) -> None:
    static, zones = (str(server.data_dir / name) for name in ("static", "zones"))
    readable = readable_by_others(server.data_dir)
    assert [path for path in readable if not path.startswith((static, zones))] == []
    # A name server of the same group may read the zone; it is going to tell it to everybody.
    assert [path for path in readable if path.startswith(zones) and Path(path).stat().st_mode & stat.S_IRWXO] == []


def test_the_arguments_of_no_process_hold_a_secret(server: Server) -> None:
    secrets = [(server.data_dir / name).read_text().strip() for name in ("secret.key", "credential.keys")]
    for pid in [server.process.pid, *server.workers(2)]:
        arguments = Path(f"/proc/{pid}/cmdline").read_text()
        assert not any(secret in arguments for secret in secrets)
