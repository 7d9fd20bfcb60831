"""The history of sign-ins: when, by which way, with what, from which network. Its owner alone reads it (ACC-014)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from madoguchi.counter.customers.account_model import SignIn, sign_in
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

# In this order: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    (r"\bEdg", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """`Chrome · Windows`; empty for what we do not know."""
    found = [
        next((name for pattern, name in known if re.search(pattern, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found))


def place_of(address: str) -> str:
    """The network of an address, `203.0.113.*`: enough to know one's own from a stranger's, no more."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return address.rpartition(".")[0] + ".*"
    network = ipaddress.ip_network((known, 48), strict=False)
    return f"{network.network_address}*"


def note(tx: Transaction, customer_id: str, method: str, seen: Mapping[str, Any]) -> None:
    """`seen`: the session's data, which hold device and place."""
    tx.execute(
        insert(sign_in).values(
            id=new_id("in"),
            customer_id=customer_id,
            at=tx.now,
            method=method,
            device=str(seen.get("device", ""))[:80],
            place=str(seen.get("place", ""))[:80],
        )
    )


def of_customer(tx: Transaction, customer_id: str, *, since: datetime, limit: int) -> list[SignIn]:
    """Newest first."""
    rows = tx.all(
        select(sign_in.c.at, sign_in.c.method, sign_in.c.device, sign_in.c.place)
        .where(sign_in.c.customer_id == customer_id, sign_in.c.at >= since)
        .order_by(sign_in.c.at.desc(), sign_in.c.id.desc())
        .limit(limit)
    )
    return [SignIn(**row._mapping) for row in rows]


def forget_old(tx: Transaction, before: datetime) -> int:
    """Remove what is older; returns how many."""
    return tx.execute(delete(sign_in).where(sign_in.c.at < before)).rowcount
