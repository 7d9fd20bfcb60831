"""A customer's orders: the list, one order with everything the shop knows of it, and its receipt as PDF."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.model import Decision, Order
from madoguchi.counter.orders.wording import action_label, order_view, reason_text
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import page_headers

router = APIRouter(include_in_schema=False)
LISTED = 20


@router.get("/orders")
def orders_page(visit: Visiting) -> Response:
    visit.need_rung(Rung.ORDER)
    everything = visit.request.query_params.get("all") == "yes"
    limit = 200 if everything else LISTED
    found = visit.house.orders.orders(visit.actor, limit=limit + 1)
    shown = [view_of(visit, order) for order in found[:limit]]
    return visit.page("customer/orders.html", orders=shown, more=len(found) > limit)


@router.get("/orders/{number}")
def order_page(visit: Visiting, number: str) -> Response:
    order = order_of(visit, number)
    decisions = possible(visit, number)
    return visit.page(
        "customer/order.html",
        order=view_of(visit, order),
        deeds=[deed_view(visit, name, decision) for name, decision in decisions.items()],
        can_receipt=order.captured - order.refunded > 0,
        person_link=visit.person_link(order=number),
    )


@router.get("/orders/{number}/receipt.pdf")
def receipt(visit: Visiting, number: str) -> Response:
    order_of(visit, number)
    addressee = visit.request.query_params.get("addressee", "").strip()[:100]
    content = visit.house.orders.receipt(visit.actor, number, addressee or None)
    headers = page_headers(visit.settings)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'receipt-{number}.pdf')}"
    return Response(content, media_type="application/pdf", headers=headers)


def order_of(visit: Visit, number: str) -> Order:
    """The order, if it is theirs. Whoever has not proved it yet is sent to sign in, whether it exists or not (S-11)."""
    actor = visit.actor
    if actor.rung < Rung.SIGNED_IN and number not in actor.order_numbers:
        visit.sign_in_first(Rung.ORDER)
    return visit.house.orders.order(actor, number)


def view_of(visit: Visit, order: Order) -> dict[str, object]:
    return order_view(order, visit.language, visit.clock(), visit.house.orders.rules)


def possible(visit: Visit, number: str) -> dict[str, Decision]:
    """What could be done. Who is signed in hears the reasons before a fresh check, so that nobody proves themselves
    for something that cannot be done anyway."""
    actor = visit.actor
    if actor.rung == Rung.SIGNED_IN:
        actor = replace(actor, rung=Rung.FRESH)
    return visit.house.orders.possible(actor, number)


def deed_view(visit: Visit, name: str, decision: Decision) -> dict[str, object]:
    """One deed for a button, or for the reasons why there is none (RET-008).

    What only needs a sign-in is offered: the page of the deed asks for it first.
    """
    needs_sign_in = visit.actor.rung < decision.rung
    open_ = decision.verdict != "refused" or (needs_sign_in and _only_identity(decision))
    return {
        "name": name,
        "label": action_label(name, visit.language),
        "open": open_,
        "needs_sign_in": needs_sign_in,
        "person": decision.offers_person,
        "reasons": [] if open_ else [reason_text(reason, visit.language) for reason in decision.reasons],
    }


def _only_identity(decision: Decision) -> bool:
    return all(reason.code == "identity" for reason in decision.reasons)
