"""A data folder as it is before the first person signs in: made once for all tests, and copied.

Tables and static files take most of a first start. What that makes of nothing is for tests/commands/test_serve.py.
"""

import fcntl
import os
import shutil
from pathlib import Path

from tests.programs import manage

PREPARED = "E164WEB_TEST_PREPARED"  # the folder of all processes of this run; see environment.py
MADE = "made"


def prepare(data_dir: Path) -> Path:
    """Fill a data folder with the tables and static files of today, and return it. No setting matters to either."""
    folder = Path(os.environ[PREPARED])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / MADE).exists():
            for command in ("migrate", "createcachetable", "prepare_static"):
                done = manage(folder / "var", command)
                assert done.returncode == 0, done.stderr
            (folder / MADE).touch()
    shutil.copytree(folder / "var", data_dir, dirs_exist_ok=True)
    return data_dir
