"""The field that offers a registry's services, in groups."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from dashboard.enum import find_service
from dashboard.services.sentences import visible

# By the type of an enumservice (RFC 6117), in the order in which people look for them.
_GROUPS: dict[str, frozenset[str]] = {
    gettext_noop("Telephony"): frozenset({"SIP", "IAX2", "IAX", "H323", "TEL", "PSTN", "VOICE", "FAX"}),
    gettext_noop("Messages"): frozenset(
        {"XMPP", "IM", "PRES", "SMS", "EMS", "MMS", "UNIFMSG", "VIDEOMSG", "VOICEMSG", "VMSG"}
    ),
    gettext_noop("Mail"): frozenset({"MAILTO", "EMAIL", "IFAX", "VPIM", "ICAL-SCHED"}),
    gettext_noop("Web"): frozenset({"WEB", "FT", "ICAL-ACCESS", "ACCT", "VCARD"}),
}
_OTHER = gettext_noop("Other")
_GROUP_OF = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}


@dataclass(frozen=True)
class Options:
    """What may be chosen: a registry's services as it names them, and by group their options as HTML."""

    names: tuple[str, ...] = ()
    groups: Mapping[str, Mapping[str, SafeString]] = field(default_factory=dict)

    def with_chosen(self, chosen: str) -> SafeString:
        """The content of the select, with the chosen one among the others, also where it is none of them."""
        group = _group_of(chosen)
        groups = {**self.groups, group: {**self.groups.get(group, {}), chosen: _option(chosen, is_chosen=True)}}
        return SafeString(
            "\n".join(
                f'<optgroup label="{label}">\n' + "\n".join(options.values()) + "\n</optgroup>"
                for label, options in groups.items()
            )
        )


class ServiceField(forms.CharField):
    """One of the registry's service names, compared without case as registries compare them."""

    names: Iterable[str] = ()

    def to_python(self, value: Any) -> str:
        """The name as the registry writes it."""
        return canonical_name(super().to_python(value) or "", self.names)


def options_of(names: Iterable[str]) -> Options:
    """What may be chosen, made once for all forms of a page."""
    return _drawn(tuple(names), get_language())


# Of a registry's services in a language: nothing of a person is in it. Drawing them is a tenth of a number's page.
@functools.lru_cache(maxsize=64)
def _drawn(names: tuple[str, ...], language: str | None) -> Options:
    groups: dict[str, dict[str, SafeString]] = {_(group): {} for group in (*_GROUPS, _OTHER)}
    for name in names:
        groups[_group_of(name)][name] = _option(name)
    return Options(names, {label: options for label, options in groups.items() if options})


def _group_of(name: str) -> str:
    kind = name.upper().removeprefix("E2U+").partition(":")[0]
    return _(_GROUP_OF.get(kind, _OTHER))


def _option(name: str, *, is_chosen: bool = False) -> SafeString:
    selected = SafeString(" selected" if is_chosen else "")
    return format_html('<option value="{}"{}>{}</option>', name, selected, visible(service_label(name)))


def canonical_name(service: str, names: Iterable[str]) -> str:
    """A service name as the registry writes it: names are compared without case."""
    return next((name for name in names if name.upper() == service.upper()), service)


def service_label(name: str) -> str:
    """How a service is offered: its name, and what it is where we know."""
    known = find_service(name)
    return f"{name} – {_(known.label)}" if known is not None else name
