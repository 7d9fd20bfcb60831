"""From a figure to the contacts behind it: which rows are meant, a page of them, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from madoguchi.counter.callbacks.model import callback
from madoguchi.counter.problems import NotFound
from madoguchi.counter.reports.definitions import LIVE
from madoguchi.counter.reports.gathering import Asked, conditions
from madoguchi.counter.reports.model import Measured, measured_contact
from madoguchi.counter.reports.reckoning import LETTERS
from madoguchi.counter.reports.rows import measured_of
from madoguchi.counter.reports.tally import DAY_S, WEEK_S
from madoguchi.engine.database import Transaction

PAGE = 50
_row = measured_contact.c
_ASKED = _row.said_customer > 0
_DUE = or_(callback.c.started_at.is_not(None), callback.c.broken > 0)
_IN_TIME = and_(
    callback.c.started_at.is_not(None),
    callback.c.started_at <= callback.c.promised_at,
    callback.c.broken == 0,
)
_IN_PROMISE = _row.served_s <= _row.promised_high_s

Rows = Callable[[], ColumnElement[bool]]


def _by_way(name: str, rows: Rows) -> dict[str, Rows]:
    """The same rows of all ways, of the live ones, of mail and forms, of chats, of calls."""
    ways = {"live": LIVE, "letters": LETTERS, "chat": ("chat",), "phone": ("phone",)}
    of_way = {
        f"{name}_{way}": lambda channels=channels: and_(rows(), _row.channel.in_(channels))
        for way, channels in ways.items()
    }
    return {name: rows, **of_way}


# What a figure names in `behind` → its rows.
BEHIND: dict[str, Rows] = {
    "contacts": lambda: _row.id.is_not(None),
    "asked": lambda: _ASKED,
    "again_day": lambda: and_(_ASKED, _row.day_over, _row.again_s <= DAY_S),
    "again_week": lambda: and_(_ASKED, _row.week_over, _row.again_s <= WEEK_S),
    "again_kind": lambda: and_(_ASKED, _row.week_over, _row.again_kind_s <= WEEK_S),
    "cases_solved": lambda: _row.case_solved,
    **_by_way("entered", lambda: _row.entered_at.is_not(None)),
    **_by_way("taken", lambda: _row.wait_end == "taken"),
    **_by_way("late", lambda: and_(_row.wait_end.in_(("taken", "left")), _row.in_target.is_not(True))),
    **_by_way("left", lambda: _row.wait_end == "left"),
    **_by_way("left_short", lambda: _row.wait_end == "short"),
    **_by_way("out_of_promise", lambda: and_(_row.served_s.is_not(None), ~_IN_PROMISE)),
    "person": lambda: _row.agent_id != "",
    "letters": lambda: _row.channel.in_(LETTERS),
    "after_24h": lambda: _row.in_24h.is_(False),
    "letter_late": lambda: _row.letter_late.is_(True),
    "hand_over": lambda: _row.hand_over_s.is_not(None),
    "transferred": lambda: _row.transferred > 0,
    "escalated": lambda: _row.escalated,
    "reopened": lambda: _row.reopened,
    "alone": lambda: and_(_row.alone, _ASKED),
    "dropped": lambda: _row.dropped,
    "calls": lambda: _called_back(),
    "calls_made": lambda: _called_back(callback.c.calls > 0),
    "calls_late": lambda: _called_back(_DUE, ~_IN_TIME),
    "calls_broken": lambda: _called_back(callback.c.broken > 0),
    "calls_talked": lambda: _called_back(callback.c.state == "done"),
    "calls_missed": lambda: _called_back(callback.c.state == "missed"),
    "calls_cancelled": lambda: _called_back(callback.c.state == "cancelled"),
    "calls_replaced": lambda: _called_back(callback.c.state == "replaced"),
}


def _called_back(*those: ColumnElement[bool]) -> ColumnElement[bool]:
    """Contacts whose call-back is one of those."""
    return exists().where(callback.c.contact_id == _row.contact_id, *those)


def contacts_behind(
    tx: Transaction, asked: Asked, name: str, *, offset: int = 0
) -> tuple[Sequence[Measured], int]:
    """A page of the contacts behind a figure, and how many there are. Raises NotFound("unknown_figure")."""
    if name not in BEHIND:
        raise NotFound("unknown_figure")
    here = and_(*conditions(asked), BEHIND[name]())
    rows = tx.all(
        select(measured_contact).where(here).order_by(_row.opened_at.desc()).limit(PAGE).offset(offset)
    )
    number = tx.scalar(select(func.count()).select_from(measured_contact).where(here))
    return [measured_of(row) for row in rows], int(number or 0)
