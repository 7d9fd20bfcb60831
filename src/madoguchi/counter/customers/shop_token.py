"""The shop's signed token: a JWT of minutes by which the shop says who its signed-in customer is.

HS256 only, whatever the header says (ASVS 9.1.2); `iss`, `aud`, `sub`, `iat`, `exp` and `jti` are required, a life
longer than the setting allows is refused, and a token works once. Every refusal is the same refusal (S-14).

The token vouches for the shop's session, not for a person at the keyboard: only the claim `auth_time` (OpenID
Connect Core §2), seconds at which the shop last checked the person, makes the session fresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from madoguchi.counter.customers import queries, service
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.problems import NotAllowed, Problem
from madoguchi.engine.database import Transaction
from madoguchi.engine.sections import Identity
from madoguchi.kit.clock import to_micros
from madoguchi.kit.ids import fingerprint
from madoguchi.kit.languages import NAMES, nearest

SHORTEST_SECRET = 32  # bytes; RFC 7518 §3.2: a key at least as long as the hash
CLOCK_SKEW_S = 5


class TokenRefused(Problem):
    """The token cannot be used; why is not said."""

    code = "shop_token_refused"
    status = 401


@dataclass(frozen=True)
class Claims:
    """What a verified token says. None: the shop says nothing about it."""

    subject: str
    token_id: str
    issued_at: datetime
    expires_at: datetime
    checked_at: datetime | None
    name: str | None
    email: str | None
    language: str | None


def read(token: str, now: datetime, identity: Identity) -> Claims:
    """Verify a token. Pure. Raises NotAllowed("shop_token_off") when none is configured, else TokenRefused."""
    secret = identity.shop_token_secret.encode()
    if len(secret) < SHORTEST_SECRET:
        raise NotAllowed("shop_token_off")
    try:
        found = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=identity.shop_token_audience,
            issuer=identity.shop_token_issuer,
            options={
                "require": ["iss", "aud", "sub", "iat", "exp", "jti"],
                "verify_exp": False,  # by our own clock, below
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        return _claims(found, now.timestamp(), identity.shop_token_max_minutes * 60)
    except (jwt.InvalidTokenError, ValueError, OverflowError):
        raise TokenRefused from None


def redeem(tx: Transaction, claims: Claims) -> Customer:
    """Use the token up and bring the customer up to date with what it says. Raises TokenRefused the second time."""
    mark = f"jti_{fingerprint(claims.token_id)[:50]}"
    cursor = tx.driver(
        "INSERT INTO login_code (id, purpose, subject, session_hash, code_hash, tries, created_at, expires_at, used_at)"
        " VALUES (?, 'shop_token', '', '', '', 0, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (mark, to_micros(tx.now), to_micros(claims.expires_at), to_micros(tx.now)),
    )
    first_time = cursor.rowcount == 1
    cursor.close()
    if not first_time or claims.expires_at <= tx.now:
        raise TokenRefused
    known = queries.by_shop_ref(tx, claims.subject)
    return service.upsert(
        tx,
        shop_ref=claims.subject,
        name=claims.name,
        email=claims.email,
        language=claims.language if known is None else None,
    )


def _claims(found: dict[str, Any], now: float, longest_s: int) -> Claims:
    issued, expires = _seconds(found["iat"]), _seconds(found["exp"])
    if not issued <= now + CLOCK_SKEW_S or not now < expires or not 0 < expires - issued <= longest_s:
        raise ValueError("outside its time")
    if "nbf" in found and _seconds(found["nbf"]) > now + CLOCK_SKEW_S:
        raise ValueError("not yet valid")
    checked = None
    if found.get("auth_time") is not None:
        checked = _seconds(found["auth_time"])
        if checked > issued + CLOCK_SKEW_S:
            raise ValueError("checked after it was issued")
    email = _text(found, "email", 200)
    return Claims(
        subject=_required(found, "sub", 120),
        token_id=_required(found, "jti", 200),
        issued_at=datetime.fromtimestamp(issued, UTC),
        expires_at=datetime.fromtimestamp(expires, UTC),
        checked_at=None
        if checked is None
        else min(datetime.fromtimestamp(checked, UTC), datetime.fromtimestamp(now, UTC)),
        name=_text(found, "name", 200),
        email=None if found.get("email_verified") is False else email,
        language=nearest(_text(found, "locale", 20) or "", NAMES),
    )


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a time")
    return float(value)


def _required(found: dict[str, Any], claim: str, longest: int) -> str:
    value = _text(found, claim, longest)
    if not value:
        raise ValueError(f"no {claim}")
    return value


def _text(found: dict[str, Any], claim: str, longest: int) -> str | None:
    value = found.get(claim)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"{claim} is not a text")
    return value
