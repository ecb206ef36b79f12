"""Running e164web's own programs as a person would: another process, and no settings but these."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 120  # seconds; only a program that hangs takes so long


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """An environment with these settings of e164web, written without their prefix, and no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("E164WEB_", "DJANGO_"))}
    return kept | {f"E164WEB_{name}": value for name, value in ({"DATA_DIR": str(data_dir)} | settings).items()}


def manage(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a management command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def end(process: "subprocess.Popen[bytes]", *, limit: float, kill: bool = False) -> None:
    """Ask a program to end, or end it at once, and wait for that. Raises TimeoutExpired; it is killed then."""
    if kill:
        process.kill()
    else:
        process.terminate()
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
