"""What the house does four times a minute beside everything else: a list of named steps, of which none stops another.

A step that fails is logged, tried again in the next round, and noted as failing (engine/pulse.py), from which the live
board's alerts tell of it until it works again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from madoguchi.channels.form import drafts
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.cases import overdue, telling
from madoguchi.counter.customers import codes, sign_ins
from madoguchi.counter.customers.account_desk import HISTORY_DAYS, AccountDesk
from madoguchi.counter.hours import holidays_of
from madoguchi.counter.inbox import news_mails
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.reports import mails as report_mails
from madoguchi.counter.routing import forecasting
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.supervision.health import STEP
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.trust import service as trust
from madoguchi.engine import pulse
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Step:
    """`do` may call out: it runs outside of every transaction, in a thread."""

    name: str
    do: Callable[[], object]


class Settling:
    """`round()` takes every step once, in their order."""

    def __init__(self, database: Database, steps: Sequence[Step]) -> None:
        self._database = database
        self._steps = tuple(steps)
        self._known_to_work: set[str] = set()  # by this process, so that health is written when it changes

    def round(self) -> list[str]:
        """Returns the names of the steps that failed."""
        return [step.name for step in self._steps if not self._take(step)]

    def _take(self, step: Step) -> bool:
        try:
            step.do()
        except Exception as error:
            log.exception("settling.step_failed", step=step.name)
            self._known_to_work.discard(step.name)
            with contextlib.suppress(Exception):  # a database that cannot be written has its own alarms
                self._database.write(pulse.failed, STEP + step.name, error)
            return False
        if step.name not in self._known_to_work:
            with contextlib.suppress(Exception):
                self._database.write(pulse.worked, STEP + step.name)
                self._known_to_work.add(step.name)
        return True


def steps_of(
    database: Database, settings: Settings, orders: OrderDesk, accounts: AccountDesk, calls: CallDesk
) -> list[Step]:
    """The house's own steps. Their names are what alerts call them."""
    write = database.write
    language, zone = settings.shop.languages[0], ZoneInfo(settings.shop.timezone)
    survey_rules, holidays = surveys.Rules.of(settings), holidays_of(settings)
    notice_every = timedelta(hours=settings.investigation.notice_hours)
    stalled_after = timedelta(days=settings.promises.stalled_days)
    routing_rules, gathered = Rules.of(settings), timedelta(minutes=settings.desk.news_mail_minutes)
    return [
        Step("order_deeds", orders.resolve_unknown),
        Step("account_deeds", accounts.resolve_unknown),
        Step("old_codes", lambda: write(codes.forget_old)),
        Step(
            "old_sign_ins",
            lambda: write(sign_ins.forget_old, database.clock() - timedelta(days=HISTORY_DAYS)),
        ),
        Step("old_trust_rows", lambda: write(trust.forget_old)),
        Step("old_form_drafts", lambda: write(drafts.forget_old)),
        Step("overdue_work", lambda: write(overdue.alert, language, zone)),
        Step("report_mails", lambda: write(report_mails.put_due, zone)),
        Step("surveys_begun", lambda: write(surveys.begin_due, survey_rules)),
        Step("surveys_by_mail", lambda: write(surveys.ask_by_mail, survey_rules)),
        Step("investigations_told", lambda: write(telling.investigated, notice_every)),
        Step("stalled_cases_told", lambda: write(telling.stalled, stalled_after)),
        Step("old_numbers", calls.forget_old),
        Step("news_mails", lambda: _mail_news(database, routing_rules, gathered)),
        Step("forecasts", lambda: write(forecasting.make_due, zone, holidays)),
    ]


def _mail_news(database: Database, rules: Rules, gathered: timedelta) -> None:
    """To agents who are away, each in a transaction of its own."""
    for agent_id in database.read(news_mails.due, rules, gathered):
        database.write(news_mails.put, agent_id, rules, gathered)
