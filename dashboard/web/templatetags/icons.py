"""Icons, from heroicons. Each stands beside words that say the same, so that it is hidden from screen readers."""

import functools

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

_STYLES = {"outline": heroicons.heroicon_outline, "mini": heroicons.heroicon_mini}


# heroicons copies and writes an XML tree each time, and the frame of every page has eleven icons.
@register.simple_tag
@functools.cache
def icon(style: str, name: str, size: int = 20, classes: str = "") -> str:
    """The icon `name` in a style of heroicons ("outline", "mini"), `size` pixels wide and high."""
    more = {"class": classes + ""} if classes else {}
    return _STYLES[style](name, size=size, aria_hidden="true", **more)
