"""Where an agent wants mails while away from the desk, and on what: being named in notes, news of what is followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import Boolean, Column, String, Table, delete, insert, or_, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Invalid
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata

LONGEST = 254

agent_mail_wish = Table(
    "agent_mail_wish",
    metadata,
    Column("agent_id", String(60), primary_key=True),
    Column("address", String(LONGEST), nullable=False),
    Column("language", String(10), nullable=False),
    Column("mentions", Boolean, nullable=False),
    Column("followed", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    info=belongs(OfHouse("Where people of the shop want their own mails.")),
)


@dataclass(frozen=True)
class MailWish:
    """Without an address nothing is mailed. `at`: since when it holds; what is older is not mailed."""

    agent_id: str
    address: str = ""
    language: str = ""
    mentions: bool = True
    followed: bool = True
    at: datetime | None = None

    @property
    def wants_any(self) -> bool:
        return bool(self.address) and (self.mentions or self.followed)


def of_agent(tx: Transaction, agent_id: str) -> MailWish:
    row = tx.first(select(agent_mail_wish).where(agent_mail_wish.c.agent_id == agent_id))
    return MailWish(agent_id) if row is None else MailWish(**row._mapping)


def all_wishes(tx: Transaction) -> list[MailWish]:
    """Of everybody who wants any mail."""
    here = (agent_mail_wish.c.address != "", or_(agent_mail_wish.c.mentions, agent_mail_wish.c.followed))
    rows = tx.all(select(agent_mail_wish).where(*here).order_by(agent_mail_wish.c.agent_id))
    return [MailWish(**row._mapping) for row in rows]


def keep(tx: Transaction, by: Actor, address: str, *, mentions: bool, followed: bool) -> MailWish:
    """One's own; in the language in which one reads. "" takes the address away. Raises Invalid("mail_address")."""
    wanted = address.strip()
    if wanted and not _looks_like_one(wanted):
        raise Invalid("mail_address", field="address")
    tx.lock("agent_mail_wish", by.id)
    tx.execute(delete(agent_mail_wish).where(agent_mail_wish.c.agent_id == by.id))
    wish = MailWish(by.id, wanted, by.language, mentions, followed, tx.now)
    tx.execute(insert(agent_mail_wish).values(**vars(wish)))
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action="agent.mail_wish",
        object_kind="agent",
        object_id=by.id,
        address=bool(wanted),
        mentions=mentions,
        followed=followed,
    )
    return wish


def _looks_like_one(address: str) -> bool:
    name, _, domain = address.rpartition("@")
    plain = parseaddr(address)[1] == address and not any(sign.isspace() for sign in address)
    return plain and bool(name) and "." in domain.strip(".") and len(address) <= LONGEST
