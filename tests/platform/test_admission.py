"""Who may wait for a server: bounds in a process and on a machine, and places that are free again."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.platform import admission
from tests.platform.crowd import Full, crowd
from tests.programs import LIMIT, ROOT, environment

# A process whose threads wait until it is told to end; it says how many found a place.
HOLD = """
import sys, django
django.setup()
from tests.platform.crowd import crowd
with crowd(sys.argv[1], *map(int, sys.argv[2:])) as found:
    print(found, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def set_threads(settings: Any, tmp_path: Path) -> Callable[[int], None]:
    """Change how many threads a process has."""

    def change(threads: int) -> None:
        settings.E164WEB = replace(settings.E164WEB, threads=threads, data_dir=tmp_path)

    return change


@pytest.fixture(autouse=True)
def sixteen(set_threads: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen threads, and no patience."""
    set_threads(16)
    monkeypatch.setattr(admission, "PATIENCE", 0)


def is_full(server: str, person: int) -> bool:
    """Whether somebody has to be told."""
    try:
        with admission.waiting(server, person, Full):
            return False
    except Full:
        return True


def hold(data_dir: Path, server: str, *people: int, threads: int = 16) -> "subprocess.Popen[str]":
    """Another process that waits."""
    settings = environment(data_dir, THREADS=str(threads)) | {"DJANGO_SETTINGS_MODULE": "e164web.settings"}
    command = [sys.executable, "-c", HOLD, server, *map(str, people)]
    return subprocess.Popen(command, cwd=ROOT, env=settings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def found(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    return int(process.stdout.readline())


def test_a_server_leaves_threads_for_the_next_one_and_for_those_who_wait_for_nobody() -> None:
    with crowd("a", *range(16)) as for_a, crowd("b", *range(16)) as for_b, crowd("c", *range(16)) as for_c:
        assert (for_a, for_b, for_c) == (6, 3, 2)
    assert not is_full("a", 1)


def test_a_person_leaves_places_at_the_server_for_the_next_one() -> None:
    with crowd("a", *[1] * 16) as own, crowd("a", *[2] * 16) as of_another:
        assert (own, of_another) == (4, 2)


def test_a_person_whose_pages_hang_at_one_server_has_some_at_the_next_one_too() -> None:
    with crowd("a", *[1] * 16), crowd("b", *[1] * 16) as own, crowd("c", *[2] * 16) as of_another:
        assert (own, of_another) == (2, 2)


@pytest.mark.parametrize(("threads", "places"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 3)])
def test_few_threads_are_shared_out_too(set_threads: Callable[[int], None], threads: int, places: int) -> None:
    set_threads(threads)
    with crowd("a", *range(16)) as admitted:
        assert admitted == places


def test_a_thread_that_waits_already_takes_no_second_place() -> None:
    with crowd("a", *[1] * 3), admission.waiting("a", 1, Full):
        assert is_full_for_another("a", 1)
        with admission.waiting("a", 1, Full):
            pass
        assert is_full_for_another("a", 1)


def is_full_for_another(server: str, person: int) -> bool:
    """Whether a thread besides this one has to be told."""
    with crowd(server, person) as admitted:
        return admitted == 0


def test_who_waits_as_well_is_admitted_once_a_place_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE", LIMIT)
    monkeypatch.setattr(admission, "LATE", LIMIT)
    admitted = threading.Event()

    def wait() -> None:
        with admission.waiting("a", 1, Full):
            admitted.set()

    newcomer = threading.Thread(target=wait)
    with crowd("a", *[1] * 4):
        newcomer.start()
        assert not admitted.wait(0.1)
    assert admitted.wait(LIMIT)
    newcomer.join()


def test_nobody_waits_for_a_place_at_a_server_that_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE", LIMIT)
    monkeypatch.setattr(admission, "LATE", 0)
    with crowd("a", *[1] * 4):
        assert is_full("a", 1)


def test_what_goes_wrong_inside_gives_the_place_back() -> None:
    for _ in range(20):
        with pytest.raises(KeyError), admission.waiting("a", 1, Full):
            raise KeyError
    assert not is_full("a", 1)


def test_all_processes_of_a_machine_share_the_places_of_a_server(
    tmp_path: Path, set_threads: Callable[[int], None]
) -> None:
    # Each process would let two people wait: of eight places, the last are taken here.
    set_threads(4)
    others = [hold(tmp_path, "a", 10 + number, 20 + number, threads=4) for number in range(3)]
    assert [found(other) for other in others] == [2, 2, 2]
    with crowd("a", 1, 2) as admitted:
        assert admitted == 2
        late = hold(tmp_path, "a", 3, threads=4)
        assert found(late) == 0
        elsewhere = hold(tmp_path, "b", 3, threads=4)
        assert found(elsewhere) == 1
    for process in [*others, late, elsewhere]:
        process.communicate(timeout=LIMIT)


def test_all_processes_of_a_machine_share_the_places_of_a_person(
    tmp_path: Path, set_threads: Callable[[int], None]
) -> None:
    set_threads(4)
    others = [hold(tmp_path, "a", 1, 1, threads=4) for number in range(2)]
    assert [found(other) for other in others] == [2, 2]
    assert is_full("a", 1)
    assert not is_full("a", 2)
    # However a process ends, its places are free again.
    others[0].kill()
    others[0].communicate(timeout=LIMIT)
    assert not is_full("a", 1)
    others[1].communicate(timeout=LIMIT)


def test_nothing_is_left_behind_but_an_empty_file(tmp_path: Path) -> None:
    with crowd("a", *range(8)), crowd("b", *range(8)):
        pass
    assert [(file.name, file.stat().st_size) for file in tmp_path.iterdir()] == [("places", 0)]
