"""Both themes are readable: the colours of variables.css against each other (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

VARIABLES = Path(__file__).resolve().parents[3] / "static" / "css" / "variables.css"
PAIR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in PAIR.findall(VARIABLES.read_text())}
GROUNDS = ("ground", "surface", "raised", "sunken")
TEXTS = ("ink", "ink-soft", "accent", "accent-strong", "bad")
TONES = ("good", "warn", "bad", "info")
READABLE = 4.5  # AA for text of any size
VISIBLE = 3.0  # AA for the edges of controls and the focus ring

ON_GROUNDS = [(text, ground) for text in TEXTS for ground in GROUNDS]
ON_TONES = [(text, f"{tone}-soft") for tone in TONES for text in (tone, "ink")]
ON_BUTTONS = [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad-strong"),
    ("accent-strong", "accent-soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*ON_GROUNDS, *ON_TONES, *ON_BUTTONS])
def test_text_is_readable_on_its_ground(text: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("edge", ["line-strong", "focus"])
def test_the_edges_of_controls_and_the_focus_are_visible(edge: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[edge][theme], COLOURS[ground][theme]) >= VISIBLE
