"""A figure, its target, and how both are shown and kept."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

CPU_MODEL = "model name"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One result. `target` is None for what is only reported: times, which differ from machine to machine by a factor
    of three. `at_least` tells in which direction a target is missed.

    `of` says from what it was computed, for the reader who wants to compare.
    """

    name: str
    measured: float
    unit: str
    target: float | None = None
    at_least: bool = False
    of: str = ""

    @property
    def holds(self) -> bool:
        """Whether the target, if there is one, is met."""
        if self.target is None:
            return True
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    @property
    def missed(self) -> str:
        """The sentence about a target that is not met."""
        return f"Missed: {self.name}: {_short(self.measured)} {self.unit}, and the goal is {self._goal}."

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """The cells of the table."""
        verdict = "" if self.target is None else "pass" if self.holds else "FAIL"
        return self.name, f"{_short(self.measured)} {self.unit}", self._goal, verdict, self.of

    @property
    def _goal(self) -> str:
        if self.target is None:
            return ""
        return f"{'>=' if self.at_least else '<='} {_short(self.target)} {self.unit}"


HEADINGS = ("figure", "measured", "goal", "", "from")


def table(figures: Sequence[Figure]) -> str:
    """The figures as plain text in columns."""
    rows = [HEADINGS, *(figure.row for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def machine() -> dict[str, str]:
    """On what, with what and when: a figure without these says nothing."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{os.cpu_count()} x {_processor()}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f} before the start",
    }


def is_busy() -> bool:
    """Whether other programs already ask for more than half of the processors: times then say little."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) / 2


def write(path: Path, figures: Sequence[Figure], about: dict[str, str], seconds: float) -> None:
    """Keep the figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "machine": about,
        "seconds": round(seconds),
        "figures": [{**asdict(figure), "holds": figure.holds} for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(CPU_MODEL)), platform.machine())


def _short(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
