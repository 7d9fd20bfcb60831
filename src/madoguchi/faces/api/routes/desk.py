"""What the desk needs beside contacts: inbox, agents, queues, customers."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import queries
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.problems import NotFound
from madoguchi.counter.routing import status_kinds
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import (
    AgentOut,
    ContactPage,
    CustomerOut,
    InboxOut,
    QueueOut,
    StatusIn,
)
from madoguchi.faces.around import companies_of
from madoguchi.faces.desk.inbox import agent_out, inbox_of, me_of, queues_of
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, Principal, StaffCaller, need, note_view
from madoguchi.faces.views import contacts_out, customer_out

router = APIRouter(tags=["desk"])


@router.get("/desk/inbox", summary="Own and waiting contacts, counts, queues, own status")
async def inbox(request: Request, caller: StaffCaller) -> InboxOut:
    need(caller, "contacts.read")
    house = house_of(request)
    return await house.database.aread(inbox_of, house, caller.actor)


@router.put("/agents/me/status", summary="Available, busy, on a break, offline")
async def set_status(request: Request, caller: StaffCaller, wish: StatusIn) -> AgentOut:
    need(caller, "contacts.work")
    house = house_of(request)
    await house.database.awrite(status_kinds.choose, caller.actor.id, wish.status, wish.kind)
    return await house.database.aread(me_of, house, caller.actor)


@router.get("/agents", summary="Agents and what they are doing")
async def agents(request: Request, caller: StaffCaller) -> list[AgentOut]:
    need(caller, "agents.read")
    house = house_of(request)

    def read(tx: Transaction) -> list[AgentOut]:
        team = team_queries.agents(tx, active_only=True)
        return [agent_out(tx, house, agent, caller.actor.language) for agent in team if not agent.seller_id]

    return await house.database.aread(read)


@router.get("/queues", summary="Queues and who waits in them")
async def queues(request: Request, caller: AnyCaller) -> list[QueueOut]:
    _not_for_customers(caller)
    need(caller, "contacts.read")
    return await house_of(request).database.aread(queues_of, caller.actor.language, house_of(request))


@router.get("/customers", summary="Find customers by name, kana, mail or telephone")
async def search_customers(
    request: Request, caller: AnyCaller, search: Annotated[str, Query(min_length=2, max_length=100)]
) -> list[CustomerOut]:
    _not_for_customers(caller)
    need(caller, "customers.read")

    def read(tx: Transaction) -> list[CustomerOut]:
        found = customer_queries.search(tx, search, limit=20)
        return [customer_out(customer, caller.actor.language) for customer in found]

    return await house_of(request).database.aread(read)


@router.get("/customers/{customer_id}", summary="One customer")
async def one_customer(request: Request, caller: AnyCaller, customer_id: str) -> CustomerOut:
    need(caller, "customers.read")
    house = house_of(request)

    def read(tx: Transaction) -> CustomerOut:
        found = _customer(tx, caller.actor, customer_id)
        company = companies_of(tx, [found]).get(found.id)
        return customer_out(
            found, caller.actor.language, None if caller.actor.kind == "customer" else company
        )

    shown = await house.database.aread(read)
    await note_view(house, caller, "customer", customer_id)
    return shown


@router.get("/customers/{customer_id}/contacts", summary="Everything this customer has brought to us")
async def contacts_of_customer(
    request: Request,
    caller: AnyCaller,
    customer_id: str,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ContactPage:
    need(caller, "contacts.read")
    house = house_of(request)

    def read(tx: Transaction) -> ContactPage:
        _customer(tx, caller.actor, customer_id)
        found = queries.of_customer(tx, customer_id, limit=limit)
        zone = ZoneInfo(house.settings.shop.timezone)
        return ContactPage(
            contacts=contacts_out(tx, caller.actor, found, caller.actor.language, timezone=zone)
        )

    shown = await house.database.aread(read)
    await note_view(house, caller, "customer", customer_id)
    return shown


def _not_for_customers(caller: Principal) -> None:
    """What only staff have exists for nobody else."""
    if caller.actor.kind == "customer":
        raise NotFound("not_found")


def _customer(tx: Transaction, actor: Actor, customer_id: str) -> Customer:
    """Their own for customers, anybody's for others. Raises NotFound, which does not tell why."""
    own = actor.customer_id == customer_id and actor.rung >= Rung.SIGNED_IN
    found = customer_queries.find(tx, customer_id) if own or actor.kind != "customer" else None
    if found is None:
        raise NotFound("customer_not_found")
    return found
