"""Parts of pages that are the same for everybody, drawn once for each language.

    {% kept staff=user.is_staff %}...{% endkept %}

What is inside sees the values that the tag names, and nothing else of the page: no person, no request, no token. They
are what it is kept by, so that it is never shown where it would read otherwise.
"""

from collections.abc import Mapping

from django import template
from django.template import Context, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

KEPT = 64  # drawings of one part; a dozen are in use for the part that has the most


class KeptNode(Node):
    """A part of a template, with what it drew."""

    def __init__(self, inside: NodeList, values: Mapping[str, FilterExpression]) -> None:
        self.nodelist, self.values = inside, values
        self.drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """What it drew before for the same values in the same language; addresses begin with the script's prefix."""
        given = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), get_script_prefix(), *given.values())
        drawn = self.drawn.get(key)
        if drawn is None:
            if len(self.drawn) >= KEPT:
                self.drawn.clear()
            drawn = self.drawn[key] = self._draw(context.template, given)
        return drawn

    def _draw(self, page: Template | None, given: dict[str, object]) -> SafeString:
        alone = Context(given)
        alone.template = page
        return self.nodelist.render(alone)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Draw what is inside once for each language and each combination of the values that are named."""
    bits = token.split_contents()[1:]
    values = token_kwargs(bits, parser)
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    if bits or inside.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("kept takes named values, and holds no block that a page could fill")
    return KeptNode(inside, values)
