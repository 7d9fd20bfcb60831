"""Doing: choose the details, read everything that will happen, confirm once, keep the receipt (WCAG 3.3.4)."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.actions import ACTION, OFFERED_NAMES
from madoguchi.counter.orders.model import Order, Product, Proposal
from madoguchi.counter.orders.wording import action_label, proposal_view, return_reason_label, tender_label
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.faces.customer import deeds, guide
from madoguchi.faces.customer.contact_ways import ways
from madoguchi.faces.customer.orders import deed_view, order_of, possible, view_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import local_path, with_query

router = APIRouter(include_in_schema=False)
_STALE = {"proposal_outdated", "rules_changed", "order_busy", "proposal_not_open", "key_reused"}


@router.get("/help/o/{number}/do/{action}")
def choose(visit: Visiting, number: str, action: str) -> Response:
    return _choose(visit, number, action)


@router.post("/help/o/{number}/do/{action}")
def propose(visit: Visiting, number: str, action: str) -> Response:
    order = _order_for(visit, number, action)
    wish = deeds.read(action, order, visit.form)
    if wish is None:
        return _choose(visit, number, action)
    made = visit.house.orders.propose(visit.actor, number, wish)
    return visit.redirect(with_query(f"/proposals/{quote(made.id)}", problem=visit.form.value("problem")))


@router.get("/proposals/{proposal_id}")
def proposal_page(visit: Visiting, proposal_id: str) -> Response:
    return _proposal_page(visit, proposal_id, visit.request.query_params.get("note", ""))


@router.post("/proposals/{proposal_id}/confirm")
def confirm(visit: Visiting, proposal_id: str) -> Response:
    found = _proposal(visit, proposal_id)
    try:
        visit.house.orders.confirm(
            visit.actor, proposal_id, visit.form.text("confirm_key") or f"page-{proposal_id}"
        )
    except Conflict as conflict:
        if conflict.code not in _STALE:
            raise
        if conflict.code == "rules_changed":
            return _anew(visit, found)
        return _onward(visit, found, note=conflict.code)
    return _onward(visit, found)


@router.post("/proposals/{proposal_id}/withdraw")
def withdraw(visit: Visiting, proposal_id: str) -> Response:
    found = _proposal(visit, proposal_id)
    visit.house.orders.withdraw(visit.actor, proposal_id)
    return _onward(visit, found)


def _anew(visit: Visit, found: Proposal) -> Response:
    """What the rules in force say to the same wish: a new proposal, or why it is not possible any more."""
    wish = ACTION.validate_python(found.request)
    made = visit.house.orders.propose(visit.actor, found.order_number, wish, contact_id=found.contact_id)
    return _onward(visit, made, note="rules_changed")


def _onward(visit: Visit, found: Proposal, note: str = "") -> Response:
    """Back to where it was pressed: the conversation, or the proposal's own page."""
    back = local_path(visit.form.value("back"), "")
    return visit.redirect(
        back or with_query(f"/proposals/{quote(found.id)}", note=note, problem=visit.form.value("problem"))
    )


def _order_for(visit: Visit, number: str, action: str) -> Order:
    """The order, once the deed is known and the customer has proved enough for it; then back to this very step."""
    if action not in OFFERED_NAMES:
        raise NotFound("not_found")
    order = order_of(visit, number)
    rung = possible(visit, number)[action].rung
    if visit.actor.rung < rung:
        query = (
            {"problem": visit.form.value("problem")} if visit.form.sent else dict(visit.request.query_params)
        )
        visit.sign_in_first(rung, with_query(f"/help/o/{quote(number, safe='')}/do/{action}", **query))
    return order


def _choose(visit: Visit, number: str, action: str) -> Response:
    order = _order_for(visit, number, action)
    query = visit.request.query_params
    problem = query.get("problem", "") or visit.form.value("problem")
    if not visit.form.sent:
        deeds.start(action, order, visit.form, query.get("line", ""), guide.REASON_OF.get(problem, ""))
    products = visit.house.orders.products(visit.actor, number)
    deed = deed_view(visit, action, possible(visit, number)[action])
    return visit.page(
        "customer/deed.html",
        422 if visit.form.errors else 200,
        order=view_of(visit, order),
        facts=order,
        deed=deed,
        action=action,
        problem=problem,
        variants={line.id: _variants(visit, products.get(line.product_id), action) for line in order.lines},
        reasons=[(reason, return_reason_label(reason, visit.language)) for reason in _reasons(visit)],
        tenders=[
            (tender, tender_label(tender, visit.language))
            for tender in visit.house.orders.rules.payment.change_to
        ],
        ways=ways(visit, order=number, problem=problem),
        person_link=visit.person_link(order=number, problem=problem),
    )


def _reasons(visit: Visit) -> list[str]:
    return [reason for reason in deeds.REASONS if reason in visit.house.orders.rules.returns.reasons]


def _variants(visit: Visit, product: Product | None, action: str) -> list[tuple[str, str, bool]]:
    """SKU, words, in stock."""
    if product is None:
        return []
    language = visit.language
    return [
        (variant.sku, variant.name.get(language) or variant.name.get("en", variant.sku), variant.stock > 0)
        for variant in product.variants
    ]


def _proposal(visit: Visit, proposal_id: str) -> Proposal:
    if visit.actor.rung < Rung.ORDER:
        visit.sign_in_first(Rung.SIGNED_IN, f"/proposals/{quote(proposal_id, safe='')}")
    return visit.house.orders.proposal(visit.actor, proposal_id)


def _proposal_page(visit: Visit, proposal_id: str, note: str) -> Response:
    found = _proposal(visit, proposal_id)
    order = visit.house.orders.order(visit.actor, found.order_number)
    view = proposal_view(found, order, visit.language, visit.house.orders.rules)
    expired = found.state == "offered" and found.expires_at <= visit.clock()
    problem = visit.request.query_params.get("problem", "")
    return visit.page(
        "customer/proposal.html",
        proposal=view,
        state="expired" if expired else found.state,
        note=note if note in _STALE else "",
        order=view_of(visit, order),
        action_label=action_label(found.action, visit.language),
        action=found.action,
        problem=problem,
        contact_id=found.contact_id,
        ways=ways(visit, order=found.order_number, problem=problem),
        person_link=visit.person_link(order=found.order_number, problem=problem),
    )
