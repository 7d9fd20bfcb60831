"""Colours of the design tokens: every pair that is used together has the contrast that WCAG 2.2 asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "web" / "ui" / "tokens.css").read_text("utf-8")
TEXT = [
    ("fg", "bg"), ("fg", "surface"), ("fg", "raised"), ("mut", "bg"), ("mut", "surface"), ("mut", "raised"),
    ("acc", "bg"), ("acc", "surface"), ("acc", "raised"), ("on-acc", "acc"), ("on-acc", "acc-strong"),
    ("on-acc-soft", "acc-soft"), ("ok", "bg"), ("ok", "ok-soft"), ("fg", "ok-soft"), ("warn", "bg"), ("warn", "warn-soft"),
    ("fg", "warn-soft"), ("bad", "bg"), ("bad", "bad-soft"), ("acc", "acc-soft"), ("mut", "ok-soft"),
]  # fmt: skip
EDGES = [
    ("edge", "bg"),
    ("edge", "surface"),
    ("edge", "raised"),
    ("acc", "bg"),
    ("acc", "surface"),
    ("bad", "bg"),
]
THEMES = ["light", "dark", "hc"]


def colours(theme: str) -> dict[str, str]:
    """Token → #rrggbb in one theme."""
    base = TOKENS[: TOKENS.index("@media")]
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", base))
    found = {name: pair.split(", ")[theme != "light"] for name, pair in pairs.items()}
    if theme == "hc":
        strong = TOKENS[TOKENS.index(':root[data-theme="hc"],') :]
        found |= dict(re.findall(r"--([\w-]+): (#\w{6});", strong))
    return found


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.req("A11Y-003")
@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_every_ground_it_is_put_on(theme: str) -> None:
    least = 7.0 if theme == "hc" else 4.5
    known = colours(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


@pytest.mark.req("A11Y-003")
@pytest.mark.parametrize("theme", THEMES)
def test_borders_of_controls_and_the_focus_ring_can_be_seen(theme: str) -> None:
    known = colours(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in EDGES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3.0} == {}


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
