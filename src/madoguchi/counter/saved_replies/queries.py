"""Reading saved replies: one's own and the team's, the shop's changes over what ships."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import NotFound
from madoguchi.counter.saved_replies.model import Deeds, SavedReply, saved_reply, saved_reply_use
from madoguchi.counter.saved_replies.shipped import shipped
from madoguchi.engine.database import Transaction


def visible(tx: Transaction, actor: Actor, *, active_only: bool = True) -> list[SavedReply]:
    """What this agent may use: what ships first, as it ships, then the shop's and one's own by folder and shortcut."""
    query = select(saved_reply).where(saved_reply.c.owner_id.in_(["", actor.id]))
    found = {**shipped(), **{row.id: _reply(row) for row in tx.all(query)}}
    shown = [each for each in found.values() if each.active or not active_only]
    places = {name: place for place, name in enumerate(shipped())}
    return sorted(shown, key=lambda each: (places.get(each.id, len(places)), each.folder, each.shortcut))


def get(tx: Transaction, actor: Actor, reply_id: str) -> SavedReply:
    """Raises NotFound also for another's own."""
    row = tx.first(select(saved_reply).where(saved_reply.c.id == reply_id))
    found = _reply(row) if row else shipped().get(reply_id)
    if found is None or found.owner_id not in ("", actor.id):
        raise NotFound("saved_reply_not_found")
    return found


def uses(tx: Transaction) -> dict[str, int]:
    """Reply → how often it was used."""
    query = select(saved_reply_use.c.reply_id, saved_reply_use.c.count.label("uses"))
    return {row.reply_id: row.uses for row in tx.all(query)}


def _reply(row: Row[Any]) -> SavedReply:
    return SavedReply(**{**row._mapping, "deeds": Deeds(**row.deeds)})
