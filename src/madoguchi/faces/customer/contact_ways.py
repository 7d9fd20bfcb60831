"""The ways to reach us on a page, each with what can be expected now, and what travels along with the customer (CH-003).

Problem, order, item, words and the steps tried go along whichever way is chosen (WCAG 3.3.7, CH-016).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from madoguchi.counter.calendars.loading import load
from madoguchi.counter.callbacks.rules import is_on
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.hours import Hours, closed_text
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.positions import before_joining
from madoguchi.counter.routing.queues import GENERAL
from madoguchi.faces.best_time import BestTime, best_time, is_busy_now
from madoguchi.faces.customer.preparing import needs_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import with_query
from madoguchi.faces.ways import Choices, choices
from madoguchi.faces.wording import wait_text
from madoguchi.kit.languages import colon

CONTACT = "/help/contact"
FORM = "/help/form"
CALLBACK = "/help/callback"


@dataclass(frozen=True)
class Desk:
    """People at the desk: `served` now, or from `opens_at`, and the wait in words. Neither: open, but nobody is free.

    `why`: the holiday or exception for which it is closed, in words.
    """

    served: bool
    opens_at: datetime | None
    hours_text: str
    wait_text: str
    why: str = ""


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


def people_hours(visit: Visit) -> Hours:
    """When people answer a chat in the reader's language."""
    found = visit.house.database.read(load, visit.settings)
    return found.hours_for(channel="chat", language=visit.language)


def desk_now(visit: Visit) -> Desk:
    hours = people_hours(visit)
    now = visit.clock()
    open_now = hours.is_open(now)
    wait = visit.house.database.read(before_joining, GENERAL, visit.language, Rules.of(visit.settings))
    return Desk(
        served=open_now and wait.open,
        opens_at=None if open_now else hours.next_opening(now),
        hours_text=hours.text(visit.language),
        wait_text=wait_text(wait, now, hours.timezone, visit.language),
        why=closed_text(hours.closed_for(now), visit.language),
    )


def best_time_now(visit: Visit) -> BestTime:
    """When it is busy and when it is quiet, for who reads this (QUE-005)."""
    return best_time(visit.house.database, visit.settings, people_hours(visit), visit.language)


def choices_now(visit: Visit, problem: str = "", *, calls: bool = True) -> Choices:
    """Every way, for this visitor and this problem, at this moment."""
    actor = visit.principal.actor if visit.principal else None
    phone = visit.house.database.read(load, visit.settings).hours_for(
        channel="phone", language=visit.language
    )
    return visit.house.database.read(
        choices,
        visit.settings,
        actor,
        visit.language,
        problem,
        calls=calls,
        phone_busy=is_busy_now(visit.house.database, visit.settings, phone),
    )


def ways(visit: Visit, luggage: Luggage | None = None, **parts: Any) -> dict[str, Any]:
    """What the block 「ご希望の方法」 shows. `parts`: order, problem, item … where there is no luggage yet."""
    luggage = luggage or Luggage(**parts)
    return {
        "desk": desk_now(visit),
        "luggage": luggage,
        "choices": choices_now(visit, luggage.problem),
        "form": luggage.link(FORM),
        "callback": luggage.link(CALLBACK) if is_on(visit.settings_now) else "",
        "more": luggage.link(CONTACT),
        "person": luggage.link("/person"),
        "needs": needs_of(visit, luggage.problem, luggage.order) if luggage.problem else [],
        "best_time": best_time_now(visit),
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
