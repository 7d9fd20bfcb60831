"""The ways to reach us on a page, each with what can be expected now, and what travels along with the customer (CH-003).

Problem, order, item, words and the steps tried go along whichever way is chosen (WCAG 3.3.7, CH-016).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.hours import desk_hours
from madoguchi.counter.routing import quiet
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queues import GENERAL
from madoguchi.engine.database import Database
from madoguchi.faces.customer.preparing import needs_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import with_query
from madoguchi.faces.ways import Choices, choices
from madoguchi.faces.wording import wait_text
from madoguchi.kit.languages import colon

CONTACT = "/help/contact"
FORM = "/help/form"

_traffic: WeakKeyDictionary[Database, tuple[datetime, quiet.Traffic]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Desk:
    """People at the desk: `served` now, or from `opens_at`, and the wait in words. Neither: open, but nobody is free."""

    served: bool
    opens_at: datetime | None
    hours_text: str
    wait_text: str


@dataclass(frozen=True)
class Luggage:
    """What goes along. `done`: the steps tried; `case`: the enquiry that is gone on with (CH-056)."""

    order: str = ""
    problem: str = ""
    item: str = ""
    case: str = ""
    guide: str = ""
    done: tuple[str, ...] = ()

    @classmethod
    def of(cls, visit: Visit) -> Luggage:
        """As a form that was sent has it, else as the page's address."""
        form, query = visit.form, visit.request.query_params

        def value(name: str, longest: int) -> str:
            return ((form.value(name) if form.sent else "") or query.get(name, ""))[:longest]

        done = form.values("done") if form.sent else query.getlist("done")
        return cls(
            value("order", 60),
            value("problem", 80) or value("topic", 80),
            value("item", 200),
            value("case", 20),
            value("guide", 60),
            tuple(step[:60] for step in done[:20]),
        )

    def link(self, path: str, **more: str) -> str:
        """`path` with all of it."""
        address = with_query(
            path,
            topic=self.problem,
            order=self.order,
            item=self.item,
            case=self.case,
            guide=self.guide,
            **more,
        )
        steps = "&".join(f"done={quote(step)}" for step in self.done)
        return f"{address}{'&' if '?' in address else '?'}{steps}" if steps else address


def desk_now(visit: Visit) -> Desk:
    hours = desk_hours(visit.settings)
    now = visit.clock()
    open_now = hours.is_open(now)
    wait = visit.house.database.read(before_joining, GENERAL, visit.language, Rules.of(visit.settings))
    return Desk(
        served=open_now and wait.open,
        opens_at=None if open_now else hours.next_opening(now),
        hours_text=hours.text(visit.language),
        wait_text=wait_text(wait, now, hours.timezone, visit.language),
    )


def quiet_hint(visit: Visit) -> str:
    """When it is busy and when it is quiet, counted anew once an hour (QUE-005)."""
    database, now = visit.house.database, visit.clock()
    counted_at, found = _traffic.get(database, (None, None))
    if found is None or counted_at is None or not timedelta(0) <= now - counted_at < timedelta(hours=1):
        found = database.read(quiet.traffic, visit.zone)
        _traffic[database] = (now, found)
    hours = desk_hours(visit.settings)
    midnight = now.astimezone(visit.zone).replace(hour=0, minute=30, second=0, microsecond=0)
    week = [midnight + timedelta(hours=hour) for hour in range(24 * 7)]
    return quiet.text(found, {moment.hour for moment in week if hours.is_open(moment)}, visit.language)


def choices_now(visit: Visit, problem: str = "", *, calls: bool = True) -> Choices:
    """Every way, for this visitor and this problem, at this moment."""
    actor = visit.principal.actor if visit.principal else None
    return visit.house.database.read(choices, visit.settings, actor, visit.language, problem, calls=calls)


def ways(visit: Visit, luggage: Luggage | None = None, **parts: Any) -> dict[str, Any]:
    """What the block 「ご希望の方法」 shows. `parts`: order, problem, item … where there is no luggage yet."""
    luggage = luggage or Luggage(**parts)
    return {
        "desk": desk_now(visit),
        "luggage": luggage,
        "choices": choices_now(visit, luggage.problem),
        "form": luggage.link(FORM),
        "more": luggage.link(CONTACT),
        "person": luggage.link("/person"),
        "needs": needs_of(visit, luggage.problem, luggage.order) if luggage.problem else [],
        "quiet": quiet_hint(visit),
        "mail": mail_link(visit, luggage),
    }


def mail_link(visit: Visit, luggage: Luggage, text: str = "") -> str:
    """`mailto:` with the subject, the order and the words that are there already."""
    address = visit.settings.shop.mail_address
    if not address:
        return ""
    about = category_label(luggage.problem, visit.language)
    mark = colon(visit.language)
    lines = [
        f"{visit.t('About')}{mark}{about}" if about else "",
        f"{visit.t('Order number')}{mark}{luggage.order}" if luggage.order else "",
        f"{visit.t('Item')}{mark}{luggage.item}" if luggage.item else "",
        f"{visit.t('Enquiry number')}{mark}{luggage.case}" if luggage.case else "",
    ]
    body = "\r\n".join([*filter(None, lines), "", text])
    subject = " ".join(filter(None, [luggage.case, about or visit.t("Enquiry"), luggage.order]))
    return f"mailto:{address}?subject={quote(subject)}&body={quote(body)}"
