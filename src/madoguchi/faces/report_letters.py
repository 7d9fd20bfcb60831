"""The mailed report: sentences, the figures as a table, charts as pictures in the mail, a link to the page.

One mail for each recipient and period; a repeat after a crash is the same mail (its Message-ID is its errand's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.reports import mails
from madoguchi.counter.reports.mails import ReportMail
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.chart_pictures import lines_png, stacked_png
from madoguchi.faces.charts import plain
from madoguchi.faces.rendering import Clockwork, environment
from madoguchi.faces.report_charts import Drawn, drawn
from madoguchi.faces.report_query import Question, address_of, question
from madoguchi.faces.report_views import FigureView, ReportView, report_view

_PICTURES = ("volumes", "within_day", "solved_day")


@dataclass(frozen=True)
class _Told:
    report: ReportMail
    name: str
    asked: Question
    view: ReportView
    charts: Sequence[Drawn]


class ReportLetters:
    """Handler of the topic `report.mail`."""

    def __init__(self, database: Database, settings: Settings, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._postman = postman
        self._zone = ZoneInfo(settings.shop.timezone)

    def send(self, errand: Errand) -> None:
        """Nothing leaves for a report that was removed, nor to somebody who is no longer with us. GiveUp says which."""
        told = self._database.read(
            self._told, errand.payload["report"], errand.payload["day"], errand.payload["agent_id"]
        )
        if told is None:
            raise GiveUp("the report or its reader is gone")
        language, span = told.report.language, told.asked.asked.span
        when = Clockwork(language, self._settings.shop.timezone, self._database.clock())
        period = f"{when.day(span.first)} – {when.day(span.last)}"
        pictures = [(each, _picture(each)) for each in told.charts if each.plot.id in _PICTURES]
        fixed = {"period": "own", "first": span.first.isoformat(), "last": span.last.isoformat()}
        if against := told.asked.against:
            fixed |= {
                "against": "own",
                "first2": against.span.first.isoformat(),
                "last2": against.span.last.isoformat(),
            }
        link = f"{self._settings.base_url}/console/reports?{address_of({**told.asked.typed, **fixed})}"
        figures = [each for family in told.view.families for each in family.figures]
        letter = self._database.read(
            compose,
            self._settings,
            "report",
            language,
            {"name": told.report.name, "period": period},
            {"figures": _text(told, figures, period, language), "link": link},
        )
        context = {
            "language": language,
            "said": letter.said,
            "told": told,
            "period": period,
            "pictures": [each for each, _ in pictures],
            "figures": figures,
            "link": link,
            "shop": self._settings.shop.name_in(language),
        }
        sender = self._settings.mail.sender
        self._postman.post(
            errand,
            Outgoing(
                to=errand.payload["address"],
                name=told.name,
                subject=letter.subject,
                text=letter.text,
                language=language,
                message_id=f"<errand-{errand.id}@{sender.rpartition('@')[2]}>",
                reply_to=sender,
                html=environment.get_template("console/report_mail.html").render(context),
                pictures=[(each.plot.id, "image/png", png) for each, png in pictures],
                automatic=True,
            ),
        )

    def _told(self, tx: Transaction, report_id: str, day: str, agent_id: str) -> _Told | None:
        report, reader = mails.find(tx, report_id), team.find(tx, agent_id)
        if report is None or reader is None or not reader.active:
            return None
        asked = question(dict(parse_qsl(report.query)), date.fromisoformat(day))
        settings = self._settings.reports
        view = report_view(tx, asked, self._zone, settings, report.language)
        return _Told(report, reader.name, asked, view, drawn(tx, view, settings, report.language))


def _picture(chart: Drawn) -> bytes:
    if chart.kind == "stacked":
        return stacked_png(chart.plot)
    return lines_png(chart.plot, _percent)


def _percent(value: float) -> str:
    return f"{plain(round(value * 100, 1))}%"


def _text(told: _Told, figures: Sequence[FigureView], period: str, language: str) -> str:
    """The mail without pictures: the sentences, every figure on a line."""
    lines = [f"{told.report.name} ({period})", "", *told.view.summary, ""]
    for each in figures:
        goal = f" ({tr(language, 'Goal')}: {each.goal_text})" if each.goal_text != "–" else ""
        change = f" [{each.change}]" if each.change and each.change != "–" else ""
        lines.append(f"- {each.name}: {each.text}{goal}{change}")
    return "\n".join(lines)
