"""Forms about imports: what is brought in, and which column of a table is what."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import access
from dashboard.enum import known_services
from dashboard.models import Credential, Format, User
from dashboard.models.job import MAX_REASON
from dashboard.nameservers import Address, AddressError, Key, TsigKeyError
from dashboard.protocol import MAX_UINT16
from dashboard.services import embedded
from dashboard.services.sentences import filled, say
from dashboard.services.transfer.decoding import ENCODINGS
from dashboard.services.transfer.options import COLUMNS, DEFAULT_PREFERENCE, Options
from dashboard.services.transfer.tables import DELIMITERS
from dashboard.web.forms.choices import offer
from dashboard.web.forms.tokens import LabelsField

MAX_TEXT = 500_000  # characters that are pasted; a file may be larger

_ALGORITHMS = [(name, name) for name in ("hmac-sha256", "hmac-sha384", "hmac-sha512")]
_OFF = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class LabelField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """A credential with its registry, since two may be called alike."""

    label_from_instance = LabelsField.label_from_instance


class ImportForm(forms.Form):
    """A text from a file, a field or a name server, and what is made of it."""

    credential = LabelField(None, label=_("For the numbers of"), empty_label=None)
    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or paste it"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("A table (CSV), JSON lines or a zone file."),
    )
    server = forms.CharField(
        label=_("Or a name server"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_OFF),
        help_text=_("From which a zone is transferred (AXFR), such as ns.example.org or 192.0.2.1:5300."),
    )
    zone = forms.CharField(
        label=_("Zone"),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs=_OFF),
        help_text=_("That is transferred; of a zone file, what its names belong to where it does not say so."),
    )
    key_name = forms.CharField(
        label=_("Name of the key"), required=False, max_length=253, widget=forms.TextInput(attrs=_OFF)
    )
    key_password = forms.CharField(
        label=_("Secret of the key"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("In base64. It is used once and kept nowhere."),
    )
    key_algorithm = forms.ChoiceField(label=_("Algorithm of the key"), choices=_ALGORITHMS, required=False)
    format = forms.ChoiceField(label=_("Format"), required=False, choices=[("", _("find it out")), *Format.choices])
    mode = forms.ChoiceField(
        label=_("What becomes of the records that are there"),
        choices=[
            ("add", _("they stay, and what is missing is added beside them")),
            ("replace", _("each number gets exactly these records, and its others are deleted")),
        ],
        initial="add",
        widget=forms.RadioSelect,
        help_text=_(
            "The second one is for a list that was exported and changed. Numbers that are not in it stay as they are."
        ),
    )
    others = forms.ChoiceField(
        label=_("NAPTR records that are no service with host data"),
        choices=[
            ("leave", _("leave them out")),
            ("split", _("take instead what leads to the same, a record for each service")),
            ("raw", _("keep them as raw records, word for word (only at the registry of this site)")),
        ],
        initial="leave",
        widget=forms.RadioSelect,
    )
    makes = forms.BooleanField(
        label=_("Make numbers that the account does not have"),
        required=False,
        help_text=_("Only at the registry of this site, within the ranges of the account."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=MAX_REASON)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, person: User, is_too_large: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.person = person
        credentials = access.credentials(person, access.EDIT).order_by("label", "pk")
        offer(self, credential=credentials)
        if all(embedded.why_no_raws(person, credential) for credential in credentials):
            # Not offered, and yet understood: what comes back for it is a sentence.
            others = self.fields["others"]
            others.widget.choices = [one for one in others.choices if one[0] != "raw"]  # type: ignore[attr-defined]

    def clean_server(self) -> Address | None:
        """The name server, None for none. Raises ValidationError."""
        try:
            return Address.parse(self.cleaned_data["server"]) if self.cleaned_data["server"] else None
        except AddressError as problem:
            raise forms.ValidationError(say(problem), code="address") from None

    def clean(self) -> dict[str, Any]:
        """Insist on one text, and on what belongs to its way. Adds `key`."""
        cleaned = super().clean() or {}
        if self.is_too_large:
            self.add_error("file", forms.ValidationError(self.is_too_large, code="large"))
            return cleaned
        given = [name for name in ("file", "text", "server") if cleaned.get(name)]
        if not given and "server" not in self.errors:
            self.add_error("file", forms.ValidationError(_("Choose a file, paste a text or name a server."), "none"))
        if len(given) > 1:
            self.add_error(
                given[1], forms.ValidationError(_("There is a text already: give one of the three."), "two")
            )
        if cleaned.get("server") and not cleaned.get("zone"):
            self.add_error("zone", forms.ValidationError(_("Enter the zone that is to be transferred."), "none"))
        if cleaned.get("others") == "raw" and (credential := cleaned.get("credential")) is not None:
            reason = embedded.why_no_raws(self.person, credential)
            if reason:
                sentence = filled(reason, {"registry": credential.registry.name})
                self.add_error("others", forms.ValidationError(sentence, "raw"))
        cleaned["key"] = self._key(cleaned)
        return cleaned

    def _key(self, cleaned: dict[str, Any]) -> Key | None:
        name, secret = cleaned.get("key_name", ""), cleaned.get("key_password", "")
        if not name and not secret:
            return None
        try:
            return Key(name, secret, cleaned.get("key_algorithm") or "hmac-sha256")
        except TsigKeyError as problem:
            self.add_error("key_name", forms.ValidationError(say(problem), code="key"))
            return None

    @property
    def chosen(self) -> Credential:
        """The credential."""
        credential: Credential = self.cleaned_data["credential"]
        return credential

    @property
    def options(self) -> Options:
        """What is made of the text."""
        said = self.cleaned_data
        return Options(
            origin=said["zone"].strip().rstrip("."),
            replaces=said["mode"] == "replace",
            splits=said["others"] == "split",
            keeps_raw=said["others"] == "raw",
            makes=said["makes"],
        )


class ColumnsForm(forms.Form):
    """How a table is read: which column is what, and what is taken where there is none."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=[(name, name.upper()) for name in ENCODINGS])
    delimiter = forms.ChoiceField(
        label=_("Between the columns"),
        choices=list(zip(DELIMITERS, (_("comma"), _("semicolon"), _("tab")), strict=True)),
    )
    has_header = forms.BooleanField(label=_("The first line names the columns"), required=False)
    number = forms.TypedChoiceField(label=_("Number"), coerce=int, required=False, empty_value=None)
    preference = forms.TypedChoiceField(label=_("Preference"), coerce=int, required=False, empty_value=None)
    service = forms.TypedChoiceField(label=_("Service"), coerce=int, required=False, empty_value=None)
    hostdata = forms.TypedChoiceField(label=_("Host data"), coerce=int, required=False, empty_value=None)
    default_service = forms.ChoiceField(label=_("Service of lines that name none"), required=False)
    default_preference = forms.IntegerField(
        label=_("Preference of lines that name none"), min_value=0, max_value=MAX_UINT16, initial=DEFAULT_PREFERENCE
    )
    takes_plain = forms.BooleanField(
        label=_("Numbers without + begin with their country code"),
        required=False,
        help_text=_("Spreadsheets take the + off. Without this, such numbers are named and left as they are."),
    )

    def __init__(self, data: Any, *, options: Options, titles: Sequence[str]) -> None:
        columns = {name: options.columns.get(name) for name in COLUMNS}
        more = {"default_service": options.service, "default_preference": options.preference}
        super().__init__(data, initial={**options.stored(), **more, **columns})
        choices = [("", _("no column")), *((place, title) for place, title in enumerate(titles))]
        for name in COLUMNS:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        names = [(one.name, one.name) for one in known_services()]
        self.fields["default_service"].choices = [("", _("none")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Insist on a column for the numbers, and on a different one for each field."""
        cleaned = super().clean() or {}
        if cleaned.get("number") is None and "number" not in self.errors:
            self.add_error("number", forms.ValidationError(_("Choose the column that holds the numbers."), "none"))
        used = [place for name in COLUMNS if (place := cleaned.get(name)) is not None]
        twice = next((name for name in COLUMNS if used.count(cleaned.get(name)) > 1), None)
        if twice is not None:
            self.add_error(twice, forms.ValidationError(_("A column can be one of these only."), "twice"))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of Options that were said."""
        said = self.cleaned_data
        return {
            "encoding": said["encoding"],
            "delimiter": said["delimiter"],
            "has_header": said["has_header"],
            "columns": {name: said[name] for name in COLUMNS if said[name] is not None},
            "service": said["default_service"],
            "preference": said["default_preference"],
            "takes_plain": said["takes_plain"],
        }
