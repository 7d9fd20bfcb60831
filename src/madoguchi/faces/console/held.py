"""Orders that are held: what each is, how it was noticed, and letting it go on (ORD-017)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import order_view
from madoguchi.counter.problems import Conflict, SignInNeeded
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/held")


async def checker(visit: Working) -> Visit:
    """Somebody who may look at orders and decide on them. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        back = visit.here if visit.request.method == "GET" else "/console/held"
        raise SignInNeeded("session_needed", back=back)
    need(visit.principal, "actions.propose")
    return visit


Checking = Annotated[Visit, Depends(checker)]


@router.get("")
def held_page(visit: Checking) -> Response:
    orders = [_shown(visit, order) for order in visit.house.watch.held(visit.actor)]
    return visit.page("console/held.html", orders=orders)


@router.post("/{number}/release")
def release(visit: Checking, number: str) -> Response:
    """Pressed twice, or by two people: the second finds nothing to do."""
    try:
        visit.house.watch.release(visit.actor, number)
    except Conflict as conflict:
        if conflict.code != "not_held":
            raise
    return visit.redirect("/console/held")


def _shown(visit: Visit, order: Order) -> dict[str, Any]:
    view = order_view(order, visit.language, visit.house.database.clock(), visit.house.orders.rules)
    return {**view, "held_at": order.held_at}
