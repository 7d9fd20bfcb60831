"""Charts as SVG, made on the server: lines, bars, stacked columns, heat maps. No script, no inline style.

Colour never says anything alone: lines differ by dash and mark, columns by pattern, and every chart has its values as a
table beside it (`table`). Colours, sizes and forced colours are in `charts.css` (A11Y-003, ux 2).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

WIDTH, HEIGHT = 360.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 8.0, 12.0, 34.0
DASHES = ("", "6 3", "2 3", "8 3 2 3")
PATTERNS = 4
_STEPS = (1, 2, 2.5, 5, 10)
_NEXT_TO_NOTHING = 1e-9
_BAR, _BAR_GAP = 15.0, 21.0
_MOST_LABELS = 6
_HEAT_LEVELS = 5


def plain(value: float) -> str:
    """1,234 or 0.5."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


@dataclass(frozen=True)
class Series:
    """`values`: one for each label; None is a gap, never a zero."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Plot:
    """What a chart shows. `id`: unique on the page. `told`: the chart in a sentence. `say`: a value in words.

    `tick`: the same on the axis, in a few signs. `unit`: what the axis counts in, e.g. 60 for minutes of a plot in seconds.
    `goal`: a line to compare with, and what it is called.
    """

    id: str
    title: str
    told: str
    labels: Sequence[str]
    series: Sequence[Series]
    say: Callable[[float], str] = field(default=plain)
    goal: tuple[float, str] | None = None
    tick: Callable[[float], str] | None = None
    unit: float = 1

    @property
    def known(self) -> list[float]:
        return [value for each in self.series for value in each.values if value is not None]

    @property
    def is_empty(self) -> bool:
        """There is nothing to draw."""
        return not self.known

    @property
    def top(self) -> float:
        """The upper end of the scale: the largest value or the goal, rounded up to a number that people read easily."""
        return ceiling(max([*self.known, self.goal[0] if self.goal else 0.0, 0.0]) / self.unit) * self.unit

    def on_axis(self, value: float) -> str:
        return (self.tick or self.say)(value)


def table(plot: Plot, first: str) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table beside the chart; "–" where nothing was measured. `first`: the head of the labels."""
    heads = [first, *(each.name for each in plot.series)]
    rows = [
        [label, *(_said(plot, each.values[place]) for each in plot.series)]
        for place, label in enumerate(plot.labels)
    ]
    return heads, rows


def ceiling(value: float) -> float:
    """The next 1, 2, 2.5, 5 or 10 times a power of ten; 1 for nothing, or next to nothing."""
    if value < _NEXT_TO_NOTHING:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-9))


def lines(plot: Plot) -> Markup:
    """Values over time. A gap breaks the line; a value between two gaps is a mark of its own."""
    parts = [*_scale(plot), *_time_labels(plot), *_goal(plot)]
    for number, series in enumerate(plot.series):
        for run in _runs(series.values):
            points = " ".join(f"{_x(plot, place):.1f},{_y(plot, value):.1f}" for place, value in run)
            dash = DASHES[number % len(DASHES)]
            parts.append(
                Markup(
                    '<polyline class="chart-line chart-line-{}" points="{}" stroke-dasharray="{}"/>'
                ).format(number % PATTERNS + 1, points, dash or "none")
            )
            parts += [
                _mark(number, _x(plot, place), _y(plot, value), _point_told(plot, series, place, value))
                for place, value in run
            ]
    return _svg(plot, HEIGHT, parts) + _legend(plot, "line")


def stacked(plot: Plot) -> Markup:
    """Columns over time, the series one upon another, told apart by pattern."""
    sums = [sum(each.values[place] or 0 for each in plot.series) for place in range(len(plot.labels))]
    whole = Plot(
        plot.id,
        plot.title,
        plot.told,
        plot.labels,
        [Series("", sums)],
        plot.say,
        plot.goal,
        plot.tick,
        plot.unit,
    )
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(plot.labels))
    parts = [*_patterns(plot), *_scale(whole), *_time_labels(whole, middle=wide / 2), *_goal(whole)]
    for place in range(len(plot.labels)):
        base = 0.0
        for number, series in enumerate(plot.series):
            value = series.values[place]
            if not value:
                continue
            top, foot = _y(whole, base + value), _y(whole, base)
            parts.append(
                _box(plot, number, LEFT + place * wide + wide * 0.1, top, wide * 0.8, foot - top).format(
                    _point_told(plot, series, place, value)
                )
            )
            base += value
    return _svg(plot, HEIGHT, parts) + _legend(plot, "box")


