"""One declaration makes a setting: its variable, its file, its default, and what refuses it."""

from dataclasses import dataclass
from pathlib import Path

from e164web.environment import Reader, setting, settings_of, variables


@dataclass(kw_only=True)
class Example:
    """A configuration of four settings, and a field that is none."""

    size: int = setting(int, "3", "it must be a number")
    double: int = setting(int, lambda reader: str(2 * reader.values["size"]))
    password: str = setting(str, has_file=True)
    place: str = setting(str, "here", is_secret=True, name="PLACE_URL")
    note: str = ""


SETTINGS = settings_of(Example)


def read(tmp_path: Path, **given: str) -> tuple[Example, list[str]]:
    reader = Reader({f"E164WEB_{name}": text for name, text in given.items()}, tmp_path)
    reader.read(SETTINGS)
    return Example(**reader.values), [problem.message for problem in reader.problems]


def test_a_variable_is_called_as_its_field_unless_it_is_named() -> None:
    assert variables(SETTINGS) == {"SIZE", "DOUBLE", "PASSWORD", "PASSWORD_FILE", "PLACE_URL"}


def test_a_default_is_read_like_a_value_and_may_follow_from_another(tmp_path: Path) -> None:
    assert read(tmp_path) == (Example(size=3, double=6, password="", place="here"), [])
    assert read(tmp_path, SIZE="5")[0].double == 10
    assert read(tmp_path, SIZE="5", DOUBLE="1")[0].double == 1


def test_what_cannot_be_read_is_refused_in_the_words_of_the_declaration(tmp_path: Path) -> None:
    example, problems = read(tmp_path, SIZE="many")
    assert problems == ["E164WEB_SIZE cannot be used: it must be a number."]
    assert example.size == 3


def test_only_what_may_be_seen_is_shown(tmp_path: Path) -> None:
    assert repr(read(tmp_path, PASSWORD="hunter2", PLACE_URL="hunter3")[0]) == "Example(size=3, double=6, note='')"
