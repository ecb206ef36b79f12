"""Programs that the benchmark starts and stops, and what the kernel knows about them (Linux: /proc)."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPUCLOCK_SCHED = 2  # the kind of clock that counts nanoseconds, and also those of threads that have ended
START = 60.0  # seconds that a program may take until it listens
STOP = 30.0  # seconds that it may take to end
RESET_PEAK = "5"  # proc(5), clear_refs: the peak of the resident set begins anew
MEGABYTE = 1_000_000
OURS = ("E164WEB_", "DJANGO_", "GUNICORN_")  # settings of the person who runs this must not change the figures


class StartError(Exception):
    """A program did not start; the message ends with what it said."""


@dataclass(frozen=True)
class Memory:
    """A process's resident set now and at its peak, in bytes."""

    resident: int
    peak: int


def environment(additions: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings of the product, and with `additions`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), **additions}


@contextlib.contextmanager
def program(
    arguments: Sequence[str], port: int, log: Path, additions: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run Python with `arguments` until the block ends, once it listens at `port`. Gives its process id."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=output, stderr=output, env=environment(additions or {})
        )
    try:
        _wait(started, port, log)
        yield started.pid
    finally:
        _stop(started)


def run(arguments: Sequence[str], additions: Mapping[str, str], given: str = "") -> str:
    """Run Python with `arguments` to its end; what it printed. Raises StartError."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(additions),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StartError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def children(pid: int) -> list[int]:
    """The processes that `pid` started."""
    found = (path.read_text(encoding="ascii").split() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return sorted(int(child) for group in found for child in group)


def cpu_seconds(pids: Iterable[int]) -> float:
    """The time that these processes have computed so far, in user mode and in the kernel."""
    return sum(time.clock_gettime(_clock(pid)) for pid in pids)


def busy_seconds() -> float:
    """The time that all processors of this machine have not been idle so far."""
    words = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, *others = map(int, words[:8])  # what guests took is in the first two
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> Memory:
    """What a process holds in memory, shared pages included."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    values = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
    return Memory(resident=int(values["VmRSS"]) * 1024, peak=int(values["VmHWM"]) * 1024)


def reset_peak(pid: int) -> None:
    """Let the peak of a process begin at what it holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK, encoding="ascii")


def _clock(pid: int) -> int:
    # What clock_getcpuclockid(3) makes of a process on Linux; Python has it for threads only.
    return (~pid << 3) | CPUCLOCK_SCHED


def _wait(started: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + START
    while time.monotonic() < ends:
        if started.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise StartError(f"{log.stem} did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(started: subprocess.Popen[bytes]) -> None:
    started.terminate()
    try:
        started.wait(STOP)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
