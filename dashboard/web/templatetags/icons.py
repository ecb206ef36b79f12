"""Heroicons' own tags, with what they draw kept: the package builds the same SVG anew each time."""

import functools
from collections.abc import Callable

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

KEPT = 256  # drawings; the project uses some forty


def _kept(draw: Callable[..., str]) -> Callable[..., str]:
    return functools.wraps(draw)(functools.lru_cache(maxsize=KEPT)(draw))


for _style in ("micro", "mini", "outline", "solid"):
    _name = f"heroicon_{_style}"
    register.simple_tag(_kept(getattr(heroicons, _name)), name=_name)
