"""What an account holds beside its orders: ways of paying with their balances, and addresses."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers import service as customers
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.orders.model import Address, Wallet
from madoguchi.counter.problems import NotFound, SignInNeeded
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, CustomerCaller, need, note_view

router = APIRouter(tags=["accounts"])


@router.get("/customers/{customer_id}/wallet", summary="Ways of paying on file, with their balances")
async def wallet(request: Request, caller: AnyCaller, customer_id: str) -> dict[str, Any]:
    need(caller, "customers.read")
    house = house_of(request)
    customer = await house.database.aread(_visible, caller.actor, customer_id)
    actor = caller.actor.on_behalf_of(customer.id, Rung.SIGNED_IN, frozenset())
    found = await run_in_threadpool(house.orders.wallet, actor)
    await note_view(house, caller, "customer", customer_id)
    return (found or Wallet(customer_ref=customer.shop_ref)).model_dump(mode="json", exclude={"customer_ref"})


@router.get("/customers/{customer_id}/addresses", summary="Addresses on file, the default one first")
async def addresses(request: Request, caller: AnyCaller, customer_id: str) -> dict[str, Any]:
    need(caller, "customers.read")
    house = house_of(request)
    customer = await house.database.aread(_visible, caller.actor, customer_id)
    await note_view(house, caller, "customer", customer_id)
    return {"addresses": customer.addresses}


@router.put("/customers/{customer_id}/default-address", summary="Deliver here from the next order on")
async def default_address(
    request: Request, caller: CustomerCaller, customer_id: str, address: Address
) -> dict[str, Any]:
    """Only by the customers themselves, just checked: whoever sends parcels elsewhere wants an account's goods."""
    house = house_of(request)

    def change(tx: Transaction) -> Customer:
        own = _visible(tx, caller.actor, customer_id)
        if caller.actor.rung < Rung.FRESH:
            raise SignInNeeded(rung=int(Rung.FRESH))
        return customers.change_default_address(tx, own.id, address.model_dump(), caller.actor)

    return {"addresses": (await house.database.awrite(change)).addresses}


def _visible(tx: Transaction, actor: Actor, customer_id: str) -> Customer:
    """Their own for customers, anybody's for others. Raises NotFound, which does not tell why."""
    own = actor.customer_id == customer_id and actor.rung >= Rung.SIGNED_IN
    found = customer_queries.find(tx, customer_id) if own or actor.kind != "customer" else None
    if found is None:
        raise NotFound("customer_not_found")
    return found
