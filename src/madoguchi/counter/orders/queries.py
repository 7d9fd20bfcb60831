"""Reading proposals, and the state of refunds as people ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from madoguchi.counter.orders import refund_clock
from madoguchi.counter.orders.model import Decision, Order, Proposal, Refund, ReturnRecord, Tender
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.tables import proposal as proposal_table
from madoguchi.counter.problems import NotFound
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction

RefundStage = Literal["awaiting_goods", "checking", "requested", "sent", "done", "failed"]


@dataclass(frozen=True)
class RefundStatus:
    """Where one refund stands. `earliest`/`latest`: when the customer has it; None while the goods are not back.

    `late`: the last day is over and it is not done (PAY-005). Amounts in minor units of the order's currency.
    """

    id: str
    stage: RefundStage
    amount: int
    tender: Tender | None
    label: str
    started_at: datetime
    earliest: date | None = None
    latest: date | None = None
    statement_by: date | None = None
    done_at: datetime | None = None
    late: bool = False
    return_id: str | None = None


def proposal(tx: Transaction, proposal_id: str) -> Proposal:
    """Raises NotFound."""
    row = tx.first(select(proposal_table).where(proposal_table.c.id == proposal_id))
    if row is None:
        raise NotFound("proposal_not_found")
    return _proposal(dict(row._mapping))


def proposals_of_order(tx: Transaction, order_number: str, *, limit: int = 50) -> list[Proposal]:
    """Newest first."""
    wanted = select(proposal_table).where(proposal_table.c.order_number == order_number)
    rows = tx.all(wanted.order_by(proposal_table.c.id.desc()).limit(limit))
    return [_proposal(dict(row._mapping)) for row in rows]


def orders_returned(tx: Transaction, since: datetime, *, limit: int = 5000) -> list[str]:
    """Numbers of the orders of which a return was accepted since then, the newest first."""
    done = (proposal_table.c.action == "return", proposal_table.c.state == "done")
    rows = tx.all(
        select(proposal_table.c.order_number)
        .where(*done, proposal_table.c.finished_at >= since)
        .order_by(proposal_table.c.finished_at.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(row.order_number for row in rows))


def orders_held(tx: Transaction, *, limit: int = 200) -> list[str]:
    """Numbers of the orders that were held, the newest first; some of them have been released since."""
    held = (proposal_table.c.action == "hold", proposal_table.c.state == "done")
    wanted = select(proposal_table.c.order_number).where(*held)
    rows = tx.all(wanted.order_by(proposal_table.c.finished_at.desc()).limit(limit))
    return list(dict.fromkeys(row.order_number for row in rows))


def awaiting_approval(tx: Transaction, *, limit: int = 100) -> list[Proposal]:
    """What waits for an agent or a supervisor, oldest first."""
    wanted = select(proposal_table).where(
        proposal_table.c.state == "awaiting_approval", proposal_table.c.expires_at > tx.now
    )
    rows = tx.all(wanted.order_by(proposal_table.c.confirmed_at).limit(limit))
    return [_proposal(dict(row._mapping)) for row in rows]


def awaiting_of_orders(tx: Transaction, numbers: Sequence[str]) -> list[Proposal]:
    """What waits for an approver in any of these orders, the oldest first."""
    here = (proposal_table.c.order_number.in_(list(numbers)), proposal_table.c.state == "awaiting_approval")
    rows = tx.all(select(proposal_table).where(*here).order_by(proposal_table.c.created_at))
    return [_proposal(dict(row._mapping)) for row in rows]


def unresolved(tx: Transaction, confirmed_before: datetime, *, limit: int = 100) -> list[Proposal]:
    """Deeds whose end nobody has written down: the answer was lost, or the process that asked died."""
    wanted = select(proposal_table).where(
        proposal_table.c.state.in_(("executing", "unknown")),
        proposal_table.c.confirmed_at <= confirmed_before,
    )
    rows = tx.all(wanted.order_by(proposal_table.c.confirmed_at).limit(limit))
    return [_proposal(dict(row._mapping)) for row in rows]


def order_number_of(tx: Transaction, proposal_id: str) -> str:
    """Raises NotFound."""
    number = tx.scalar(select(proposal_table.c.order_number).where(proposal_table.c.id == proposal_id))
    if number is None:
        raise NotFound("proposal_not_found")
    return str(number)


def key_taken(tx: Transaction, key: str, proposal_id: str) -> bool:
    """Whether another proposal was confirmed with this key."""
    other = select(proposal_table.c.id).where(
        proposal_table.c.confirm_key == key, proposal_table.c.id != proposal_id
    )
    return tx.first(other.limit(1)) is not None


def receipt_issued(tx: Transaction, order_number: str) -> bool:
    wanted = select(audit.c.seq).where(
        audit.c.object_kind == "order", audit.c.object_id == order_number, audit.c.action == "receipt.issued"
    )
    return tx.first(wanted.limit(1)) is not None


def refund_statuses(order: Order, rules: Rules, now: datetime, marketplace: bool) -> list[RefundStatus]:
    """Refunds of an order, those that wait for goods first (PAY-002, PAY-005, PAY-011)."""
    waiting = [
        _of_return(order, record, rules, now, marketplace)
        for record in order.returns
        if record.wish == "refund"
        and record.refund_id is None
        and record.state not in ("refunded", "refused")
    ]
    return waiting + [_of_refund(refund, rules, now) for refund in order.refunds]


def _of_refund(refund: Refund, rules: Rules, now: datetime) -> RefundStatus:
    clock = refund_clock.expected(refund.tender, refund.at, rules)
    today = now.astimezone(rules.zone).date()
    last = clock.statement_by or clock.latest
    return RefundStatus(
        id=refund.id,
        stage=refund.state,
        amount=refund.amount,
        tender=refund.tender,
        label=refund.label,
        started_at=refund.at,
        earliest=clock.earliest,
        latest=clock.latest,
        statement_by=clock.statement_by,
        done_at=refund.done_at,
        late=refund.state in ("requested", "sent") and today > last,
    )


def _of_return(
    order: Order, record: ReturnRecord, rules: Rules, now: datetime, marketplace: bool
) -> RefundStatus:
    tender: Tender | None = "gift_card" if record.refund_to == "gift_card" else _main_tender(order)
    stage: RefundStage = "checking" if record.received_at else "awaiting_goods"
    base = RefundStatus(
        id=record.id,
        stage=stage,
        amount=record.refund_amount,
        tender=tender,
        label="",
        started_at=record.received_at or record.at,
        return_id=record.id,
    )
    if record.received_at is None or tender is None:
        return base
    clock = refund_clock.expected_after_arrival(tender, record.received_at, rules, marketplace=marketplace)
    _, sent_by = refund_clock.sent_after_arrival(record.received_at, rules, marketplace=marketplace)
    late = now.astimezone(rules.zone).date() > sent_by
    dates = {"earliest": clock.earliest, "latest": clock.latest, "statement_by": clock.statement_by}
    return RefundStatus(**{**base.__dict__, **dates, "late": late})


def _main_tender(order: Order) -> Tender | None:
    paid = [payment for payment in order.payments if payment.captured and payment.duplicate_of is None]
    return max(paid, key=lambda payment: payment.captured).tender if paid else None


def _proposal(row: dict[str, object]) -> Proposal:
    row["decision"] = Decision.model_validate(row["decision"])
    return Proposal.model_validate(row)
