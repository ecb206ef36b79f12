"""A link that lets somebody in once."""

import threading
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone

from dashboard.models import User
from dashboard.services.people import sign_in_links
from dashboard.services.people.sign_in_links import LinkRefused


def test_a_link_works_once(person: User) -> None:
    token = sign_in_links.make(person)
    assert sign_in_links.look(token) == person
    assert sign_in_links.look(token) == person
    assert sign_in_links.use(token) == person
    for use in (sign_in_links.use, sign_in_links.look):
        with pytest.raises(LinkRefused):
            use(token)


def test_it_ends_with_the_next_sign_in(person: User) -> None:
    token = sign_in_links.make(person)
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    with pytest.raises(LinkRefused):
        sign_in_links.use(token)


def test_it_ends_after_ten_minutes(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_in_links.make(person)
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    with pytest.raises(LinkRefused):
        sign_in_links.use(token)


def test_it_lets_no_disabled_person_in(person: User) -> None:
    token = sign_in_links.make(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(LinkRefused):
        sign_in_links.use(token)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00"])
def test_what_was_not_made_here_is_refused(db: None, token: str) -> None:
    with pytest.raises(LinkRefused):
        sign_in_links.use(token)


def test_a_signature_for_something_else_is_refused(person: User) -> None:
    with pytest.raises(LinkRefused):
        sign_in_links.use(signing.dumps({"person": person.pk, "since": ""}))


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_open_it_at_one_instant_one_gets_in(person: User) -> None:
    token, start, fates = sign_in_links.make(person), threading.Barrier(10), []

    def open_it() -> None:
        start.wait()
        try:
            fates.append(sign_in_links.use(token).username)
        except LinkRefused:
            fates.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it) for _each in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fates) == ["alice"] + ["refused"] * 9
