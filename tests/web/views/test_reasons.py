"""A reason goes with whatever is sent, and is never lost."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change
from dashboard.models.change import MAX_REASON
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of, errors_of, text_of

WHY = "moved to the new PBX"


def reason_on(page: object) -> str:
    """What the field of a page holds."""
    (given,) = [given for given in elements_of(page, "input") if given.get("name") == "reason"]
    return given.get("value", "")


def test_it_is_kept_with_a_change_and_shown_in_the_history(alice: Browser, far: Far) -> None:
    far.form(alice).submit(alice, **typed(), reason=WHY)

    assert Change.objects.get().reason == WHY
    assert WHY in text_of(alice.get("/history/"))
    assert reason_on(alice.get(far.address)) == ""


def test_it_is_kept_with_all_that_is_saved_moved_added_and_deleted(alice: Browser, far: Far) -> None:
    first = far.record_address()
    whole = {"record": [str(one) for one in far.records], "reason": WHY}
    rows = [far.form(alice, place).fields for place in (0, 1)]
    names = ("fingerprint", "submission", "preference", "service")
    both = {name: [row[name] for row in rows] for name in names}
    alice.post(far.address, whole | both | {"hostdata": ["one@example.org", "two@example.org"]})
    far.form(alice).submit(alice, f"{first}move/", direction="down", reason=WHY)
    far.new_form(alice).submit(alice, **typed(hostdata="three@example.org"), reason=WHY)
    far.confirm_form(alice, f"{first}delete/").submit(alice, reason=WHY)
    far.confirm_form(alice, f"{far.address}delete-all/").submit(alice, confirm=far.digits, reason=WHY)

    commands = list(Change.objects.order_by("pk").values_list("command", flat=True))
    assert commands[:2] == ["update", "update"]
    assert commands[-3:] == ["new", "delete", "deleteall"]
    assert set(Change.objects.values_list("reason", flat=True)) == {WHY}


@pytest.mark.parametrize("wrong", [{"hostdata": ""}, {"preference": "x"}])
def test_it_stays_where_a_record_cannot_be_saved(alice: Browser, far: Far, wrong: dict[str, str]) -> None:
    page = far.form(alice).submit(alice, **(typed() | wrong), reason=WHY)

    assert page.status_code == 422
    assert reason_on(page) == WHY


def test_it_stays_where_somebody_else_was_first(alice: Browser, far: Far) -> None:
    form = far.form(alice)
    far.set(far.records[0], hostdata="else@example.org")
    page = form.submit(alice, **typed(), reason=WHY)

    assert page.status_code == 409
    assert reason_on(page) == WHY


def test_one_that_is_too_long_is_said_at_its_field_and_nothing_is_sent(alice: Browser, far: Far) -> None:
    long = "a" * (MAX_REASON + 1)
    pages = [
        far.form(alice).submit(alice, **typed(), reason=long),
        far.form(alice).submit(alice, f"{far.record_address()}move/", direction="down", reason=long),
        far.confirm_form(alice, f"{far.record_address()}delete/").submit(alice, reason=long),
    ]

    for page in pages:
        assert page.status_code == 422
        assert errors_of(page) == ["Ensure this value has at most 200 characters (it has 201)."]
        assert reason_on(page) == long
    assert not Change.objects.exists()


def test_a_reason_without_a_change_stays_and_nothing_is_sent(alice: Browser, far: Far) -> None:
    rows = [far.form(alice, place).fields for place in (0, 1)]
    both = {
        name: [row[name] for row in rows]
        for name in ("fingerprint", "submission", "preference", "service", "hostdata")
    }
    page = alice.post(far.address, both | {"record": [str(one) for one in far.records], "reason": WHY})

    assert reason_on(page) == WHY
    assert "nothing was sent" in text_of(page)
    assert not Change.objects.exists()
