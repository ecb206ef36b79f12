"""A Valkey or Redis of our own, on a socket in a folder of our own, which keeps nothing on the disk."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redis

from tests.programs import end

LIMIT = 60  # seconds; only a server that hangs takes so long


def program() -> str | None:
    """The server's program: either does."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


class Valkey:
    """One server, which is killed and started again as often as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "socket"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with nothing in it; return when it answers."""
        command = [str(program()), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.socket.parent, stdout=subprocess.DEVNULL)
        ends = time.monotonic() + LIMIT
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except redis.exceptions.RedisError:
                    assert time.monotonic() < ends, "it did not start"
                    time.sleep(0.02)
                else:
                    return

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            end(self.process, limit=LIMIT, kill=True)
            self.process = None


@contextlib.contextmanager
def running() -> Iterator[Valkey]:
    """Start one; it must be installed."""
    # Beside /tmp and nowhere deep: a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="e164web-valkey-"))
    server = Valkey(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
