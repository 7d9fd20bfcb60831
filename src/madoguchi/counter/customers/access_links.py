"""Links by mail with which somebody gets back into an account: once, for a short time, to the address on file only.

Asking has one answer, whether the address is known or not (ACC-004, S-11). As with codes, nothing that opens a door
is stored: the link follows from the row's random id and the house's secret, and is made when the mail is sent.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from madoguchi.counter.customers import queries, service
from madoguchi.counter.customers.codes import WINDOW, checked_address
from madoguchi.counter.customers.model import login_code
from madoguchi.counter.problems import TooMany
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id
from madoguchi.kit.text import fold

TOPIC = "mail.access_link"
MINUTES = 30
PATH = "/sign-in/link"
_PURPOSE = "access_link"


@dataclass(frozen=True)
class LinkMail:
    """What the mail says; made when it is sent."""

    to: str
    url: str
    language: str
    expires_at: datetime


def ask_link(tx: Transaction, settings: Settings, *, email: str, language: str) -> str:
    """Send a link to the customer of this address, if there is one; the caller cannot tell. Returns the row's id.

    Raises Invalid("email_unusable") for what is no address, TooMany for too many of one address.
    """
    address = checked_address(email)
    subject = fold(address)
    tx.lock("access_link", subject)
    recent = select(func.count()).where(
        login_code.c.subject == subject,
        login_code.c.purpose == _PURPOSE,
        login_code.c.created_at > tx.now - WINDOW,
    )
    if (tx.scalar(recent) or 0) >= settings.limits.codes_per_hour:
        raise TooMany("too_many_codes", retry_after=int(WINDOW.total_seconds()))
    found = queries.by_email(tx, address)
    known = found is not None and found.locked_at is None
    link_id = new_id("link")
    tx.execute(
        insert(login_code).values(
            id=link_id,
            purpose=_PURPOSE,
            subject=subject,
            session_hash="",
            customer_id=found.id if found is not None and known else None,
            code_hash="",
            tries=0,
            created_at=tx.now,
            expires_at=tx.now + timedelta(minutes=MINUTES),
        )
    )
    outbox.put(tx, TOPIC, {"link_id": link_id, "language": language}, key=f"link/{link_id}")
    return link_id


def mail_of(tx: Transaction, keys: Keys, settings: Settings, payload: Mapping[str, Any]) -> LinkMail | None:
    """The mail for an errand of topic `mail.access_link`; None when nothing is to be sent."""
    row = tx.first(select(login_code).where(login_code.c.id == payload["link_id"]))
    if row is None or row.customer_id is None or row.used_at is not None or row.expires_at <= tx.now:
        return None
    customer = queries.get(tx, row.customer_id)
    url = f"{settings.base_url}{PATH}?token={row.id}.{_signature(keys, row.id)}"
    return LinkMail(to=customer.email, url=url, language=payload["language"], expires_at=row.expires_at)


def redeem(tx: Transaction, keys: Keys, token: str) -> str | None:
    """Use a link up: the customer whom it lets in, whose other sessions end with it; None when it is worth nothing."""
    link_id, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(keys, link_id).encode()):
        return None
    used = tx.execute(
        update(login_code)
        .where(
            login_code.c.id == link_id,
            login_code.c.purpose == _PURPOSE,
            login_code.c.customer_id.is_not(None),
            login_code.c.used_at.is_(None),
            login_code.c.expires_at > tx.now,
        )
        .values(used_at=tx.now)
    )
    if used.rowcount != 1:
        return None
    customer_id = str(tx.scalar(select(login_code.c.customer_id).where(login_code.c.id == link_id)))
    if queries.get(tx, customer_id).locked_at is not None:
        return None
    service.end_sessions(tx, customer_id)
    return customer_id


def _signature(keys: Keys, link_id: str) -> str:
    return keys.sign("access-link", link_id)
