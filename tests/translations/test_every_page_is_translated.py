"""Every page in a language that puts all translated text into brackets: nothing to be read is outside of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from babel import Locale
from django.contrib import admin
from django.test import Client as Browser
from django.urls import reverse

from dashboard.models import User
from dashboard.platform import time_zones
from dashboard.registry.models import Account
from tests.security.test_who_may_do_what import ADDRESSES, fill  # noqa: F401 -- a fixture
from tests.translations.conftest import PSEUDO
from tests.translations.sentences import of_page

Fill = Callable[[str], str]
# Where what somebody typed, what programs read, or a number is shown; and the document of the API, which is one.
DATA = frozenset({"phone", "fact-words", "tag", "value", "user-tools-name", "from-document"})
# Names and terms: of people and things in these tests, of the product, of protocols; and what Django's admin says of
# a flag to who cannot see its mark.
NAMES = """
    alice mallory victor edith mona admin Office Embedded Elsewhere Remote This registry e164web e164 web True False
    Kamailio OpenSIPS Asterisk FreeSWITCH Yate FreePBX SIP IAX2 MAILTO H323 XMPP WEB HTTP HTTPS UTC DNS NAPTR TXT ID
    CSV JSON Lines blue key Down API backup
    Desk vCard Yealink Cisco Snom Grandstream hmac sha UTF LATIN TEL acct im pres vcard
    URL ENUM English Deutsch Français Español Esperanto
"""
ESPERANTO = Locale(PSEUDO)  # what Babel and Django's formats say in that language themselves
THEIRS = [*ESPERANTO.territories.values(), *ESPERANTO.months["format"]["abbreviated"].values(), "je", "de"]
ZONES = [name.replace("_", " ").replace("/", " ") for name in time_zones.known()]
# An address, a domain name, a service: what has a sign inside.
CODE = re.compile(r"[^\s,;]*[@.:/+*][^\s,;]*\w")
WORD = re.compile(r"[^\W\d_]{2,}")
KNOWN = frozenset(WORD.findall(" ".join([NAMES, *THEIRS, *ZONES])))


def left_over(response: Any) -> list[str]:
    """What a page says in words that are neither translated nor a name."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    texts = of_page(response.content.decode(), DATA)
    return [text for text in texts if not set(WORD.findall(CODE.sub("", text))) <= KNOWN]


@pytest.fixture
def browsers(person: User, viewer: User, admin_user: User, pseudo: str) -> list[Browser]:
    """Of the owner of what there is, of a viewer, of an administrator, and of somebody who has not signed in."""
    found = []
    for who in (person, viewer, admin_user, None):
        found.append(Browser(headers={"accept-language": pseudo}))
        if who is not None:
            found[-1].force_login(who)
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_translated_for_everybody(browsers: list[Browser], fill: Fill, address: str) -> None:  # noqa: F811
    found: dict[str, None] = {}
    for browser in browsers:
        for method in (browser.get, browser.post):  # a form that is empty is mostly refused, and says why
            answer = method(fill(address), follow=True)
            found |= dict.fromkeys(left_over(answer))
    assert not list(found), list(found)


def test_the_brackets_are_there(browsers: list[Browser]) -> None:
    page = browsers[0].get("/history/")
    assert page.headers["Content-Language"] == "eo"
    assert "⟦Every change with credentials that you may see, and what became of it.⟧" in page.content.decode()


@pytest.mark.parametrize("kind", ["changelist", "add", "change", "history", "delete"])
def test_the_admin_is_translated(browsers: list[Browser], credential: object, account: Account, kind: str) -> None:
    found = {}
    for model in admin.site._registry:
        thing = model._default_manager.first()
        if kind in {"change", "history", "delete"} and thing is None:
            continue
        arguments = [thing.pk] if kind in {"change", "history", "delete"} and thing is not None else []
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=arguments)
        for method in (browsers[2].get, browsers[2].post) if kind in {"add", "change"} else (browsers[2].get,):
            if texts := left_over(method(address)):
                found[address] = texts
    assert found == {}
