"""Orders: what the shop says of them, what may be done with them, and the doing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.orders.actions import ACTION
from madoguchi.counter.orders.model import Order, Product
from madoguchi.counter.orders.phrases import money
from madoguchi.counter.orders.wording import action_label, order_view, proposal_view, reason_text
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.problems import field_errors
from madoguchi.faces.api.schemas import ConfirmIn, PossibleOut, ProposeIn
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import AnyCaller, Principal, StaffCaller, need, note_view
from madoguchi.faces.problems_of_order import problems_of

router = APIRouter(tags=["orders"])


@router.get("/orders", summary="Orders, newest first")
async def list_orders(
    request: Request,
    caller: AnyCaller,
    customer_id: Annotated[str, Query(max_length=60)] = "",
    search: Annotated[str, Query(max_length=60)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    if search:
        found = await run_in_threadpool(house.orders.search, caller.actor, search)
    else:
        actor = await house.database.aread(_for_customer, caller, customer_id)
        found = await run_in_threadpool(lambda: house.orders.orders(actor, limit=limit))
    await note_view(house, caller, "orders", customer_id or "search")
    return {"orders": [_view(house, order, caller.actor.language) for order in found]}


@router.get("/orders/{number}", summary="One order")
async def one_order(request: Request, caller: AnyCaller, number: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    order = await run_in_threadpool(house.orders.order, caller.actor, number)
    await note_view(house, caller, "order", number)
    return _view(house, order, caller.actor.language)


@router.get("/orders/{number}/possible", summary="What may be done with an order now, and why not")
async def possible(
    request: Request, caller: AnyCaller, number: str, contact_id: Annotated[str, Query(max_length=60)] = ""
) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    actor = await house.database.aread(
        acting, caller.actor, contact_id, house.settings.identity.fresh_minutes
    )
    order = await run_in_threadpool(house.orders.order, actor, number)
    decisions = await run_in_threadpool(house.orders.possible, actor, number)
    await note_view(house, caller, "order", number)
    language = caller.actor.language
    return {
        "actions": [
            PossibleOut(
                action=name,
                label=action_label(name, language),
                verdict=decision.verdict,
                reasons=[reason_text(reason, language) for reason in decision.reasons],
            ).model_dump()
            for name, decision in decisions.items()
        ],
        "problems": problems_of(order, language, house.database.clock()),
    }


@router.get(
    "/orders/{number}/details", summary="What a form for changing an order starts from: address, variants"
)
async def details(request: Request, caller: AnyCaller, number: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    order = await run_in_threadpool(house.orders.order, caller.actor, number)
    await note_view(house, caller, "order", number)
    products = await run_in_threadpool(house.orders.products, caller.actor, number)
    return {
        "address": order.address.model_dump(),
        "variants": {
            line.id: _variants(order, products.get(line.product_id), caller.actor.language)
            for line in order.lines
        },
    }


@router.get("/orders/{number}/refunds", summary="Refunds of an order with the clock of each tender")
async def refunds(request: Request, caller: AnyCaller, number: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    order = await run_in_threadpool(house.orders.order, caller.actor, number)
    await note_view(house, caller, "order", number)
    view = _view(house, order, caller.actor.language)
    return {"order_number": number, "refunds": view["refunds"], "returns": view["returns"]}


@router.get("/orders/{number}/receipt.pdf", summary="領収書", response_class=Response)
async def receipt(
    request: Request,
    caller: AnyCaller,
    number: str,
    addressee: Annotated[str, Query(max_length=100)] = "",
    contact_id: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    house = house_of(request)
    need(caller, "orders.read")
    actor = await house.database.aread(
        acting, caller.actor, contact_id, house.settings.identity.fresh_minutes
    )
    content = await run_in_threadpool(house.orders.receipt, actor, number, addressee or None)
    await note_view(house, caller, "order", number)
    return _pdf(content, f"receipt-{number}.pdf")


@router.get("/orders/{number}/returns/{return_id}/label.pdf", summary="返送ラベル", response_class=Response)
async def return_label(
    request: Request,
    caller: AnyCaller,
    number: str,
    return_id: str,
    contact_id: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    house = house_of(request)
    need(caller, "orders.read")
    actor = await house.database.aread(
        acting, caller.actor, contact_id, house.settings.identity.fresh_minutes
    )
    content = await run_in_threadpool(house.orders.return_label, actor, number, return_id)
    await note_view(house, caller, "order", number)
    return _pdf(content, f"return-{return_id}.pdf")


@router.post("/proposals", status_code=201, summary="Say what exactly would happen; nothing is done yet")
async def propose(request: Request, caller: AnyCaller, wish: ProposeIn) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "actions.propose")
    try:
        action = ACTION.validate_python(wish.action)
    except ValidationError as error:
        raise Invalid(
            "invalid", errors=field_errors(caller.actor.language, _in_action(error), skip=0)
        ) from error
    actor = await house.database.aread(
        acting, caller.actor, wish.contact_id, house.settings.identity.fresh_minutes
    )
    made = await run_in_threadpool(
        lambda: house.orders.propose(actor, wish.order_number, action, contact_id=wish.contact_id or None)
    )
    return await _proposal_view(house, actor, made, caller.actor.language)


@router.get("/proposals/{proposal_id}", summary="A proposal and what became of it")
async def one_proposal(request: Request, caller: AnyCaller, proposal_id: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    found = await run_in_threadpool(house.orders.proposal, caller.actor, proposal_id)
    await note_view(house, caller, "order", found.order_number)
    return await _proposal_view(house, caller.actor, found, caller.actor.language)


@router.post("/proposals/{proposal_id}/confirm", summary="Do it, once")
async def confirm(request: Request, caller: AnyCaller, proposal_id: str, wish: ConfirmIn) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "actions.propose")
    before = await run_in_threadpool(house.orders.proposal, caller.actor, proposal_id)
    actor = await house.database.aread(
        acting, caller.actor, before.contact_id or "", house.settings.identity.fresh_minutes
    )
    done = await run_in_threadpool(house.orders.confirm, actor, proposal_id, wish.key)
    return await _proposal_view(house, actor, done, caller.actor.language)


@router.post("/proposals/{proposal_id}/withdraw", summary="Leave everything as it is")
async def withdraw(request: Request, caller: AnyCaller, proposal_id: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "actions.propose")
    gone = await run_in_threadpool(house.orders.withdraw, caller.actor, proposal_id)
    return await _proposal_view(house, caller.actor, gone, caller.actor.language)


@router.post("/proposals/{proposal_id}/approve", summary="A supervisor approves; it is done at once")
async def approve(request: Request, caller: StaffCaller, proposal_id: str) -> dict[str, Any]:
    need(caller, "actions.propose")
    house = house_of(request)
    before = await run_in_threadpool(house.orders.proposal, caller.actor, proposal_id)
    actor = await house.database.aread(
        acting, caller.actor, before.contact_id or "", house.settings.identity.fresh_minutes
    )
    done = await run_in_threadpool(house.orders.approve, actor, proposal_id)
    return await _proposal_view(house, actor, done, caller.actor.language)


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _variants(order: Order, product: Product | None, language: str) -> list[dict[str, Any]]:
    """What a line could be changed into; the deed itself checks again."""
    if product is None:
        return []
    return [
        {
            "sku": variant.sku,
            "label": variant.name.get(language) or variant.name.get("en") or variant.sku,
            "detail": money(variant.price, order.currency, language),
            "available": variant.stock > 0,
        }
        for variant in product.variants
    ]


def _in_action(error: ValidationError) -> list[dict[str, Any]]:
    """The findings with places such as `action.lines.0.quantity`; the name of the chosen deed is no part of a place."""
    return [
        {**found, "loc": ("action", *found["loc"][1:])}
        if found["loc"]
        else {**found, "loc": ("action", "action")}
        for found in error.errors()
    ]


def acting(tx: Transaction, actor: Actor, contact_id: str, fresh_minutes: int) -> Actor:
    """Staff and integrators act in the name of the contact's customer, with what that customer has proved.

    Raises NotFound when the contact is not the actor's to see: a proposal is written into its ledger.
    """
    if not contact_id:
        return actor
    contact = contacts.visible(tx, actor, contact_id)
    if actor.kind == "customer":
        return actor
    rung = contacts.rung_now(tx, contact, timedelta(minutes=fresh_minutes))
    return actor.on_behalf_of(contact.customer_id, rung, frozenset(contact.proven_orders))


def _for_customer(tx: Transaction, caller: Principal, customer_id: str) -> Actor:
    if caller.actor.kind == "customer" or not customer_id:
        return caller.actor
    if customer_queries.find(tx, customer_id) is None:
        raise NotFound("not_found")
    return caller.actor.on_behalf_of(customer_id, Rung.SIGNED_IN, frozenset())


def _view(house: House, order: Order, language: str) -> dict[str, Any]:
    return order_view(order, language, house.database.clock(), house.orders.rules)


async def _proposal_view(house: House, actor: Actor, proposal: Any, language: str) -> dict[str, Any]:
    order = await run_in_threadpool(house.orders.order, actor, proposal.order_number)
    return proposal_view(proposal, order, language, house.orders.rules)
