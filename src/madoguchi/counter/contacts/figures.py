"""Week by week: how many conversations the assistant solved without a person, and whether anybody went unanswered.

Solved is strict, because turning people away would look good otherwise: no person had it, the customer was answered,
did not say "not solved", and did not come back within 72 hours, with this or with anything else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import func, select

from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.engine.database import Transaction

COMES_BACK = timedelta(hours=72)
ANSWERED_WITHIN = timedelta(minutes=10)
_PERSON = frozenset({events.HAND_OVER, events.JOINED})
_NOT_SOLVED = frozenset({events.REOPENED, events.RESOLUTION_DENIED})


@dataclass
class Week:
    """The conversations that were opened in it; those in which the customer said nothing are none.

    `too_early`: the assistant's own, of which nobody knows yet whether the customer comes back; not in `judged`.
    `closed_hours`: opened while nobody was at the desk. `unanswered`: no word of ours within ten minutes.
    """

    begins: date
    all: int = 0
    solved: int = 0
    too_early: int = 0
    closed_hours: int = 0
    unanswered: int = 0

    @property
    def judged(self) -> int:
        return self.all - self.too_early

    @property
    def share(self) -> float | None:
        """Solved without a person, of those that can be judged; None where there are none."""
        return self.solved / self.judged if self.judged else None


@dataclass
class _Course:
    """What happened in one conversation. `asked`: the customer's first word; `answered`: our first one after it."""

    person: str
    opened: datetime
    asked: datetime | None = None
    answered: datetime | None = None
    last: datetime | None = None
    kinds: set[str] = field(default_factory=set)


def by_week(tx: Transaction, *, weeks: int, zone: tzinfo, is_open: Callable[[datetime], bool]) -> list[Week]:
    """The last `weeks` weeks, from Monday in `zone`, oldest first, this one included."""
    monday = _monday(tx.now, zone)
    found = {day: Week(day) for day in (monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))}
    since = datetime.combine(min(found), datetime.min.time(), zone)
    courses = [course for course in _courses(tx, since) if course.asked is not None]
    opened = defaultdict(list)
    for course in courses:
        opened[course.person].append(course.opened)
    for times in opened.values():
        times.sort()
    for course in courses:
        _count(found[_monday(course.opened, zone)], course, opened[course.person], tx.now, is_open)
    return list(found.values())


def _count(
    week: Week, course: _Course, opened: list[datetime], now: datetime, is_open: Callable[[datetime], bool]
) -> None:
    assert course.asked is not None and course.last is not None
    week.all += 1
    week.closed_hours += not is_open(course.opened)
    in_time = course.answered is not None and course.answered - course.asked <= ANSWERED_WITHIN
    week.unanswered += not in_time and now - course.asked > ANSWERED_WITHIN
    if course.kinds & (_PERSON | _NOT_SOLVED) or course.answered is None:
        return
    place = bisect_right(opened, course.opened)
    if place < len(opened) and opened[place] <= course.last + COMES_BACK:
        return
    if now < course.last + COMES_BACK:
        week.too_early += 1
    else:
        week.solved += 1


def _courses(tx: Transaction, since: datetime) -> Iterable[_Course]:
    rows = tx.all(
        select(contact.c.id, contact.c.customer_id, contact.c.visitor_id, contact.c.opened_at).where(
            contact.c.opened_at >= since
        )
    )
    courses = {row.id: _Course(row.customer_id or row.visitor_id, row.opened_at) for row in rows}
    facts = tx.all(
        select(
            ledger_entry.c.contact_id,
            ledger_entry.c.kind,
            ledger_entry.c.author_kind,
            func.min(ledger_entry.c.at).label("first"),
            func.max(ledger_entry.c.at).label("last"),
        )
        .join(contact, contact.c.id == ledger_entry.c.contact_id)
        .where(
            contact.c.opened_at >= since,
            ledger_entry.c.kind.in_((events.MESSAGE, *_PERSON, *_NOT_SOLVED)),
        )
        .group_by(ledger_entry.c.contact_id, ledger_entry.c.kind, ledger_entry.c.author_kind)
    )
    ours = defaultdict(list)
    for fact in facts:
        course = courses[fact.contact_id]
        course.kinds.add(fact.kind)
        if fact.kind != events.MESSAGE:
            continue
        course.last = max(course.last or fact.last, fact.last)
        if fact.author_kind == "customer":
            course.asked = fact.first
        else:
            ours[fact.contact_id].append(fact)
    for contact_id, said in ours.items():
        asked = courses[contact_id].asked
        moments = [
            each.first if each.first >= asked else each.last for each in said if asked and each.last >= asked
        ]
        courses[contact_id].answered = min(moments, default=None)
    return courses.values()


def _monday(moment: datetime, zone: tzinfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
