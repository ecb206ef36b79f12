"""The history is kept as long as the settings say, and what is open for ever."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from dashboard.models import Change, Credential, User
from dashboard.services.history import keeping

NOW = timezone.now()


@pytest.fixture
def kept(person: User, credential: Credential, settings: Any) -> dict[str, Change]:
    """Changes of different ages, with days set to 30."""
    settings.E164WEB = replace(settings.E164WEB, history_days=30)
    made = {}
    for name, days, settled in (("old", 31, NOW), ("older", 900, NOW), ("open", 900, None), ("new", 29, NOW)):
        made[name] = Change.objects.create(user=person, credential=credential, number_id=1, settled_at=settled)
        Change.objects.filter(pk=made[name].pk).update(created_at=NOW - timedelta(days=days))
    return made


def names_of(made: dict[str, Change]) -> set[str]:
    left = set(Change.objects.values_list("pk", flat=True))
    return {name for name, change in made.items() if change.pk in left}


def test_what_is_settled_and_older_is_deleted(kept: dict[str, Change], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    assert keeping.forget_old(NOW) == 2
    assert names_of(kept) == {"open", "new"}
    assert keeping.forget_old(NOW) == 0


def test_nothing_is_deleted_without_the_setting(kept: dict[str, Change], settings: Any) -> None:
    settings.E164WEB = replace(settings.E164WEB, history_days=0)
    assert keeping.forget_old(NOW) == 0
    assert len(names_of(kept)) == 4


def test_what_undid_a_forgotten_change_stays(kept: dict[str, Change]) -> None:
    Change.objects.filter(pk=kept["new"].pk).update(undoes=kept["old"])
    keeping.forget_old(NOW)
    kept["new"].refresh_from_db()
    assert kept["new"].undoes is None


def test_the_command_says_what_it_did(kept: dict[str, Change], settings: Any) -> None:
    said = StringIO()
    call_command("trim_history", stdout=said)
    assert said.getvalue() == "2 changes were deleted.\n"
    settings.E164WEB = replace(settings.E164WEB, history_days=0)
    call_command("trim_history", stdout=said)
    assert "keeps everything" in said.getvalue()
