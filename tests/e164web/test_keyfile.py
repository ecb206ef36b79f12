"""Key files come into being and change in one step."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from e164web import keyfile


def test_a_missing_file_is_made_and_then_kept(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert keyfile.read_or_make(path, lambda: "one") == "one"
    assert keyfile.read_or_make(path, lambda: "two") == "one"
    assert keyfile.is_private(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_crash_while_a_key_is_made_leaves_no_file(tmp_path: Path) -> None:
    def crash() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keyfile.read_or_make(tmp_path / "key", crash)
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_start_at_once_both_get_the_same_key(tmp_path: Path) -> None:
    both_looked = threading.Barrier(2)

    def make() -> str:
        both_looked.wait(timeout=60)  # both have found no file
        return str(threading.get_ident())

    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda _: keyfile.read_or_make(tmp_path / "key", make), range(2)))
    assert texts[0] == texts[1] == (tmp_path / "key").read_text().strip()


def test_a_key_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keyfile.read_or_make(path, lambda: "old")
    with path.open() as reader:
        keyfile.replace(path, "new\nold")
        assert reader.read() == "old\n"  # who was reading sees the old file to its end
    assert path.read_text() == "new\nold\n"
    assert keyfile.is_private(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_a_key_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    path, link = tmp_path / "kept" / "key", tmp_path / "key"
    keyfile.read_or_make(path, lambda: "old")
    link.symlink_to(path)
    keyfile.replace(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new\n"


def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keyfile.read_or_make(path, lambda: "old")
    if os.geteuid() == 0:
        os.chown(path, 65_534, 65_534)
    owner = path.stat()
    keyfile.replace(path, "new")
    assert (path.stat().st_uid, path.stat().st_gid) == (owner.st_uid, owner.st_gid)


def test_a_key_file_that_is_missing_is_not_made_by_replacing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keyfile.replace(tmp_path / "key", "new")


def test_the_second_to_change_a_key_file_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keyfile.read_or_make(path, lambda: "0")

    def add_one(_: int) -> None:
        with keyfile.locked(path):
            keyfile.replace(path, str(int(path.read_text()) + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert path.read_text() == "40\n"
