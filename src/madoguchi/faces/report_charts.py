"""What is drawn of a report: volumes, answers, waits, the assistant's share, the busy hours, reasons, lost steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from markupsafe import Markup

from madoguchi.counter.reports import gathering
from madoguchi.counter.reports.definitions import Sums, Unit
from madoguchi.counter.reports.families import FIGURES
from madoguchi.counter.reports.gathering import Asked
from madoguchi.counter.reports.tally import Tally
from madoguchi.engine.database import Transaction
from madoguchi.engine.report_sections import Reports
from madoguchi.engine.texts import tr
from madoguchi.faces import charts, report_calls, report_forecast
from madoguchi.faces.charts import Plot, Series
from madoguchi.faces.report_reasons import reason_text
from madoguchi.faces.report_views import ReportView
from madoguchi.faces.report_words import label_of, step_text, value_text

Kind = Literal["lines", "bars", "stacked", "heat"]
DRAW: dict[Kind, Callable[[Plot], Markup]] = {
    "lines": charts.lines,
    "bars": charts.bars,
    "stacked": charts.stacked,
    "heat": charts.heat_map,
}
# Figure → its unit on the axis; drawn over time, in this order.
OVER_TIME = ("within_day", "wait_mean", "solved_day", "messages_per_case", "waiting_per_contact")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_BARS = 10
_TIMES = ((86400.0, "{n} days"), (3600.0, "{n} h"), (60.0, "{n} min"), (1.0, "{n} seconds"))


@dataclass(frozen=True)
class Drawn:
    """A chart with the table beside it. `first`: the head of the table's labels. `only`: the one value, in a sentence."""

    plot: Plot
    kind: Kind
    first: str

    @property
    def picture(self) -> Markup:
        return DRAW[self.kind](self.plot)

    @property
    def heads(self) -> list[str]:
        return charts.table(self.plot, self.first)[0]

    @property
    def rows(self) -> list[list[str]]:
        return charts.table(self.plot, self.first)[1]


def drawn(tx: Transaction, view: ReportView, settings: Reports, language: str) -> list[Drawn]:
    """The charts of a report in their order; one in which there is nothing is left out."""
    asked = view.question.asked
    over_time = gathering.apart_over_time(tx, asked)
    found = [
        volumes(tx, asked, view, language),
        *(_line(name, over_time, asked, settings, language) for name in OVER_TIME),
        busy_hours(view.sums.all, language),
        reasons(view.sums.all, language),
        lost_steps(view.sums.all, language),
        *_forecast(view, language),
        Drawn(report_calls.over_time(view.sums.calls, asked, language), "stacked", tr(language, "Period")),
    ]
    return [each for each in found if not each.plot.is_empty]


def volumes(tx: Transaction, asked: Asked, view: ReportView, language: str) -> Drawn:
    """Contacts over time, the channels one upon another."""
    steps = gathering.steps(asked.span, asked.step)
    channels = sorted(view.sums.by_channel, key=lambda name: -view.sums.by_channel[name]["contacts"])
    series = []
    for name in channels:
        tallies = gathering.over_time(tx, asked.only("channel", name))
        counts = [float(tallies[step]["contacts"]) for step in steps]
        series.append(Series(label_of("channel", name, language), counts))
    labels = [step_text(step, asked.step) for step in steps]
    title = tr(language, "Contacts by channel")
    told = tr(
        language,
        "{n} contacts from {first} to {last}.",
        n=f"{view.sums.all['contacts']:,}",
        first=labels[0],
        last=labels[-1],
    )
    return Drawn(Plot("volumes", title, told, labels, series), "stacked", tr(language, "Period"))


def busy_hours(tally: Tally, language: str) -> Drawn:
    """Contacts opened by weekday and hour of the shop's day."""
    counts = tally.counts("at")
    series = [
        Series(tr(language, day), [float(counts.get(f"{number}-{hour}", 0)) for hour in range(24)])
        for number, day in enumerate(_WEEKDAYS)
    ]
    title = tr(language, "When contacts begin")
    busiest = next(iter(counts), "")
    told = tr(language, "By weekday and hour.")
    if busiest:
        day, hour = busiest.split("-")
        told = tr(
            language,
            "Most contacts begin on {day} at {hour}:00.",
            day=tr(language, _WEEKDAYS[int(day)]),
            hour=hour,
        )
    plot = Plot("hours", title, told, [str(hour) for hour in range(24)], series if counts else [])
    return Drawn(plot, "heat", tr(language, "Hour"))


