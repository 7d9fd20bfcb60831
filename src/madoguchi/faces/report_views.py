"""A report as its readers see it: sentences first, then figures with definitions, goals and comparison, then tables.

Console, mail and API show the same view; nothing here draws or knows of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from madoguchi.counter.reports import gathering
from madoguchi.counter.reports.definitions import Family, Figure, Goal, Sums, Value
from madoguchi.counter.reports.families import FAMILIES, FIGURES
from madoguchi.counter.reports.families.costs import known_costs
from madoguchi.counter.reports.gathering import Asked
from madoguchi.counter.reports.model import Dimension
from madoguchi.counter.reports.tally import Tally
from madoguchi.counter.routing import queues
from madoguchi.engine.database import Transaction
from madoguchi.engine.report_sections import Reports
from madoguchi.engine.texts import tr
from madoguchi.faces.report_query import Question
from madoguchi.faces.report_words import change_text, goal_text, label_of, value_text
from madoguchi.kit.languages import gap

# The columns of the table by channel, kind, …
COLUMNS = ("contacts", "within_day", "wait_p80", "service_level", "abandoned", "handling_mean", "solved_day", "again_week")  # fmt: skip
_WATCHED: tuple[Dimension, ...] = ("channel", "kind")  # in which late answers are an alarm (QLT-001)
FEWEST = 5  # contacts below which a group misses no goal: one late answer would be an alarm


@dataclass(frozen=True)
class FigureView:
    """One figure, in words. `met`: None without a goal or a value. `before`, `change`: of the period compared with."""

    id: str
    name: str
    told: str
    value: float | None
    text: str
    count: int
    unit: str
    goal_text: str
    met: bool | None
    before: float | None
    before_text: str
    change: str
    source: str
    behind: str


@dataclass(frozen=True)
class FamilyView:
    id: str
    name: str
    figures: Sequence[FigureView]


@dataclass(frozen=True)
class GroupRow:
    """`key`: the value of the dimension. `values`: of `COLUMNS`. `alarm`: answered too late, under its goal."""

    key: str
    label: str
    values: Sequence[Value]
    texts: Sequence[str]
    alarm: bool


@dataclass(frozen=True)
class ReportView:
    """`sums`, `before`: what everything was reckoned from, for charts and tables."""

    question: Question
    sums: Sums
    before: Sums | None
    summary: Sequence[str]
    families: Sequence[FamilyView]
    columns: Sequence[str]
    groups: Sequence[GroupRow]
    costs: Sequence[tuple[str, str]]
    queues: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not self.sums.all["contacts"]


def report_view(
    tx: Transaction, asked: Question, zone: ZoneInfo, settings: Reports, language: str
) -> ReportView:
    """The whole report, but for what is drawn over time (report_charts.py)."""
    names = {each.id: each.label(language) for each in queues.queues(tx)}
    sums = gathering.gather(tx, asked.asked, zone)
    before = gathering.gather(tx, asked.against, zone) if asked.against else None
    families = [_family(each, sums, before, asked, settings, language) for each in FAMILIES]
    groups = groups_of(tx, asked.asked, asked.by, settings, language, names)
    alarms = [
        label
        for name in _WATCHED
        for label in sorted(
            label_of(name, key, language, names)
            for key, tally in gathering.by(tx, asked.asked, name, words=False).items()
            if _alarm(tally, settings)
        )
    ]
    return ReportView(
        question=asked,
        sums=sums,
        before=before,
        summary=_summary(sums, before, families, alarms, settings, language),
        families=families,
        columns=[tr(language, FIGURES[name].name) for name in COLUMNS],
        groups=groups,
        costs=_costs(sums, settings, language),
        queues=names,
    )


def family_view(
    tx: Transaction, family: Family, asked: Question, zone: ZoneInfo, settings: Reports, language: str
) -> FamilyView:
    """One family of the report alone."""
    sums = gathering.gather(tx, asked.asked, zone)
    before = gathering.gather(tx, asked.against, zone) if asked.against else None
    return _family(family, sums, before, asked, settings, language)


def figure_view(
    figure: Figure, sums: Sums, before: Sums | None, settings: Reports, language: str
) -> FigureView:
    found = figure.measure(sums, settings)
    then = figure.measure(before, settings) if before else None
    goal = figure.goal(settings) if figure.goal else None
    return FigureView(
        id=figure.id,
        name=tr(language, figure.name),
        told=tr(language, figure.told),
        value=found.value,
        text=value_text(found.value, figure.unit, language, settings.currency),
        count=found.count,
        unit=figure.unit,
        goal_text=goal_text(goal, figure.unit, language),
        met=_met(goal, found),
        before=then.value if then else None,
        before_text=value_text(then.value, figure.unit, language, settings.currency) if then else "",
        change=change_text(found.value, then.value, figure.unit, language) if then else "",
        source=figure.source,
        behind=figure.behind,
    )


def groups_of(
    tx: Transaction, asked: Asked, by: Dimension, settings: Reports, language: str, names: dict[str, str]
) -> list[GroupRow]:
    """The report's contacts by a dimension, most contacts first."""
    rows = []
    for key, alone in gathering.apart(tx, asked, by).items():
        values = [FIGURES[name].measure(alone, settings) for name in COLUMNS]
        texts = [
            value_text(value.value, FIGURES[name].unit, language)
            for name, value in zip(COLUMNS, values, strict=True)
        ]
        rows.append(
            GroupRow(key, label_of(by, key, language, names), values, texts, _alarm(alone.all, settings))
        )
    return sorted(rows, key=lambda row: (-(row.values[0].value or 0), row.label))


