"""A program that does its work in turns, so that it and another one can be measured in turn.

Each turn is a line of its standard input, with the first number and how many there are; it prints a line of JSON with
how long that took.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from resource import RUSAGE_SELF, getrusage
from typing import IO

from tests.benchmarks.processes import ROOT, StartError, environment

KILOBYTE = 1024


@dataclass(frozen=True)
class Turn:
    """What a turn took: `seconds` of the clock, and `peak`, the bytes of memory that the process ever held."""

    seconds: float
    peak: int


class Program:
    """The program from outside."""

    def __init__(self, given: IO[str], printed: IO[str]) -> None:
        self.given = given
        self.printed = printed

    def turn(self, start: int, count: int) -> Turn:
        """Have it do a turn. Raises StartError where it has ended."""
        print(start, count, file=self.given, flush=True)
        line = self.printed.readline()
        if not line:
            raise StartError("a program ended in the middle of its turns; see above")
        return Turn(**json.loads(line))


@contextlib.contextmanager
def running(arguments: Sequence[str], additions: Mapping[str, str], first_line: str = "") -> Iterator[Program]:
    """Run Python with `arguments` until the block ends. Its errors go where this program's go."""
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(additions), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdin
        assert started.stdout
        if first_line:
            print(first_line, file=started.stdin, flush=True)
        yield Program(started.stdin, started.stdout)
        started.stdin.close()


def serve(turn: Callable[[int, int], float]) -> None:
    """The program from inside: `turn` gets the first number and their count, and returns seconds."""
    for line in sys.stdin:
        start, count = map(int, line.split())
        seconds = turn(start, count)
        peak = getrusage(RUSAGE_SELF).ru_maxrss * KILOBYTE
        print(json.dumps(asdict(Turn(seconds, peak))), flush=True)
