"""Whatever people read is marked, so that it comes to the translators."""

from pathlib import Path

import pytest

from tests.translations.sentences import of_python, of_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = sorted(
    path
    for package in ("dashboard", "e164web")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
NAMES = {"e164web", "web", "HTTP", "UTC", "CSV", "JSON", "Lines"}  # the product, whose name has two parts; terms
# Read by who runs a program or its log, not on pages: English (docs/translations.md).
OF_THE_SHELL = (
    "dashboard/checks.py",
    "dashboard/management/",
    "dashboard/api/",  # the document of the API and what is said about single values; but for KINDS
    "dashboard/platform/metrics.py",  # what Prometheus says of a figure
    "dashboard/access/often.py",  # SQL
    "dashboard/models/indexing.py",  # SQL
    "dashboard/registry/publishing/queue.py",  # SQL
    "dashboard/services/search/walking.py",  # SQL
    "dashboard/services/transfer/tables.py",  # names that columns have in people's tables, in all languages
    "dashboard/registry/publishing/zone_file.py",  # a zone file, and the log
    "dashboard/registry/publishing/session.py",  # names of what a turn did
    "dashboard/services/audit/verifying.py",  # what `verify_audit` prints
    "e164web/",
)
KINDS = "dashboard/api/kinds.py"  # titles of problems, and what to do
# What is no sentence for people, or is one in a message that is made of a translated one.
NO_SENTENCES = {
    "dashboard/client/attempt.py": {"the deadline passed first", ", HTTP status "},
    "dashboard/client/bounded.py": {" while asking ", "the reply has more than "},
    "dashboard/client/transport.py": {"the name has no address", "the deadline has passed"},
    "dashboard/client/webhook.py": {"the name has no address that may be spoken to"},
    "dashboard/enum/services.py": {"” names no experimental service with its scheme"},
    "dashboard/models/audit.py": {"e164web audit 1", "The audit trail is append-only.", "end of the audit trail"},
    "dashboard/models/searching.py": {"') || CASE {row}.problems WHEN '' THEN '' ELSE '", ") AS INTEGER) * "},
    "dashboard/web/views/search.py": {"host:pbx-old service:SIP"},  # the language of searches
    "dashboard/platform/admission.py": {"wait for "},
    "dashboard/platform/lookup.py": {"the name service did not answer in time"},
    "dashboard/platform/public.py": {"an address with a zone is of one link"},
    "dashboard/protocol/errors.py": {"raise LocalProtocolError or RemoteProtocolError: a mistake is somebody's"},
    "dashboard/protocol/reply.py": {"Ignored %d bytes after the end of a reply"},
    "dashboard/registry/zones.py": {"a name server at another address needs its key anew"},
    "dashboard/services/credentials/keeping.py": {"it was removed"},  # words of the audit trail, which are data
    "dashboard/services/people/invitations.py": {"by an invitation"},
    "dashboard/services/people/sharing.py": {"handed over"},
    "dashboard/services/people/teams.py": {"its owner is no member any more", "the team was deleted"},
    "dashboard/services/dns/accounts.py": {"the DNS"},
    "dashboard/services/installation.py": {"This registry", "the first administrator"},
    "dashboard/services/fingerprints.py": {"changed meanwhile"},
    "dashboard/services/numbers/notes.py": {"changed meanwhile"},
    "dashboard/services/records/writer.py": {"changed meanwhile", "already submitted"},
    "dashboard/services/second_factors.py": {"second factor"},
    "dashboard/services/tokens/digests.py": {"secret of a token"},
    "dashboard/services/tokens/limits.py": {"too many requests"},
    "dashboard/services/mirror/refreshing.py": {"refresh at "},
    "dashboard/services/transfer/fetching.py": {"name server ", " IN NAPTR "},
    "dashboard/services/transfer/phone_books.py": {'<?xml version="1.0" encoding="UTF-8"?>\n'},
    "dashboard/services/transfer/records.py": {" IN NAPTR ", " is not published: "},
    "dashboard/web/uploads.py": {"This form takes no file."},
    "dashboard/web/views/imports.py": {"JSON Lines"},
    "dashboard/vault.py": {
        "a row must be stored before a secret can be bound to it",
        "e164web signs: ",
        "name of a key",
    },
    "dashboard/web/views/audit.py": {"The format of an export is csv or jsonl"},
    "dashboard/web/forms/services.py": {'<optgroup label="', '<option value="{}"{}>{}</option>'},
    "dashboard/web/views/home.py": {"database unreachable\n"},
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_says_nothing_that_is_not_marked(path: Path) -> None:
    said = of_template(path.read_text(encoding="utf-8"))
    assert [text for text in said if not set(text.replace("·", " ").split()) <= NAMES] == []


@pytest.mark.parametrize(
    "path", [one for one in PYTHON if named(one) == KINDS or not named(one).startswith(OF_THE_SHELL)], ids=named
)
def test_a_module_says_nothing_that_is_not_marked(path: Path) -> None:
    assert set(of_python(path.read_text(encoding="utf-8"))) == NO_SENTENCES.get(named(path), set())


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        "<p>{% if x %}Hello{% endif %}</p>",
        '<a title="Go there"></a>',
        '<a title="{{ x }} Go">x</a>',
        '<input type="submit" value="Send">',
        '{% include "elements/alert.html" with text="Nothing was saved." only %}',
        '{% include "elements/alert.html" with title="Wrong" %}',
    ],
)
def test_what_is_not_marked_in_a_template_is_seen(source: str) -> None:
    assert list(of_template(source))


@pytest.mark.parametrize(
    "source",
    [
        "{% comment %}Hello there{% endcomment %}",
        "{# Hello there #}",
        '<p class="some class">{% translate "Hello there" %} 1 · {{ x }}</p>',
        "<p>{% blocktranslate %}Hello there{% plural %}Hello all{% endblocktranslate %}</p>",
        "<code>E2U+sip</code>",
        '{% include "elements/badge.html" with state="applied" text=words only %}',
    ],
)
def test_what_is_marked_or_no_sentence_is_left_alone(source: str) -> None:
    assert list(of_template(source)) == []


@pytest.mark.parametrize(
    "source",
    ["x = 'Nothing was saved.'", "raise E('This is wrong')", "x = _(f'It has {y} things')", "f('not saved')"],
)
def test_what_is_not_marked_in_python_is_seen(source: str) -> None:
    assert list(of_python(source))


@pytest.mark.parametrize(
    "source",
    ["'''A docstring.'''", "x = _('Nothing was saved.')", "logger.warning('It is so: %s', y)", "x = 'one-word'"],
)
def test_what_is_marked_in_python_is_left_alone(source: str) -> None:
    assert list(of_python(source)) == []
