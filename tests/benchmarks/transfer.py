"""In and out: an import up to its preview beside Python's reader and the checks, an export beside the bare query."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import run

IMPORT_RATIO = 4
EXPORT_RATIO = 1.5
MEGABYTES = 200
RECORDS = 4  # of a number that is exported

_TURNS = ["-m", "tests.benchmarks.transfer_turns"]


def transfer(effort: Effort) -> Iterator[Figure]:
    """The figures of an import and of an export."""
    with tempfile.TemporaryDirectory(prefix="e164web-bench-") as folder:
        own = {"E164WEB_DATA_DIR": str(Path(folder) / "var"), "DJANGO_SETTINGS_MODULE": "e164web.settings"}
        run(["manage.py", "migrate", "--verbosity=0"], own)
        brought = json.loads(run([*_TURNS, "import", str(effort.imported)], own))
        name = f"import of {effort.imported:,} lines to the preview"
        yield Figure(
            name=f"{name}, to the csv reader with the checks of each draft",
            measured=brought["import"] / brought["bare"],
            unit="times",
            target=IMPORT_RATIO,
            of=f"CPU, {brought['import']:.1f} and {brought['bare']:.1f} s, in which each draft is predicted",
        )
        yield Figure(name=f"{name}, peak of memory", measured=brought["megabytes"], unit="MB", target=MEGABYTES)
        taken = json.loads(run([*_TURNS, "export", str(effort.exported // RECORDS), str(RECORDS)], own))
        name = f"export of {effort.exported:,} records"
        yield Figure(
            name=f"{name}, to the bare query with its formatting",
            measured=taken["export"] / taken["bare"],
            unit="times",
            target=EXPORT_RATIO,
            of=f"CPU, {taken['export']:.1f} and {taken['bare']:.1f} s",
        )
        yield Figure(name=f"{name}, peak of memory", measured=taken["megabytes"], unit="MB", target=MEGABYTES)
