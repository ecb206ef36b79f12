"""Records as forms. A page holds up to sixty of them, so they are drawn in Python and their words looked up once."""

import functools
import html
from typing import NamedTuple

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.protocol import Number
from dashboard.web.forms.records import RecordForm

register = template.Library()

TOKEN = CsrfTokenNode()


class Words(NamedTuple):
    """What the forms of a page say, and where they ask for a preview, as HTML."""

    add: str
    cancel: str
    delete: str
    down: str
    new: str
    preview: str
    preview_address: str
    record: str  # with the placeholder "position"
    save: str
    up: str


@register.simple_block_tag(takes_context=True)
def record_form(
    context: Context,
    content: SafeString,
    form: RecordForm,
    pk: int,
    number: Number,
    position: int = 0,
    first: bool = True,
    last: bool = True,
    submission: object = None,
) -> SafeString:
    """A record's form, or that of a new record, with what is inside the tag as its preview.

    `pk` is that of the credential. `position` is the record's place on the page, counted from 1; the `first` has no
    way up and the `last` none down. `submission` takes the place of the form's own token.
    """
    if submission is not None:
        form.submit_as(submission)
    words = _words(get_language(), get_script_prefix())
    place = {"pk": pk, "number_id": number.id}
    if form.record_id is None:
        key, mark, name = "new", "+", words.new
        action = _address("record-add", **place)
        submit, others = words.add, _cancel(_address("number", **place), words)
    else:
        key, mark, name = str(form.record_id), str(position), words.record % {"position": position}
        action = _address("record", **place, record_id=form.record_id)
        submit, others = words.save, _tools(action, words, first=first, last=last)
    return SafeString(
        f'<article class="record" id="record-{key}" aria-label="{name}">\n'
        f'  <form method="post" action="{action}" class="record-form" hx-post="{action}" hx-target="#records"'
        ' hx-select="#records" hx-select-oob="#messages" hx-swap="outerHTML">\n'
        f"    {TOKEN.render(context)}\n"
        f'    <span class="record-position" aria-hidden="true">{mark}</span>\n'
        f'    <div class="record-fields" hx-get="{words.preview_address}" hx-trigger="input delay:200ms, change"'
        f' hx-include="this" hx-vals=\'{{"number": "{html.escape(number.digits)}"}}\' hx-target="#preview-{key}"'
        ' hx-select="unset" hx-select-oob="unset" hx-swap="innerHTML" hx-sync="this:replace">'
        f"{_errors(form)}{form.drawn}</div>\n"
        '    <div class="record-actions">\n'
        f'      <button type="submit" class="btn btn-primary">{submit}</button>\n'
        '      <button type="submit" name="preview" value="1" class="btn btn-quiet no-script">'
        f"{words.preview}</button>\n"
        f"      {others}\n"
        "    </div>\n"
        "  </form>\n"
        f'  <div class="preview" id="preview-{key}">{content}</div>\n'
        "</article>"
    )


@functools.lru_cache
def _words(_language: str | None, _prefix: str) -> Words:
    return Words(
        add=html.escape(_("Add")),
        cancel=html.escape(_("Cancel")),
        delete=html.escape(_("Delete")),
        down=html.escape(_("Move down")),
        new=html.escape(_("New record")),
        preview=html.escape(_("Preview")),
        preview_address=_address("record-preview"),
        record=html.escape(_("Record %(position)s")),
        save=html.escape(_("Save")),
        up=html.escape(_("Move up")),
    )


def _address(name: str, **values: int) -> str:
    return html.escape(reverse(name, kwargs=values))


def _errors(form: RecordForm) -> str:
    """What is wrong with the record as a whole, drawn as crispy does it for other forms."""
    return render_to_string("bootstrap5/errors.html", {"form": form}) if form.non_field_errors() else ""


def _cancel(address: str, words: Words) -> str:
    return f'<a class="btn btn-quiet" href="{address}">{words.cancel}</a>'


def _tools(action: str, words: Words, *, first: bool, last: bool) -> str:
    """Ways to move and to delete a record that is there."""
    delete = (
        f'<a class="icon-button icon-delete" href="{action}delete/" aria-label="{words.delete}"'
        f' title="{words.delete}"></a>'
    )
    up = "" if first else _move(action, "up", words.up)
    down = "" if last else _move(action, "down", words.down)
    return f"{up}{down}{delete}"


def _move(action: str, direction: str, name: str) -> str:
    return (
        f'<button type="submit" name="direction" value="{direction}" class="icon-button icon-{direction}"'
        f' formaction="{action}move/" formnovalidate hx-post="{action}move/" aria-label="{name}" title="{name}">'
        "</button>\n      "
    )
