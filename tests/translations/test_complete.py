"""Every sentence is translated, and no translation lost what the sentence is filled with."""

import pytest

from tests.translations.test_catalogues import LANGUAGES, blemishes, ids_of, messages_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert {ids_of(one)[0]: wrong for one in messages_of(language) if (wrong := blemishes(one))} == {}
