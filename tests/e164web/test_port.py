"""The server's port: refused in a sentence where it cannot be had, and kept once it is had."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from e164web import port
from tests.programs import LIMIT, ROOT, environment


def test_a_port_that_is_kept_can_be_listened_at_by_us_and_by_nobody_else() -> None:
    with port.take("127.0.0.1", 0, shared=True) as kept, socket.socket() as worker, socket.socket() as other:
        place = kept.getsockname()
        worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        worker.bind(place)
        worker.listen()
        with pytest.raises(OSError, match="in use"):
            other.bind(place)
        with socket.create_connection(place, timeout=LIMIT):
            worker.accept()[0].close()


def test_a_port_that_was_taken_after_the_check_ends_the_server_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        # What `serve` becomes once it has looked at the port.
        done = subprocess.run(
            [sys.executable, "-m", "gunicorn", "-c", "python:e164web.gunicorn", "e164web.wsgi"],
            cwd=ROOT,
            env=environment(tmp_path, BIND=f"127.0.0.1:{number}"),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"Port {number} at 127.0.0.1 is in use: stop the other program")
    assert "Traceback" not in done.stderr
