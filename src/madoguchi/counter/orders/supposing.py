"""A deed that nobody has asked for: what somebody would have sent, and who they would be. For asking the policy. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from madoguchi.counter.actors import Actor, ActorKind, Role
from madoguchi.counter.orders.actions import ACTION, Action
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.policy.draft import RUNGS

Asker = Literal["customer", "assistant", "agent", "supervisor"]

ASKERS: dict[Asker, tuple[ActorKind, frozenset[Role]]] = {
    "customer": ("customer", frozenset()),
    "assistant": ("assistant", frozenset()),
    "agent": ("agent", frozenset({"agent"})),
    "supervisor": ("agent", frozenset({"agent", "supervisor"})),
}


class NoSuchDeed(ValueError):
    """The wish makes no request; the message names the field and what is wrong with it."""


@dataclass(frozen=True)
class Wish:
    """What is wanted; what stays empty is filled with an example from the order."""

    lines: tuple[str, ...] = ()  # ids; empty: the first line, or the whole order where it is cancelled
    quantity: int = 1
    reason: str = "no_longer_wanted"
    condition: str = "unopened"
    sku: str = ""
    parcel_id: str = ""  # empty: every missing one
    payment_id: str = ""  # empty: the last one
    tender: str = "card"
    to_gift_card: bool = False


def deed_of(name: str, order: Order, wish: Wish) -> Action:
    """The request as a customer would have made it. Raises NoSuchDeed."""
    lines = wish.lines or tuple(line.id for line in order.lines[:1])
    pieces = [{"line_id": line_id, "quantity": wish.quantity} for line_id in lines]
    first = lines[0] if lines else ""
    own_sku = next((each.sku for each in order.lines if each.id == first), "")
    picked = {"reason": wish.reason, "condition": wish.condition}
    one = {"line_id": first, "quantity": wish.quantity}
    payment = wish.payment_id or next((each.id for each in reversed(order.payments)), "")
    elsewhere = order.address.model_dump() | {"line2": f"{order.address.line2}*"}
    bodies: dict[str, dict[str, Any]] = {
        "cancel": {"lines": pieces if wish.lines else []},
        "change_address": {"address": elsewhere},
        "change_lines": {"changes": [{**one, "sku": wish.sku or None}]},
        "change_payment": {"tender": wish.tender},
        "return": {"lines": pieces, "refund_to": "gift_card" if wish.to_gift_card else "original", **picked},
        "exchange": {**one, "sku": wish.sku or own_sku, **picked},
        "reship": {"parcel_id": wish.parcel_id},
        "refund_missing": {"parcel_id": wish.parcel_id},
        "refund_duplicate": {"payment_id": payment},
    }
    if name not in bodies:
        raise NoSuchDeed(f"there is no action {name!r}; one of: {', '.join(bodies)}")
    try:
        return ACTION.validate_python({"action": name, **bodies[name]})
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"][1:])
        raise NoSuchDeed(f"{field}: {problem['msg']}") from error


def asker_of(name: Asker, rung: str) -> Actor:
    """Somebody of this kind whose customer has proved `rung` (visitor, order, signed_in, fresh)."""
    kind, roles = ASKERS[name]
    return Actor(kind=kind, id="supposed", rung=RUNGS[rung], roles=roles)
