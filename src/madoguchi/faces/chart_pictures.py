"""Charts as PNG, for mail programs that show no SVG: lines and columns with plain numbers. Words stand beside them."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from madoguchi.faces.charts import Plot, plain

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 90, 20, 24, 56
_INK, _MUTED, _RULE, _PAPER = "#17201e", "#52605c", "#dbe3e0", "#ffffff"
COLOURS = ("#0a6a5a", "#8a4b08", "#5b3fa8", "#155a9c")
_MOST_LABELS = 8


def lines_png(plot: Plot, say: Callable[[float], str] = plain) -> bytes:
    """Values over time; the goal is a dotted line. `say`: a value in signs of ASCII."""
    image, draw = _paper(plot, say)
    for number, series in enumerate(plot.series):
        colour, before = COLOURS[number % len(COLOURS)], None
        for place, value in enumerate(series.values):
            if value is None:
                before = None
                continue
            point = (_x(plot, place), _y(plot.top, value))
            if before is not None:
                draw.line((before, point), fill=colour, width=4)
            draw.ellipse((point[0] - 5, point[1] - 5, point[0] + 5, point[1] + 5), fill=colour)
            before = point
    if plot.goal is not None:
        y = _y(plot.top, plot.goal[0])
        for x in range(LEFT, WIDTH - RIGHT, 14):
            draw.line((x, y, x + 6, y), fill=_INK, width=2)
    return _png(image)


def stacked_png(plot: Plot, say: Callable[[float], str] = plain) -> bytes:
    """Columns over time; each part has the number of its series in it, where there is room."""
    sums = [sum(each.values[place] or 0 for each in plot.series) for place in range(len(plot.labels))]
    whole = Plot(plot.id, plot.title, plot.told, plot.labels, [type(plot.series[0])("", sums)])
    image, draw = _paper(whole, say)
    wide = (WIDTH - LEFT - RIGHT) / len(plot.labels)
    for place in range(len(plot.labels)):
        base, x = 0.0, LEFT + place * wide
        for number, series in enumerate(plot.series):
            value = series.values[place] or 0
            if not value:
                continue
            top, foot = _y(whole.top, base + value), _y(whole.top, base)
            draw.rectangle(
                (x + wide * 0.1, top, x + wide * 0.9, foot), COLOURS[number % len(COLOURS)], _PAPER, 1
            )
            if len(plot.series) > 1 and foot - top >= 20 and wide >= 18:
                draw.text((x + wide / 2, (top + foot) / 2), str(number + 1), _PAPER, _font(18), "mm")
            base += value
    return _png(image)


def _paper(plot: Plot, say: Callable[[float], str]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    for share in (0.0, 0.5, 1.0):
        y = _y(plot.top, plot.top * share)
        draw.line((LEFT, y, WIDTH - RIGHT, y), fill=_RULE, width=2)
        draw.text((LEFT - 12, y), say(plot.top * share), _MUTED, _font(20), "rm")
    every = -(-len(plot.labels) // _MOST_LABELS)
    for place, label in enumerate(plot.labels):
        if place % every == 0:
            draw.text(
                (_x(plot, place), HEIGHT - BOTTOM + 26), label.replace("–", "-"), _MUTED, _font(20), "mm"
            )
    return image, draw


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _x(plot: Plot, place: int) -> float:
    """The middle of the place's column."""
    return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / len(plot.labels)


def _y(top: float, value: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, value / top)


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
