"""Charts: every value is in the picture and in the table, gaps stay gaps, and nothing typed becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup

from madoguchi.faces.charts import Plot, Series, bars, ceiling, heat_map, lines, stacked, table

KINDS = (lines, stacked, bars, heat_map)
SVG = "{http://www.w3.org/2000/svg}"


def plot(*values: float | None, name: str = "Chat", **more: object) -> Plot:
    labels = [f"11/{day + 1}" for day in range(len(values))]
    return Plot("waits", "Waits", "Waits by day", labels, [Series(name, values)], **more)  # type: ignore[arg-type]


def read(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{picture}</div>')


def titles(picture: Markup) -> list[str]:
    return [found.text or "" for found in read(picture).iter(f"{SVG}title")]


@pytest.mark.parametrize("draw", KINDS)
@pytest.mark.parametrize("values", [(), (0.0,), (5.0,), (None,), (None, 3.0, None), (1.0, None, 2.0, 8.0)])
def test_nothing_one_value_and_gaps_are_drawn_without_a_fault(
    draw: Callable[[Plot], Markup], values: tuple[float | None, ...]
) -> None:
    drawn = read(draw(plot(*values)))
    assert len(list(drawn.iter(f"{SVG}desc"))) == 1
    assert "nan" not in str(draw(plot(*values))).lower()


def test_a_gap_breaks_the_line_and_is_no_zero() -> None:
    picture = lines(plot(1.0, None, 2.0, 8.0))
    assert len(list(read(picture).iter(f"{SVG}polyline"))) == 2
    assert titles(picture)[1:] == ["11/1: 1", "11/3: 2", "11/4: 8"]


@given(some.lists(some.one_of(some.none(), some.floats(0, 1e9)), min_size=1, max_size=40))
def test_every_measured_value_is_a_mark_inside_the_picture_and_a_cell_of_the_table(
    values: list[float | None],
) -> None:
    drawn = plot(*values)
    known = [value for value in values if value is not None]
    assert len(titles(lines(drawn))) == 1 + len(known)
    _, rows = table(drawn, "Day")
    assert [row[1] == "–" for row in rows] == [value is None for value in values]
    heights = [
        float(y) for y in re.findall(r'class="chart-mark[^"]*" d="M[\d.]+ ([\d.-]+)', str(lines(drawn)))
    ]
    assert all(12 <= y <= 190 - 34 for y in heights)


@given(some.floats(1e-3, 1e12))
def test_the_scale_ends_above_the_value_and_below_three_times_it(value: float) -> None:
    assert value * (1 - 1e-6) <= ceiling(value) <= value * 2.5 * (1 + 1e-6)


def test_columns_stand_one_upon_another_and_series_differ_by_more_than_colour() -> None:
    two = Plot("a", "A", "a", ["1", "2"], [Series("Chat", [3.0, 1.0]), Series("Mail", [1.0, 1.0])])
    boxes = [
        box for box in read(stacked(two)).iter(f"{SVG}rect") if box.get("class", "").startswith("chart-box")
    ]
    first, second = boxes[0], boxes[1]
    assert float(first.get("y", 0)) == pytest.approx(
        float(second.get("y", 0)) + float(second.get("height", 0)), abs=0.2
    )
    assert first.get("fill") is None and second.get("fill") == "url(#a-p1)"
    dashes = {line.get("stroke-dasharray") for line in read(lines(two)).iter(f"{SVG}polyline")}
    assert len(dashes) == 2


def test_the_darkest_field_has_the_most_and_nothing_stays_empty() -> None:
    levels = re.findall(r"chart-heat-(\d)", str(heat_map(plot(0.0, 1.0, 50.0, 100.0))))
    assert levels == ["0", "1", "3", "5"]


def test_words_of_people_stay_words() -> None:
    for draw in KINDS:
        assert "<script>" not in draw(plot(1.0, name="<script>", goal=(2.0, "<script>")))
    assert not re.search(r"\sstyle=|<style|<script", lines(plot(1.0, 2.0)))
