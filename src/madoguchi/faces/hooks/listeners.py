"""Webhooks, kept: who listens to which facts; adding one checks its address, every change leaves an audit line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.supervision.alerts import HOOKS
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.faces.hooks.deliver import BlockedAddress, resolve
from madoguchi.kit.ids import new_id

KINDS = frozenset({*events.PUBLIC, *HOOKS})


@dataclass(frozen=True)
class Listener:
    """Columns as in the table `webhook`."""

    id: str
    url: str
    kinds: list[str]
    active: bool
    created_by: str
    created_at: datetime


def check(url: str, kinds: Sequence[str], allowed_hosts: Sequence[str]) -> None:
    """Looks the address up, so call it outside of transactions. Raises Invalid("unknown_kind" | "webhook_address")."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise Invalid("unknown_kind", field="kinds", kinds=", ".join(unknown))
    try:
        resolve(url, frozenset(allowed_hosts))
    except (BlockedAddress, OSError, ValueError) as error:
        raise Invalid("webhook_address", field="url") from error


def listeners(tx: Transaction) -> list[Listener]:
    """All of them, the oldest first, those that were taken away included."""
    return [Listener(**row._mapping) for row in tx.all(select(webhook).order_by(webhook.c.created_at))]


def add(tx: Transaction, actor: Actor, url: str, kinds: Sequence[str]) -> str:
    """Listen from now on; returns the webhook's id."""
    webhook_id = new_id("whk")
    tx.execute(
        insert(webhook).values(
            id=webhook_id,
            url=url,
            kinds=list(kinds),
            active=True,
            created_by=actor.id,
            created_at=tx.now,
        )
    )
    _audit(tx, actor, "webhook.added", webhook_id)
    return webhook_id


def remove(tx: Transaction, actor: Actor, webhook_id: str) -> None:
    """Listen no more. Raises NotFound."""
    if not tx.execute(update(webhook).where(webhook.c.id == webhook_id).values(active=False)).rowcount:
        raise NotFound("not_found")
    _audit(tx, actor, "webhook.removed", webhook_id)


def _audit(tx: Transaction, actor: Actor, action: str, webhook_id: str) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="webhook",
        object_id=webhook_id,
    )
