"""gunicorn's master keeps programs beside its workers: started again when they were killed, ended with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e164web.master import Kept
from tests.programs import LIMIT, ROOT

# What is kept: it says its process id in a file of that name, sleeps, and says when it was asked to end.
KEPT = """
import os, pathlib, signal, sys, time
mine = pathlib.Path(sys.argv[1], str(os.getpid()))
def end(*_):
    mine.write_text("ended")
    sys.exit()
signal.signal(signal.SIGTERM, end)
mine.touch()
time.sleep(600)
"""
MASTER = """
import sys
from e164web.master import Application, Kept
folder, late = sys.argv.pop(1), sys.argv.pop(1)
sleeper = [sys.executable, "-c", {kept!r}, folder]
Application([Kept("one", sleeper), Kept("two", sleeper), Kept("late", [late])]).run()
"""
ARGUMENTS = ["--bind", "127.0.0.1:0", "--workers", "1", "--no-control-socket", "wsgiref.simple_server:demo_app"]


class Site:
    """A master with one worker of no use and two programs; and a third, which is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.late, self.log = folder / "kept", folder / "late", folder / "log"
        self.folder.mkdir()
        with self.log.open("wb") as log:
            self.master = subprocess.Popen(
                [sys.executable, "-c", MASTER.format(kept=KEPT), str(self.folder), str(self.late), *ARGUMENTS],
                cwd=ROOT,
                stderr=log,
            )

    def living(self) -> set[int]:
        """The programs that run, and have begun."""
        return {int(path.name) for path in self.folder.iterdir() if Path("/proc", path.name).exists()}

    def says(self, sentence: str) -> bool:
        """Whether its log has this."""
        return sentence in self.log.read_text()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    one = Site(tmp_path)
    wait_until(lambda: len(one.living()) == 2)
    yield one
    one.master.terminate()
    one.master.wait(LIMIT)


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_program_that_was_killed_is_started_again_and_the_other_left_alone(site: Site) -> None:
    killed, other = site.living()
    os.kill(killed, signal.SIGKILL)
    site.master.send_signal(signal.SIGHUP)  # new workers are no new programs
    wait_until(lambda: len(site.living() - {killed}) == 2)
    assert other in site.living()
    assert not Path("/proc", str(killed)).exists()  # nor is it left there for somebody to ask about
    assert site.says(" was ended (Killed). It is started again in 2 seconds.")
    assert len(list(site.folder.iterdir())) == 3


def test_a_program_that_cannot_be_started_is_said_and_tried_again(site: Site) -> None:
    sentence = "late cannot be started: No such file or directory. It is started again in {} seconds."
    wait_until(lambda: site.says(sentence.format(2)))
    site.late.symlink_to("/bin/false")
    wait_until(lambda: site.says("late ended with 1. It is started again in 4 seconds."))
    assert len(site.living()) == 2


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_when_it_is_stopped_the_programs_finish_first_and_none_is_started(site: Site, how: signal.Signals) -> None:
    first, second = site.living()
    os.kill(first, signal.SIGKILL)  # and would be started again in two seconds
    site.master.send_signal(how)
    assert site.master.wait(LIMIT) == 0
    assert not site.living()
    assert (site.folder / str(second)).read_text() == "ended"
    assert len(list(site.folder.iterdir())) == 2


def test_a_program_that_does_not_end_is_killed(tmp_path: Path) -> None:
    deaf = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    deaf += "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    kept = Kept("deaf", [sys.executable, "-c", deaf, str(tmp_path / "begun")])
    kept.look()
    assert kept.process is not None
    wait_until((tmp_path / "begun").exists)
    kept.ask_to_end()
    kept.end(by=time.monotonic() + 0.2)
    assert kept.process.returncode == -signal.SIGKILL
