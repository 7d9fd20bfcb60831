"""The message centre: every mail that we really sent to the customer's address, to hold against what they received (CH-054)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.trust import service as trust
from madoguchi.faces.customer.visit import Visiting
from madoguchi.faces.rendering import Clockwork

router = APIRouter(include_in_schema=False)


@router.get("/help/messages")
def messages(visit: Visiting) -> Response:
    """The send log names nobody: what is asked for is the address that the customer has proved or the shop vouches for."""
    visit.need_rung(Rung.SIGNED_IN)
    known = visit.actor.customer_id
    found = visit.house.database.read(customers.find, known) if known else None
    address = found.email if found else ""
    sent = visit.house.database.read(trust.sent_to, visit.house.keys, address=address) if address else []
    when = Clockwork(visit.language, visit.settings.shop.timezone, visit.clock())
    rows = [(when.moment(each.at), each.subject, each.sender) for each in sent]
    return visit.page("customer/messages.html", rows=rows, account=visit.account, days=trust.KEPT.days)
