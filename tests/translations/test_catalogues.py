"""The catalogues: complete, sound, and compiled as they are."""

import gettext
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tests.programs import environment
from tests.translations.conftest import LOCALE, ROOT

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# %(name)s, {number} and elements of HTML: what a translation must keep, in whatever order.
PLACEHOLDER = re.compile(r"%\([^)]*\)[a-zA-Z]|%%|\{\w*\}|</?\w[^>]*>")


def catalogue_of(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages_of(language: str) -> list[Message]:
    return [message for message in catalogue_of(language) if message.id]


def ids_of(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def strings_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def blemishes(message: Message) -> list[str]:
    """Everything that is wrong with a translation."""
    strings = strings_of(message)
    if not all(strings):
        return ["missing"]
    found = ["fuzzy"] if message.fuzzy else []
    wanted = {frozenset(PLACEHOLDER.findall(one)) for one in ids_of(message)}
    for string in strings:
        # "1 number" may say "one number", in whichever language.
        if frozenset(PLACEHOLDER.findall(string)) not in wanted:
            found.append(f"other placeholders: {string}")
        if ends_of(string) != ends_of(ids_of(message)[0]):
            found.append(f"other blanks at its ends: {string}")
    return found


def ends_of(text: str) -> tuple[bool, bool]:
    """Whether there are blanks at each end."""
    return text[:1].isspace(), text[-1:].isspace()


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.name for path in LOCALE.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_compiled_as_it_is(language: str) -> None:
    # So that nobody needs GNU gettext to run or to test this.
    made = io.BytesIO()
    write_mo(made, catalogue_of(language))
    assert (LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes() == made.getvalue(), "run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_plural_forms_of_its_language(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.info()["plural-forms"] == catalogue_of(language).plural_forms
    number = catalogue_of(language).num_plurals
    assert {len(strings_of(message)) for message in messages_of(language) if message.pluralizable} == {number}


def test_all_languages_have_the_same_sentences() -> None:
    first, *others = ({(message.context, *ids_of(message)) for message in messages_of(one)} for one in LANGUAGES)
    assert all(other == first for other in others)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no xgettext: install gettext")
def test_the_catalogues_have_what_is_collected_now(tmp_path: Path) -> None:
    for name in ("dashboard", "e164web", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "de", "--no-obsolete", "--no-wrap"],
        cwd=tmp_path, env=environment(tmp_path), check=True, capture_output=True,
    )  # fmt: skip
    with (tmp_path / "dashboard/locale/de/LC_MESSAGES/django.po").open("rb") as file:
        now = {(message.context, *ids_of(message)) for message in read_po(file) if message.id}
    kept = {(message.context, *ids_of(message)) for message in messages_of("de")}
    assert now == kept, "run: make messages"


@pytest.mark.parametrize(
    ("string", "flags"),
    [("", ()), ("Hallo", ()), ("Hallo %(who)s", ("fuzzy",)), ("Hallo %(wer)s", ()), ("Hallo %(who)s ", ())],
)
def test_a_translation_that_is_wrong_is_seen(string: str, flags: tuple[str, ...]) -> None:
    assert blemishes(Message("Hello %(who)s", string, flags=flags))
    assert not blemishes(Message("Hello %(who)s", "Hallo %(who)s"))
    assert not blemishes(Message(("One number", "%(n)d numbers"), ("Eine Nummer", "%(n)d Nummern")))
