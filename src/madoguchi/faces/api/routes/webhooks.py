"""Webhooks: who hears of which facts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.counter.problems import NotAllowed
from madoguchi.faces.api.schemas import In
from madoguchi.faces.hooks import listeners
from madoguchi.faces.hooks.deliver import secret_of
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, Principal, need

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class WebhookIn(In):
    url: str = Field(max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=40)


@router.get("", summary="Listeners")
async def list_webhooks(request: Request, caller: AnyCaller) -> list[dict[str, Any]]:
    _need(caller)
    found = await house_of(request).database.aread(listeners.listeners)
    return [{"id": each.id, "url": each.url, "kinds": each.kinds, "active": each.active} for each in found]


@router.post("", status_code=201, summary="Listen; the secret is shown this once")
async def add_webhook(request: Request, caller: AnyCaller, wish: WebhookIn) -> dict[str, Any]:
    _need(caller)
    house = house_of(request)
    await run_in_threadpool(listeners.check, wish.url, wish.kinds, house.settings.server.webhook_hosts)
    webhook_id = await house.database.awrite(listeners.add, caller.actor, wish.url, wish.kinds)
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
    await house_of(request).database.awrite(listeners.remove, caller.actor, webhook_id)


def _need(caller: Principal) -> None:
    if caller.actor.kind == "customer":
        raise NotAllowed("not_allowed")
    need(caller, "webhooks.manage")