def bars(plot: Plot) -> Markup:
    """One bar for each label and series, from the left; label and value stand above the bar, also on a narrow screen."""
    top = plot.top
    height = TOP + len(plot.labels) * (_BAR_GAP + _BAR * len(plot.series))
    parts: list[Markup] = list(_patterns(plot))
    y = TOP
    for place, label in enumerate(plot.labels):
        said = " / ".join(_said(plot, each.values[place]) for each in plot.series)
        parts.append(Markup('<text class="chart-text" x="2" y="{:.1f}">{}</text>').format(y, label))
        parts.append(
            Markup(
                '<text class="chart-text chart-value" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
            ).format(WIDTH - 2, y, said)
        )
        y += 5
        for number, series in enumerate(plot.series):
            value = series.values[place]
            if value is not None:
                wide = max(1.0, value / top * (WIDTH - 4))
                box = _box(plot, number, 2, y, wide, _BAR - 3)
                parts.append(box.format(_point_told(plot, series, place, value)))
            y += _BAR
        y += _BAR_GAP - 5
    return _svg(plot, height, parts) + _legend(plot, "box")


def heat_map(plot: Plot) -> Markup:
    """A field for each label (across) and series (down). The darker, the more; each field's title has the value."""
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(plot.labels))
    tall = 20.0
    height = TOP + tall * len(plot.series) + BOTTOM
    most = max(plot.known, default=0.0)
    parts = []
    for row, series in enumerate(plot.series):
        y = TOP + row * tall
        parts.append(
            Markup('<text class="chart-text" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                LEFT - 6, y + 14, series.name
            )
        )
        for place, value in enumerate(series.values):
            level = 0 if not value or not most else math.ceil(value / most * _HEAT_LEVELS)
            parts.append(
                Markup(
                    '<rect class="chart-heat chart-heat-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
                    "<title>{}</title></rect>"
                ).format(
                    level,
                    LEFT + place * wide + 0.5,
                    y + 0.5,
                    wide - 1,
                    tall - 1,
                    _point_told(plot, series, place, value),
                )
            )
    foot = TOP + tall * len(plot.series) + 14
    every = _every(plot)
    parts += [
        Markup('<text class="chart-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
            LEFT + (place + 0.5) * wide, foot, label
        )
        for place, label in enumerate(plot.labels)
        if place % every == 0
    ]
    return _svg(plot, height, parts)


# ── parts ──


def _svg(plot: Plot, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart-picture" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-labelledby="{}-title {}-told">'
        '<title id="{}-title">{}</title><desc id="{}-told">{}</desc>{}</svg>'
    ).format(WIDTH, height, plot.id, plot.id, plot.id, plot.title, plot.id, plot.told, Markup("").join(parts))


def _legend(plot: Plot, kind: str) -> Markup:
    """Which line or pattern is which; needless for one."""
    if len(plot.series) < 2:
        return Markup("")
    items = Markup("").join(
        Markup('<li><svg class="chart-key" viewBox="0 0 28 12" aria-hidden="true">{}</svg>{}</li>').format(
            _key(plot, kind, number), each.name
        )
        for number, each in enumerate(plot.series)
    )
    return Markup('<ul class="chart-legend">{}</ul>').format(items)


def _key(plot: Plot, kind: str, number: int) -> Markup:
    if kind == "box":
        return _box(plot, number, 1, 1, 26, 10).format("")
    line = Markup('<path class="chart-line chart-line-{}" d="M0 6h28" stroke-dasharray="{}"/>').format(
        number % PATTERNS + 1, DASHES[number % len(DASHES)] or "none"
    )
    return line + _mark(number, 14, 6, "")