def _alarm(tally: Tally, settings: Reports) -> bool:
    share = tally.share("in_24h", "judged_24h")
    return share is not None and tally["judged_24h"] >= FEWEST and share < settings.within_day


def _family(
    family: Family, sums: Sums, before: Sums | None, asked: Question, settings: Reports, language: str
) -> FamilyView:
    channel = asked.asked.where.get("channel")
    shown = [
        each for each in family.figures if not each.channels or channel is None or channel in each.channels
    ]
    return FamilyView(
        family.id,
        tr(language, family.name),
        [figure_view(each, sums, before, settings, language) for each in shown],
    )


def _met(goal: Goal | None, found: Value) -> bool | None:
    return None if goal is None or found.value is None else goal.met(found.value)


def _summary(
    sums: Sums,
    before: Sums | None,
    families: Sequence[FamilyView],
    alarms: Sequence[str],
    settings: Reports,
    language: str,
) -> list[str]:
    """The report in a few sentences, the most important first."""
    whole = sums.all
    if not whole["contacts"]:
        return [tr(language, "Nobody contacted us in this period, or nobody whom these filters mean.")]
    figures = {each.id: each for family in families for each in family.figures}
    said = [_how_many(whole, before, language)]
    if (day := figures.get("within_day")) and day.value is not None:
        words = (
            "{share} were answered within 24 hours, as it should be ({goal})."
            if day.met
            else "Only {share} were answered within 24 hours; it should be {goal}."
        )
        said.append(tr(language, words, share=day.text, goal=day.goal_text))
    if (solved := figures.get("solved_week")) and solved.value is not None:
        said.append(
            tr(
                language,
                "The AI assistant solved {share} so that nobody came back within a week.",
                share=solved.text,
            )
        )
    missed = [each.name for each in figures.values() if each.met is False]
    if missed:
        said.append(
            tr(language, "Goals that were missed: {figures}.", figures=tr(language, ", ").join(missed))
        )
    else:
        said.append(tr(language, "No goal was missed."))
    if alarms:
        where = tr(language, ", ").join(alarms)
        said.append(tr(language, "Answers come too late in: {where}.", where=where))
    return said


def _how_many(whole: Tally, before: Sums | None, language: str) -> str:
    words = tr(language, "There were {n} contacts.", n=f"{whole['contacts']:,}")
    if before is None:
        return words
    then = before.all["contacts"]
    change = change_text(whole["contacts"], then, "count", language)
    return (
        words
        + gap(language)
        + tr(language, "In the period compared with: {n} ({change}).", n=f"{then:,}", change=change)
    )


def _costs(sums: Sums, settings: Reports, language: str) -> list[tuple[str, str]]:
    """Channel and what it cost; unknown is said."""
    return [
        (
            label_of("channel", channel, language),
            tr(language, "Unknown")
            if cost is None
            else value_text(cost, "money", language, settings.currency),
        )
        for channel, cost in sorted(known_costs(sums.by_channel, settings).items())
    ]
