"""The verbs of a case: open, classify, wait, resolve, confirm or deny, re-open, rate. None commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.cases import categories, events, numbers, policy, promises, queries, telling
from madoguchi.counter.cases.links import link_following
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.rows import change as _set
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.customers.model import Segment
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

WISHES = (
    "return",
    "refund",
    "exchange",
    "reship",
    "cancel",
    "explanation",
    "suspension",
    "investigation",
)
_LONGEST_COMMENT = 2000
_SOONEST = 2  # below the emergencies


def open_case(
    tx: Transaction,
    customer_id: str | None,
    visitor_id: str,
    category: str = "",
    order_number: str = "",
    *,
    wish: str = "",
    follows: Case | None = None,
    number: int | None = None,
) -> Case:
    """Open a case under the next number, or the reserved one. Raises Invalid for an unknown category or wish."""
    _check(category, wish)
    case_id = new_id("case")
    segments = _segments(tx, customer_id)
    tx.execute(
        insert(case_file).values(
            id=case_id,
            number=number or numbers.next_number(tx),
            customer_id=customer_id,
            visitor_id=visitor_id,
            category=category,
            order_number=order_number,
            wish=wish,
            priority=_urgency(category, segments),
            state="open",
            summary={"follows": follows.label} if follows else {},
            opened_at=tx.now,
            promised_at=promises.due_at(category, tx.now, segments),
            comment="",
            updated_at=tx.now,
        )
    )
    if follows:
        link_following(tx, case_id, follows.id)
    return queries.get(tx, case_id)


def classify(
    tx: Transaction,
    case_id: str,
    *,
    category: str | None = None,
    order_number: str | None = None,
    wish: str | None = None,
    summary: dict[str, Any] | None = None,
) -> Case:
    """What the case is about, as known by now; None leaves a field. Priority and due time follow the category."""
    _check(category or "", wish or "")
    before = queries.get_for_update(tx, case_id)
    values: dict[str, Any] = {}
    if category is not None and category != before.category:
        segments = _segments(tx, before.customer_id)
        values |= {
            "category": category,
            "priority": _urgency(category, segments),
            "promised_at": promises.due_at(category, before.opened_at, segments),
        }
    if order_number is not None:
        values["order_number"] = order_number
    if wish is not None:
        values["wish"] = wish
    if summary is not None:
        kept = {
            key: before.summary[key]
            for key in ("follows", "rated_at", "overdue_since")
            if key in before.summary
        }
        values["summary"] = {**summary, **kept}
    return _set(tx, case_id, **values) if values else before


def adopt(tx: Transaction, visitor_id: str, customer_id: str) -> list[Case]:
    """After a sign-in: cases that this very session's visitor opened as nobody become the customer's (S-14)."""
    own = queries.of_visitor(tx, visitor_id, limit=1000)
    segments = _segments(tx, customer_id)
    return [
        _set(
            tx,
            case.id,
            customer_id=customer_id,
            priority=_urgency(case.category, segments),
            promised_at=promises.due_at(case.category, case.opened_at, segments),
        )
        for case in own
    ]


def wait_for_us(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """The customer has spoken, or a person was asked for."""
    return _move(tx, case_id, "wait_for_us", by)


def wait_for_customer(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """We have answered and need the customer's word."""
    return _move(tx, case_id, "wait_for_customer", by)


