"""Parts of pages that depend on a few values alone, drawn once for them and for each language.

    {% kept staff=user.is_staff %}...{% endkept %}
    {% kept row=row fresh csrf_token %}<form method="post">{% csrf_token %}...</form>{% endkept %}

What is inside sees the values that the tag names, and nothing else of the page: no person, no request. The values are
what it is kept by, so that it is never shown where it would read otherwise. What is named after `fresh` (tokens) is
never kept, and put in anew for each page.
"""

import secrets
import sys
from collections.abc import Mapping, Sequence
from copy import copy

from django import template
from django.http import HttpRequest
from django.template import Context, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT = 8_000_000  # octets of all drawings of one part; a hundred numbers' pictures
MOST = 500  # drawings of one part: small ones may be kept by long values


class KeptNode(Node):
    """A part of a template, with what it drew."""

    def __init__(
        self, inside: NodeList, values: Mapping[str, FilterExpression], fresh: Mapping[str, FilterExpression]
    ) -> None:
        self.nodelist, self.values, self.fresh = inside, values, fresh
        # What stands for a fresh value in what is kept. Nobody can write it: it never leaves this process.
        self.marks = {name: secrets.token_hex() for name in fresh}
        self.drawn: dict[tuple[object, ...], str] = {}
        self.size = 0

    def render(self, context: Context) -> SafeString:
        """What it drew before for the same values in the same language; addresses begin with the script's prefix."""
        given = {name: value.resolve(context) for name, value in self.values.items()}
        key = (context.get("kept_for") or _language_and_prefix(), *given.values())
        drawn = self.drawn.get(key)
        if drawn is None:
            # Copies, since what is drawn may fill a value with all that it reckons when asked.
            key = tuple(copy(value) for value in key)
            drawn = self._draw(context.template, given)
            self._make_room(sys.getsizeof(drawn))
            self.drawn[key] = drawn
        for name, value in self.fresh.items():
            drawn = drawn.replace(self.marks[name], conditional_escape(value.resolve(context)))
        return SafeString(drawn)

    def _draw(self, page: Template | None, given: dict[str, object]) -> str:
        alone = Context({**given, **self.marks})
        alone.template = page
        return self.nodelist.render(alone)

    def _make_room(self, added: int) -> None:
        """Forget all drawings once they are many; those in use are soon there again."""
        self.size += added
        if self.size > KEPT or len(self.drawn) >= MOST:
            self.drawn.clear()
            self.size = added


def kept_for(_request: HttpRequest) -> dict[str, object]:
    """Context processor: what all drawings of a page depend on. Threads queue for both, so each page asks once."""
    return {"kept_for": _language_and_prefix()}


def _language_and_prefix() -> tuple[str | None, str]:
    return get_language(), get_script_prefix()


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Draw what is inside once for each language and each combination of the values that are named."""
    bits = token.split_contents()[1:]
    values = token_kwargs(bits, parser)
    fresh = _fresh(bits, parser)
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    if fresh is None or inside.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError(
            "kept takes named values, then perhaps 'fresh' and names, and holds no block that a page could fill"
        )
    return KeptNode(inside, values, fresh)


def _fresh(bits: Sequence[str], parser: Parser) -> dict[str, FilterExpression] | None:
    """What follows the named values; None where that is wrong."""
    if not bits:
        return {}
    if bits[0] != "fresh" or not all(name.isidentifier() for name in bits[1:]):
        return None
    return {name: parser.compile_filter(name) for name in bits[1:]}
