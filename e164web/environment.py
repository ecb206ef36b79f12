"""Settings in the environment: how one is declared, and how all are read, once and strictly.

Which settings there are is said in `e164web.conf`, where each is one field of a dataclass.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from dashboard.nameservers import TsigKeyError

PREFIX = "E164WEB_"
TEST_PREFIX = "TEST_"  # the test suite's own switches (E164WEB_TEST_REQUIRE), which the product ignores

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why the configuration cannot be used: a stable id, one sentence, and what to do about it."""

    id: str
    message: str
    hint: str


@dataclass(frozen=True)
class Setting:
    """The declaration of a setting, whose variable is called `name`, and which becomes a `field` of a dataclass.

    `read` turns text into the value, or raises ValueError, which becomes the problem `id`: "... cannot be used:" and
    then `expected`. `default` is what would be in the variable, and may depend on settings that come before. With
    `has_file` the text may also be in the file that NAME_FILE names; neither this nor what `is_secret` is ever shown.
    `check` finds what contradicts other settings.
    """

    read: Callable[[str], Any]
    default: "str | Callable[[Reader], str]" = ""
    expected: str = ""
    id: str = "E002"
    hint: str = "Correct it, or unset it."
    has_file: bool = False
    is_secret: bool = False
    check: "Callable[[Reader, Setting], None] | None" = None
    name: str = ""
    field: str = ""


def setting(
    read: Callable[[str], T],
    default: "str | Callable[[Reader], str]" = "",
    expected: str = "",
    **more: Any,  # noqa: ANN401 -- the other fields of Setting
) -> T:
    """Declare a field of a dataclass as a `Setting`. Its variable is called as the field, unless it gets a name."""
    one = Setting(read, default, expected, **more)
    return cast("T", field(repr=not (one.has_file or one.is_secret), metadata={"setting": one}))


def settings_of(configuration: type) -> dict[str, Setting]:
    """The settings that a dataclass declares, by the names of their variables without the prefix."""
    declared = [(one.name, one.metadata["setting"]) for one in fields(configuration) if "setting" in one.metadata]
    named = (replace(one, field=called, name=one.name or called.upper()) for called, one in declared)
    return {one.name: one for one in named}


def variables(settings: Mapping[str, Setting]) -> set[str]:
    """The names of all variables, without the prefix."""
    return {*settings, *(f"{name}_FILE" for name, one in settings.items() if one.has_file)}


class Reader:
    """Reads settings one after another, and collects what is wrong with them.

    `given` is what the environment has, by name without `prefix`; `values` what came of it so far, by field.
    """

    def __init__(self, environ: Mapping[str, str], base_dir: Path, prefix: str = PREFIX) -> None:
        self.base_dir = base_dir
        self.prefix = prefix
        ours = {name: value.strip() for name, value in environ.items() if name.startswith(prefix)}
        self.given = {name.removeprefix(prefix): value for name, value in ours.items()}
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def problem(self, id_: str, message: str, hint: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(id=f"e164web.{id_}", message=message, hint=hint))

    def read(self, settings: Mapping[str, Setting]) -> None:
        """Read the settings in their order, and refuse what is none."""
        self._refuse_unknown(variables(settings))
        for one in settings.values():
            self.values[one.field] = self._value(one)
            if one.check:
                one.check(self, one)

    def _refuse_unknown(self, names: set[str]) -> None:
        for name in sorted(self.given):
            if name in names or name.startswith(TEST_PREFIX):
                continue
            near = difflib.get_close_matches(name, sorted(names), n=1)
            hint = f"Did you mean {self.prefix}{near[0]}?" if near else "Unset it, or look it up in docs/settings.md."
            self.problem("E001", f"{self.prefix}{name} is no setting of e164web.", hint)

    def _value(self, one: Setting) -> object:
        text = self._text(one)
        try:
            return one.read(self._default(one) if text is None else text)
        except ValueError as error:
            where = f"{self.prefix}{one.name}" + (" (or its file)" if one.has_file else "")
            # Others may quote a secret.
            why = f" {error}" if isinstance(error, TsigKeyError) else ""
            self.problem(one.id, f"{where} cannot be used: {one.expected}.{why}", one.hint)
        # No key that nobody chose takes the place of a bad one.
        return one.read("" if one.has_file else self._default(one))

    def _default(self, one: Setting) -> str:
        return one.default if isinstance(one.default, str) else one.default(self)

    def _text(self, one: Setting) -> str | None:
        """What is given, in the variable or in the file that NAME_FILE names; None if nothing is."""
        text = self.given.get(one.name)
        path = self.given.get(f"{one.name}_FILE") if one.has_file else None
        if text and path:
            sentence = f"{self.prefix}{one.name} and {self.prefix}{one.name}_FILE contradict each other."
            self.problem("E003", sentence, "Set only one of them.")
        return text or (self._content(one.name, path) if path else None)

    def _content(self, name: str, path: str) -> str:
        why = "it is empty"
        try:
            if content := Path(path).read_text(encoding="utf-8").strip():
                return content
        except (OSError, UnicodeDecodeError) as error:
            why = str(error.strerror) if isinstance(error, OSError) else "it is not text"
        self.problem("E004", f"{self.prefix}{name}_FILE cannot be used: {path}: {why}.", "Name a file that holds it.")
        return ""