def wait_for_third_party(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """A carrier, a bank, a maker has to answer first."""
    return _move(tx, case_id, "wait_for_third_party", by)


def investigate(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """We look into it, and the customer hears from us while we do (CASE-016)."""
    return _move(tx, case_id, "investigate", by)


def resolve(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """Solved in our eyes; the customer confirms or denies. Raises Conflict("case_state")."""
    return _move(tx, case_id, "resolve", by, resolved_at=tx.now)


def confirm_resolution(tx: Transaction, case_id: str, by: Actor) -> Case:
    """The customer says that it is solved."""
    return _move(tx, case_id, "confirm", by, closed_at=tx.now, solved=1)


def deny(tx: Transaction, case_id: str, by: Actor) -> Case:
    """The customer says that it is not solved."""
    return _move(tx, case_id, "deny", by, resolved_at=None, solved=0)


def close(tx: Transaction, case_id: str, by: Actor = SYSTEM) -> Case:
    """Nobody has objected in time; whether it was solved stays unknown."""
    return _move(tx, case_id, "close", by, closed_at=tx.now)


def reopen(tx: Transaction, case_id: str, reopen_days: int, by: Actor = SYSTEM) -> Case:
    """Go on with a solved case; later than `reopen_days` after its solution a new case follows it (CASE-011).

    Returns the case that goes on, which may be the new one. A case that is still live is returned as it is.
    """
    seen = queries.going_on(tx, queries.get_for_update(tx, case_id))
    if policy.is_live(seen.state):
        return seen
    if policy.may_reopen(seen.resolved_at or seen.closed_at, tx.now, reopen_days):
        return _move(tx, seen.id, "reopen", by, resolved_at=None, closed_at=None)
    return open_case(
        tx,
        seen.customer_id,
        seen.visitor_id,
        seen.category,
        seen.order_number,
        wish=seen.wish,
        follows=seen,
    )


def rate(
    tx: Transaction, case_id: str, *, score: int | None, solved: bool | None, comment: str, by: Actor
) -> Case:
    """The customer's judgement: `score` 1–5 or None. Once; it may be changed for 24 hours. Raises Conflict, Invalid."""
    if score is not None and not 1 <= score <= 5:
        raise Invalid("score_out_of_range", field="score")
    if len(comment) > _LONGEST_COMMENT:
        raise Invalid("comment_too_long", field="comment", longest=_LONGEST_COMMENT)
    seen = queries.get_for_update(tx, case_id)
    first = seen.summary.get("rated_at")
    rated_at = datetime.fromisoformat(first) if first else None
    if not policy.may_rate(seen.state, rated_at, tx.now):
        raise Conflict("rating_closed" if rated_at else "case_state", state=seen.state)
    values: dict[str, Any] = {"score": score, "comment": comment}
    if solved is not None:
        values["solved"] = int(solved)
    _audit(tx, by, "case.rated", case_id, score=score, solved=solved)
    return _set(tx, case_id, summary={**seen.summary, "rated_at": first or tx.now.isoformat()}, **values)


def _move(tx: Transaction, case_id: str, deed: policy.Deed, by: Actor = SYSTEM, **values: Any) -> Case:
    seen = queries.get_for_update(tx, case_id)
    state = policy.next_state(seen.state, deed)
    if state is None:
        raise Conflict("case_state", state=seen.state, deed=deed)
    if state == seen.state and not values:
        return seen
    _audit(tx, by, f"case.{state}", case_id, deed=deed)
    if state != seen.state:
        step = {"from": seen.state, "to": state, "deed": deed}
        events.note(tx, case_id, events.MOVED, step, by, public=True)
        telling.moved(tx, seen, state, by)
    return _set(tx, case_id, state=state, **values)


def _urgency(category: str, segments: Collection[str]) -> int:
    """One class sooner where a sooner time is promised; emergencies are the same for everybody."""
    usual = categories.priority_of(category)
    sooner = any(name in promises.service_classes() for name in segments)
    return max(_SOONEST, usual - 1) if sooner and usual > _SOONEST else usual


def _segments(tx: Transaction, customer_id: str | None) -> list[Segment]:
    found = customers.find(tx, customer_id) if customer_id else None
    return found.segments if found else []


def _check(category: str, wish: str) -> None:
    if category and not categories.is_category(category):
        raise Invalid("unknown_category", field="category")
    if wish and wish not in WISHES:
        raise Invalid("unknown_wish", field="wish")


def _audit(tx: Transaction, by: Actor, action: str, case_id: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="case",
        object_id=case_id,
        **detail,
    )
