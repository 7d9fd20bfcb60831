"""What other shops are known for: published answer times, with source and date, looked after by those who lead (CMP-001)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.reports.model import figure_state, other_shop
from madoguchi.counter.reports.policy import require_keeper
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

_FILE = Path(__file__).with_name("others.toml")
_PLANTED = "others"
MOST = 200
CHANNELS = ("phone", "chat", "mail")


@dataclass(frozen=True)
class OtherShop:
    """How soon a shop answers on a channel, `low_s` to `high_s` seconds; both None where it has no such channel.

    `as_of`: the day of which the source tells.
    """

    id: str
    shop: str
    channel: str
    low_s: int | None
    high_s: int | None
    note: str
    source: str
    as_of: str
    changed_by: str
    at: datetime


def others(tx: Transaction) -> list[OtherShop]:
    """By channel, then shop."""
    order = (other_shop.c.channel, other_shop.c.shop)
    return [OtherShop(**row._mapping) for row in tx.all(select(other_shop).order_by(*order))]


def plant(tx: Transaction) -> None:
    """Put the figures that come with Madoguchi into the table, once; what was removed later stays away."""
    tx.lock("other shops")
    if tx.first(select(figure_state).where(figure_state.c.name == _PLANTED)) is not None:
        return
    for entry in tomllib.loads(_FILE.read_text("utf-8"))["shop"]:
        _insert(tx, SYSTEM, {"low_s": None, "high_s": None, **entry})
    tx.execute(insert(figure_state).values(name=_PLANTED, value="1"))


def note(
    tx: Transaction,
    actor: Actor,
    *,
    shop: str,
    channel: str,
    low_s: int | None,
    high_s: int | None,
    remark: str,
    source: str,
    as_of: date,
) -> OtherShop:
    """Note a shop's figure instead of the one before of the same shop and channel.

    Raises Invalid("unknown_channel" | "source_missing" | "not_a_range" | "all_kept"), NotAllowed.
    """
    require_keeper(actor)
    if channel not in CHANNELS:
        raise Invalid("unknown_channel", field="channel")
    if not shop.strip() or not source.strip():
        raise Invalid("source_missing", field="source")
    if (low_s is None) != (high_s is None) or (low_s is not None and high_s is not None and low_s > high_s):
        raise Invalid("not_a_range", field="high_s")
    tx.execute(delete(other_shop).where(other_shop.c.shop == shop, other_shop.c.channel == channel))
    if len(others(tx)) >= MOST:
        raise Invalid("all_kept", field="shop")
    values = {"shop": shop, "channel": channel, "low_s": low_s, "high_s": high_s, "note": remark}
    return _insert(tx, actor, {**values, "source": source, "as_of": as_of.isoformat()})


def remove(tx: Transaction, actor: Actor, other_id: str) -> None:
    """Raises NotFound("unknown_shop"), NotAllowed."""
    require_keeper(actor)
    if not tx.execute(delete(other_shop).where(other_shop.c.id == other_id)).rowcount:
        raise NotFound("unknown_shop")


def _insert(tx: Transaction, actor: Actor, values: dict[str, Any]) -> OtherShop:
    row = {**values, "id": new_id("oth"), "changed_by": actor.id, "at": tx.now}
    tx.execute(insert(other_shop).values(**row))
    return OtherShop(**row)
