"""The command lines, and the memory that a transfer takes."""

import itertools
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.nameservers import Address, Key, Unreachable, ask, serial_of
from tests.interop import bind
from tests.interop.process import LIMIT, new_key
from tests.programs import ROOT

NAMES = 100_000
MEMORY = 200_000  # kB of the whole process

TRANSFER = """
import pathlib, re, sys
from dashboard.nameservers import Address, Key, transfer

records = transfer(Address.parse(sys.argv[1]), "e164.test", key=Key.parse(sys.argv[2]))
count = sum(1 for _ in records)
# Not getrusage(): what it calls the peak is that of the process which started this one, if that was higher.
print(count, re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["bind", "knot", "powerdns"])
def test_a_server_in_the_foreground_says_what_to_enter(name: str, ending: signal.Signals) -> None:
    command = [sys.executable, "-m", f"tests.interop.{name}", "--zone", "tel.test"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        zone, server, key = (line.split()[-1] for line in itertools.islice(program.stdout, 3))
        address = Address.parse(server)

        assert ask(address, zone, "SOA").authoritative
        assert serial_of(address, zone, key=Key.parse(key)) == 1

        program.send_signal(ending)
        assert program.wait(LIMIT) == 0
    with pytest.raises(Unreachable):
        ask(address, zone, "SOA")


def test_a_name_server_to_try_needs_no_tools_for_tests() -> None:
    done = _bind_without("sys.modules['pytest'] = None")

    assert done.returncode == 0, done.stderr
    assert "--zone" in done.stdout


def test_a_program_that_is_missing_is_named_without_a_traceback() -> None:
    done = _bind_without("sys.argv.pop(); import shutil; shutil.which = lambda *_, **__: None")

    assert (done.returncode, done.stderr) == (1, "named is not installed\n")


def _bind_without(preparation: str) -> subprocess.CompletedProcess[str]:
    code = f"import runpy, sys; {preparation}; runpy.run_module('tests.interop.bind', run_name='__main__')"
    command = [sys.executable, "-c", code, "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)


def test_the_transfer_of_a_large_zone_takes_little_memory(tmp_path: Path) -> None:
    server = bind.Bind(tmp_path, "e164.test", new_key())
    with (tmp_path / "zone").open("a") as zone:
        for i in range(NAMES):
            name = ".".join(reversed(f"4930{i:08}"))
            zone.writelines(
                f'{name} NAPTR 100 {n} "u" "E2U+sip" "!^.*$!sip:{i}@pbx{n}.example.org!" .\n' for n in (10, 20)
            )
    with server.started():
        key = f"{server.key.algorithm}:{server.key.name}:{server.key.secret}"
        done = subprocess.run(
            [sys.executable, "-c", TRANSFER, str(server.address), key],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=3 * LIMIT,  # it is about memory, and a machine may have much else to do
            check=True,
        )
    records, memory = map(int, done.stdout.split())

    assert records == 2 * NAMES + 2
    assert memory < MEMORY


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = bind.Bind(tmp_path, "e164.test", new_key())
    (tmp_path / "named.conf").write_text("this is no configuration\n")

    with pytest.raises(RuntimeError, match=r"named\.conf"), server.started():
        pass