def _scale(plot: Plot) -> Iterator[Markup]:
    """Lines and numbers at nothing, half and top."""
    for share in (0.0, 0.5, 1.0):
        y = _y(plot, plot.top * share)
        yield Markup('<path class="chart-rule" d="M{} {:.1f}H{}"/>').format(LEFT, y, WIDTH - RIGHT)
        yield Markup('<text class="chart-text" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
            LEFT - 6, y + 4, plot.on_axis(plot.top * share)
        )


def _time_labels(plot: Plot, middle: float = 0.0) -> Iterator[Markup]:
    every = _every(plot)
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(plot.labels))
    for place, label in enumerate(plot.labels):
        if place % every:
            continue
        x = LEFT + place * wide + middle if middle else _x(plot, place)
        anchor = "start" if x < LEFT + 12 else "end" if x > WIDTH - RIGHT - 12 else "middle"
        yield Markup('<text class="chart-text" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
            x, HEIGHT - BOTTOM + 18, anchor, label
        )


def _goal(plot: Plot) -> Iterator[Markup]:
    if plot.goal is None:
        return
    value, name = plot.goal
    y = _y(plot, value)
    yield Markup('<path class="chart-goal" d="M{} {:.1f}H{}"/>').format(LEFT, y, WIDTH - RIGHT)
    yield Markup(
        '<text class="chart-text chart-goal-text" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    ).format(WIDTH - RIGHT, y - 4 if y > TOP + 12 else y + 12, name)


def _patterns(plot: Plot) -> Iterator[Markup]:
    """One pattern for each series after the first, which is full."""
    shapes = ("", "M0 6L6 0", "M0 0L6 6", "M3 0V6M0 3H6")
    for number in range(1, min(len(plot.series), PATTERNS)):
        yield Markup(
            '<defs><pattern id="{}-p{}" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<rect class="chart-ground" width="6" height="6"/><path class="chart-line-{}" fill="none"'
            ' stroke-width="2" d="{}"/></pattern></defs>'
        ).format(plot.id, number, number + 1, shapes[number])


def _box(plot: Plot, number: int, x: float, y: float, wide: float, tall: float) -> Markup:
    """A box with a place `{}` for its title."""
    kind = number % PATTERNS
    fill = Markup(' fill="url(#{}-p{})"').format(plot.id, kind) if kind else Markup("")
    return Markup(
        f'<rect class="chart-box chart-box-{kind + 1}" x="{x:.1f}" y="{y:.1f}" width="{max(0.5, wide):.1f}"'
        f' height="{max(0.5, tall):.1f}"{fill}><title>{{}}</title></rect>'
    )


def _mark(number: int, x: float, y: float, told: str) -> Markup:
    shapes = (
        "M{0:.1f} {1:.1f}m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
        "M{0:.1f} {1:.1f}m-2.4-2.4h4.8v4.8h-4.8z",
        "M{0:.1f} {1:.1f}m0-3.2l3 5.4h-6z",
        "M{0:.1f} {1:.1f}m0-3.4l3.4 3.4l-3.4 3.4l-3.4-3.4z",
    )
    return Markup('<path class="chart-mark chart-mark-{}" d="{}"><title>{}</title></path>').format(
        number % PATTERNS + 1, shapes[number % len(shapes)].format(x, y), told
    )


def _x(plot: Plot, place: int) -> float:
    last = len(plot.labels) - 1
    return (LEFT + WIDTH - RIGHT) / 2 if last < 1 else LEFT + (WIDTH - LEFT - RIGHT) * place / last


def _y(plot: Plot, value: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, value / plot.top)


def _every(plot: Plot) -> int:
    return max(1, math.ceil(len(plot.labels) / _MOST_LABELS))


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Neighbouring known values, with their places."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _said(plot: Plot, value: float | None) -> str:
    return "–" if value is None else plot.say(value)


def _point_told(plot: Plot, series: Series, place: int, value: float | None) -> str:
    name = f"{series.name}, " if len(plot.series) > 1 else ""
    return f"{name}{plot.labels[place]}: {_said(plot, value)}"


__all__ = ["Plot", "Series", "bars", "ceiling", "heat_map", "lines", "plain", "stacked", "table"]