def reasons(tally: Tally, language: str) -> Drawn:
    """Why contacts were handed over."""
    counts = tally.counts("reason")
    named = {reason_text(reason, language): count for reason, count in counts.items()}
    return _bars(
        "reasons", tr(language, "Why a person was asked for"), named, tr(language, "Reason"), language
    )


def lost_steps(tally: Tally, language: str) -> Drawn:
    """Where customers leave the assistant's dialogues: dialogue and question."""
    named = {step.replace("/", " › "): count for step, count in tally.counts("exit").items()}
    return _bars(
        "steps",
        tr(language, "Where customers leave a dialogue"),
        named,
        tr(language, "Dialogue and question"),
        language,
    )


def steps_table(tally: Tally) -> list[tuple[str, int, int, float]]:
    """(dialogue › question, asked, left there, share), the most lost first; every question that was ever asked."""
    asked, left = tally.counts("step"), tally.counts("exit")
    rows = [(step.replace("/", " › "), asked.get(step, 0), left.get(step, 0)) for step in {*asked, *left}]
    return sorted(
        ((name, number, lost, lost / number if number else 1.0) for name, number, lost in rows),
        key=lambda row: (-row[2], -row[3], row[0]),
    )


def _forecast(view: ReportView, language: str) -> list[Drawn]:
    """The forecast beside what came, where there was one."""
    found = view.sums.foretold
    if found is None or not found.days:
        return []
    return [
        Drawn(
            report_forecast.over_time(found, view.question.asked, language), "lines", tr(language, "Period")
        ),
        Drawn(report_forecast.by_hour(found, language), "lines", tr(language, "Hour")),
    ]


def _line(name: str, over_time: Mapping[date, Sums], asked: Asked, settings: Reports, language: str) -> Drawn:
    """One figure over time, with its goal."""
    labels = [step_text(step, asked.step) for step in over_time]
    title, unit, values = _values(name, list(over_time.values()), settings, language)
    figure = FIGURES.get(name)
    goal = figure.goal(settings) if figure and figure.goal else None
    say: Callable[[float], str] = lambda value: value_text(value, unit, language)  # noqa: E731
    plot = Plot(name, title, "", labels, [Series(title, values)], say)
    if unit == "seconds":
        plot = _in_readable_time(plot, language)
    if goal is not None:
        plot = replace(plot, goal=(goal.value, tr(language, "Goal: {value}", value=say(goal.value))))
    return Drawn(replace(plot, told=_told(plot, language)), "lines", tr(language, "Period"))


def _in_readable_time(plot: Plot, language: str) -> Plot:
    """The axis of seconds counts in the largest unit of which there are at least two."""
    most = max(plot.known, default=0.0)
    unit, words = next((size, words) for size, words in _TIMES if most >= 2 * size or size == 1)
    return replace(
        plot, unit=unit, tick=lambda value: tr(language, words, n=charts.plain(round(value / unit, 1)))
    )


def _values(
    name: str, sums: Sequence[Sums], settings: Reports, language: str
) -> tuple[str, Unit, list[float | None]]:
    if name == "wait_mean":
        title = tr(language, "Wait for a person by chat and telephone, mean")
        return title, "seconds", [mean_wait(each) for each in sums]
    figure = FIGURES[name]
    values = [figure.measure(each, settings).value for each in sums]
    return tr(language, figure.name), figure.unit, values


def mean_wait(sums: Sums) -> float | None:
    """Of those who stood and waited: mail and forms are left out."""
    return sums.live.share("taken_wait_s", "taken")


def _told(plot: Plot, language: str) -> str:
    known = plot.known
    if not known:
        return tr(language, "Nothing was measured.")
    return tr(language, "Between {low} and {high}.", low=plot.say(min(known)), high=plot.say(max(known)))


def _bars(name: str, title: str, counts: Mapping[str, int], first: str, language: str) -> Drawn:
    shown = dict(list(counts.items())[:_MOST_BARS])
    most = next(iter(shown), "")
    told = tr(language, "Most often: {what}.", what=most) if most else tr(language, "Nothing was measured.")
    series = [Series(tr(language, "Contacts"), [float(count) for count in shown.values()])] if shown else []
    return Drawn(Plot(name, title, told, list(shown), series), "bars", first)
