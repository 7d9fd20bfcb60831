"""Webhooks: who hears of which facts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import In
from madoguchi.faces.hooks.deliver import BlockedAddress, resolve, secret_of
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, Principal, need
from madoguchi.kit.ids import new_id

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class WebhookIn(In):
    url: str = Field(max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=40)


@router.get("", summary="Listeners")
async def list_webhooks(request: Request, caller: AnyCaller) -> list[dict[str, Any]]:
    _need(caller)

    def read(tx: Transaction) -> list[dict[str, Any]]:
        rows = tx.all(select(webhook).order_by(webhook.c.created_at))
        return [{"id": row.id, "url": row.url, "kinds": row.kinds, "active": row.active} for row in rows]

    return await house_of(request).database.aread(read)


@router.post("", status_code=201, summary="Listen; the secret is shown this once")
async def add_webhook(request: Request, caller: AnyCaller, wish: WebhookIn) -> dict[str, Any]:
    _need(caller)
    unknown = [kind for kind in wish.kinds if kind not in events.PUBLIC]
    if unknown:
        raise Invalid("unknown_kind", field="kinds", kinds=", ".join(unknown))
    house = house_of(request)
    try:
        await run_in_threadpool(resolve, wish.url, frozenset(house.settings.server.webhook_hosts))
    except (BlockedAddress, OSError, ValueError) as error:
        raise Invalid("webhook_address", field="url") from error
    webhook_id = new_id("whk")
    await house.database.awrite(_add, caller.actor, webhook_id, wish)
    return {
        "id": webhook_id,
        "url": wish.url,
        "kinds": wish.kinds,
        "active": True,
        "secret": secret_of(house.keys, webhook_id),
    }


@router.delete("/{webhook_id}", status_code=204, summary="Listen no more")
async def remove_webhook(request: Request, caller: AnyCaller, webhook_id: str) -> None:
    _need(caller)

    def off(tx: Transaction) -> None:
        if not tx.execute(update(webhook).where(webhook.c.id == webhook_id).values(active=False)).rowcount:
            raise NotFound("not_found")
        _audit(tx, caller.actor, "webhook.removed", webhook_id)

    await house_of(request).database.awrite(off)


def _need(caller: Principal) -> None:
    if caller.actor.kind == "customer":
        raise NotAllowed("not_allowed")
    need(caller, "webhooks.manage")


def _add(tx: Transaction, actor: Actor, webhook_id: str, wish: WebhookIn) -> None:
    tx.execute(
        insert(webhook).values(
            id=webhook_id,
            url=wish.url,
            kinds=wish.kinds,
            active=True,
            created_by=actor.id,
            created_at=tx.now,
        )
    )
    _audit(tx, actor, "webhook.added", webhook_id)


def _audit(tx: Transaction, actor: Actor, action: str, webhook_id: str) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="webhook",
        object_id=webhook_id,
    )
