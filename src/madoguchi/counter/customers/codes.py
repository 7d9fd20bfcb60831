"""One-time codes by mail: to sign in, and for guests to prove an order.

Asking has one answer: whether the address or the order is known changes neither words, nor rows, nor the number of
statements (S-11, S-18). Asking for something unknown stores a decoy: a code that no digits fit and no mail carries.

The digits are nowhere stored. They follow from the row's random id and the house's secret, so the outbox carries an
id only, and the mail's text is made at the moment of sending. The row keeps a keyed hash. Six digits, at most ten
minutes, five tries, one session, once (ASVS 6.5.1–6.5.5, 6.6.2, 6.6.3).
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select, update

from madoguchi.counter.customers import queries
from madoguchi.counter.customers.model import login_code
from madoguchi.counter.problems import Invalid, TooMany
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import fingerprint, new_id
from madoguchi.kit.text import fold, normalise

Purpose = Literal["sign_in", "order"]
TOPIC = "mail.code"
WINDOW = timedelta(hours=1)
_DIGITS = 6
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.][^@\s]*\.[^@\s.]+")


@dataclass(frozen=True)
class Proof:
    """What a right code proves: a customer's mailbox, or the mailbox that an order's mails go to."""

    purpose: Purpose
    customer_id: str | None
    order_number: str


@dataclass(frozen=True)
class CodeMail:
    """What the mail says; made when it is sent."""

    to: str
    code: str
    purpose: Purpose
    language: str
    expires_at: datetime


def ask_code(
    tx: Transaction, keys: Keys, settings: Settings, *, session_hash: str, email: str, language: str
) -> None:
    """Send a sign-in code to the customer of this address, if there is one; the caller cannot tell.

    Raises Invalid("email") for what is no address, TooMany for too many codes of one address or session.
    """
    address = checked_address(email)
    found = queries.by_email(tx, address)
    real = found is not None and found.locked_at is None
    _issue(
        tx,
        keys,
        settings,
        purpose="sign_in",
        subject=fold(address),
        session_hash=session_hash,
        customer_id=found.id if found is not None and real else None,
        real=real,
        to=found.email if found is not None and real else address,
        language=language,
    )


def ask_order_code(
    tx: Transaction,
    keys: Keys,
    settings: Settings,
    *,
    session_hash: str,
    order_number: str,
    email: str,
    matches: bool,
    language: str,
) -> None:
    """Send a code to a guest who names an order and its address. `matches`: whether the caller found both to agree.

    The answer is the same in every case (S-11). Raises Invalid and TooMany as `ask_code`.
    """
    _issue(
        tx,
        keys,
        settings,
        purpose="order",
        subject=normalise(order_number).strip()[:200],
        session_hash=session_hash,
        customer_id=None,
        real=matches,
        to=checked_address(email),
        language=language,
    )


def verify_code(
    tx: Transaction, keys: Keys, settings: Settings, *, session_hash: str, purpose: Purpose, code: str
) -> Proof | None:
    """What the code proves, or None: wrong, too late, used, burnt, of another session.

    It returns instead of raising, so that the counted try is committed. The newest code of the session is meant.
    """
    typed = re.sub(r"[\s\-]", "", normalise(code))
    row = tx.first(
        select(login_code)
        .where(
            login_code.c.session_hash == session_hash,
            login_code.c.purpose == purpose,
            login_code.c.used_at.is_(None),
        )
        .order_by(login_code.c.created_at.desc(), login_code.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    right = hmac.compare_digest(_hash(keys, row.id if row else "", typed), row.code_hash if row else "0" * 64)
    if row is None or row.expires_at <= tx.now or row.tries >= settings.identity.code_tries:
        return None
    if not right:
        tx.execute(update(login_code).where(login_code.c.id == row.id).values(tries=row.tries + 1))
        return None
    tx.execute(update(login_code).where(login_code.c.id == row.id).values(used_at=tx.now))
    if purpose == "order":
        return Proof(purpose, None, row.subject)
    return Proof(purpose, row.customer_id, "")


def mail_of(tx: Transaction, keys: Keys, settings: Settings, payload: Mapping[str, Any]) -> CodeMail | None:
    """The mail for an errand of topic `mail.code`; None when nothing is to be sent: a decoy, used, burnt, too late."""
    row = tx.first(select(login_code).where(login_code.c.id == payload["code_id"]))
    if row is None or row.used_at is not None or row.expires_at <= tx.now:
        return None
    if row.tries >= settings.identity.code_tries:
        return None
    code = _digits_of(keys, row.id)
    if not hmac.compare_digest(_hash(keys, row.id, code), row.code_hash):
        return None
    return CodeMail(
        to=payload["to"],
        code=code,
        purpose=row.purpose,
        language=payload["language"],
        expires_at=row.expires_at,
    )


def forget_old(tx: Transaction) -> int:
    """Remove codes and used shop tokens a day after they ended; returns how many."""
    return tx.execute(delete(login_code).where(login_code.c.expires_at < tx.now - timedelta(days=1))).rowcount


def _issue(
    tx: Transaction,
    keys: Keys,
    settings: Settings,
    *,
    purpose: Purpose,
    subject: str,
    session_hash: str,
    customer_id: str | None,
    real: bool,
    to: str,
    language: str,
) -> None:
    tx.lock("code", fold(to))
    _limit(tx, login_code.c.subject == subject, purpose, settings)
    _limit(tx, login_code.c.session_hash == session_hash, purpose, settings)
    tx.execute(  # an earlier code of the session ends with the new one
        update(login_code)
        .where(
            login_code.c.session_hash == session_hash,
            login_code.c.purpose == purpose,
            login_code.c.used_at.is_(None),
        )
        .values(used_at=tx.now)
    )
    code_id = new_id("code")
    true_hash, decoy_hash = (
        _hash(keys, code_id, _digits_of(keys, code_id)),
        fingerprint(secrets.token_hex(32)),
    )
    tx.execute(
        insert(login_code).values(
            id=code_id,
            purpose=purpose,
            subject=subject,
            session_hash=session_hash,
            customer_id=customer_id,
            code_hash=true_hash if real else decoy_hash,
            tries=0,
            created_at=tx.now,
            expires_at=tx.now + timedelta(minutes=settings.identity.code_minutes),
        )
    )
    outbox.put(tx, TOPIC, {"code_id": code_id, "to": to, "language": language}, key=f"code/{code_id}")


def _limit(tx: Transaction, of: Any, purpose: Purpose, settings: Settings) -> None:
    row = tx.first(
        select(func.count().label("asked"), func.min(login_code.c.created_at).label("oldest")).where(
            of, login_code.c.purpose == purpose, login_code.c.created_at > tx.now - WINDOW
        )
    )
    if row is not None and row.asked >= settings.limits.codes_per_hour:
        raise TooMany(
            "too_many_codes", retry_after=max(1, int((row.oldest + WINDOW - tx.now).total_seconds()))
        )


def checked_address(email: str) -> str:
    """The address as it is written to. Raises Invalid("email_unusable")."""
    address = normalise(email).strip()
    if len(address) > 200 or not _ADDRESS.fullmatch(address):
        raise Invalid("email_unusable", field="email")
    return address


def _digits_of(keys: Keys, code_id: str) -> str:
    """Six digits from the row's 80 random bits under the house's key; the bias of the remainder is below 2⁻⁴⁴."""
    number = int(keys.sign("login-code.digits", code_id)[:16], 16)
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def _hash(keys: Keys, code_id: str, digits: str) -> str:
    return keys.sign("login-code.hash", f"{code_id}:{digits}")
