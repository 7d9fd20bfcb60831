"""The link with which somebody who left a chat comes back to it on any device: mailed to the address on file, used once.

As with links for signing in, nothing that opens a door is stored; what it opens is what a mailed code opens. Unlike
those it ends no other session: nothing is suspected, somebody is only waited for (ux §5.9).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update

from madoguchi.counter.customers import queries
from madoguchi.counter.customers.model import login_code
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.kit.ids import new_id

HOURS = 24
PATH = "/come-back"
_PURPOSE = "return_link"


@dataclass(frozen=True)
class Return:
    """Whom a link lets in, and to which contact it leads."""

    customer_id: str
    contact_id: str


def make(tx: Transaction, keys: Keys, customer_id: str, contact_id: str) -> str:
    """A new link's path with its token; valid for a day."""
    link_id = new_id("link")
    tx.execute(
        insert(login_code).values(
            id=link_id,
            purpose=_PURPOSE,
            subject=contact_id,
            session_hash="",
            customer_id=customer_id,
            code_hash="",
            tries=0,
            created_at=tx.now,
            expires_at=tx.now + timedelta(hours=HOURS),
        )
    )
    return f"{PATH}?token={link_id}.{_signature(keys, link_id)}"


def redeem(tx: Transaction, keys: Keys, token: str) -> Return | None:
    """Use a link up; None when it is worth nothing, or the account is locked."""
    link_id, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(keys, link_id).encode()):
        return None
    used = tx.execute(
        update(login_code)
        .where(
            login_code.c.id == link_id,
            login_code.c.purpose == _PURPOSE,
            login_code.c.used_at.is_(None),
            login_code.c.expires_at > tx.now,
        )
        .values(used_at=tx.now)
    )
    if used.rowcount != 1:
        return None
    row = tx.first(select(login_code.c.customer_id, login_code.c.subject).where(login_code.c.id == link_id))
    assert row is not None
    customer = queries.find(tx, row.customer_id)
    return None if customer is None or customer.locked_at is not None else Return(customer.id, row.subject)


def _signature(keys: Keys, link_id: str) -> str:
    return keys.sign("return-link", link_id)
