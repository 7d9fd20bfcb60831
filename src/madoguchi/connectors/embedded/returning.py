"""Goods that come back: the return record, and the money once they are received (RET-007). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from madoguchi.connectors.embedded.stages import line_value, shipped_pieces
from madoguchi.counter.orders.actions import ReturnLines
from madoguchi.counter.orders.model import Decision, Line, Order, ParcelLine, ReturnRecord
from madoguchi.counter.orders.ports import ShopRefused


def return_lines(order: Order, action: ReturnLines, decision: Decision, now: datetime) -> Order:
    """A return with its label; the refund named in the decision is paid when the goods are received (PAY-011)."""
    wanted: dict[str, int] = {}
    for choice in action.lines:
        wanted[choice.line_id] = wanted.get(choice.line_id, 0) + choice.quantity
    lines = {line.id: line for line in order.lines}
    for line_id, pieces in wanted.items():
        line = check_returnable(order, line_id, pieces)
        lines[line_id] = line.model_copy(update={"returned": line.returned + pieces})
    value = sum(value_of(lines[line_id], pieces) for line_id, pieces in wanted.items())
    if decision.refund > value + order.shipping_fee:
        raise ShopRefused("amounts_differ", refund=decision.refund, value=value)
    named = next((part["method_id"] for part in decision.refund_parts if part.get("method_id")), "")
    seller_ids = {lines[line_id].seller_id for line_id in wanted}
    record = ReturnRecord(
        id=next_return_id(order),
        at=now,
        lines=[ParcelLine(line_id=line_id, quantity=pieces) for line_id, pieces in wanted.items()],
        reason=action.reason,
        condition=action.condition,
        # Our own label is there at once; a marketplace seller has to send theirs.
        state="label" if seller_ids == {"shop"} else "requested",
        customer_pays_shipping=pays_shipping(decision),
        return_fee=return_fee(decision),
        refund_to="gift_card" if named else action.refund_to,
        refund_amount=decision.refund,
        method_id=named,
        way=action.way,
    )
    return order.model_copy(update={"lines": list(lines.values()), "returns": [*order.returns, record]})


def check_returnable(order: Order, line_id: str, pieces: int) -> Line:
    """The line, if so many of its pieces are with the customer. Raises ShopRefused."""
    line = order.line(line_id)
    if line is None:
        raise ShopRefused("unknown_line", line_id=line_id)
    if pieces > line.active:
        raise ShopRefused("not_enough_pieces", line_id=line_id, left=line.active)
    if pieces > shipped_pieces(order, line_id) - line.returned:
        raise ShopRefused("not_shipped_yet", line_id=line_id)
    return line


def value_of(line: Line, pieces: int) -> int:
    """What so many pieces of the line cost, rounded up in the customer's favour."""
    return -(-line_value(line) * pieces // line.quantity)


def next_return_id(order: Order) -> str:
    return f"{order.number}-RMA{len(order.returns) + 1}"


def pays_shipping(decision: Decision) -> bool:
    """Whether the decision lets the customer pay the way back (RET-006)."""
    return return_fee(decision) > 0 or any(_params(decision, ("customer_pays_shipping", "customer_pays")))


def return_fee(decision: Decision) -> int:
    """The fee for the way back that the decision took off the refund; 0 when there is none."""
    return max((int(value) for value in _params(decision, ("return_fee", "fee"))), default=0)


def _params(decision: Decision, names: Iterable[str]) -> list[Any]:
    return [effect.params[name] for effect in decision.effects for name in names if effect.params.get(name)]
