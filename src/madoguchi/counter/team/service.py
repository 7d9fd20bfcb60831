"""The verbs of the team: hire, change, switch off; second factors; API keys. Each takes a transaction, none commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pyotp
from pyotp.totp import TOTP
from sqlalchemy import insert, or_, update

from madoguchi.counter.actors import SYSTEM, Actor, Role
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.counter.team import passwords, queries
from madoguchi.counter.team.model import Agent, ApiKey, agent, api_key
from madoguchi.counter.team.policy import ROLES, SCOPES
from madoguchi.engine import audit, sessions
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import fingerprint, new_id, new_secret
from madoguchi.kit.text import fold, normalise

STEP_SECONDS = 30  # RFC 6238
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,118}")


def actor_of(found: Agent, language: str = "ja") -> Actor:
    """The agent as one who acts; the name is the one that customers see. A seller's account acts as a seller."""
    if found.seller_id:
        return Actor(
            kind="seller", id=found.id, name=found.display_name, seller_id=found.seller_id, language=language
        )
    return Actor(
        kind="agent", id=found.id, name=found.display_name, roles=frozenset(found.roles), language=language
    )


def actor_of_key(key: ApiKey) -> Actor:
    return Actor(kind="integrator", id=key.id, name=key.name, scopes=frozenset(key.scopes))


def add_agent(
    tx: Transaction,
    *,
    login: str,
    password: str,
    name: str,
    display_name: str = "",
    roles: Sequence[Role] = ("agent",),
    languages: Sequence[str] = ("ja",),
    queues: Sequence[str] = ("*",),
    capacity: int = 3,
    seller_id: str = "",
    shortest_password: int = 12,
    password_hash: str = "",
    by: Actor = SYSTEM,
) -> Agent:
    """Add a member of staff, or a seller's account: role `seller` alone, and bound to a seller.

    `password_hash`: of a password that was made by us and hashed before, since hashing many takes its time. Raises Conflict("login_taken"), Invalid for login, role or password."""
    folded = checked_login(login)
    if queries.by_login(tx, folded) is not None:
        raise Conflict("login_taken", login=folded)
    if ("seller" in roles) != bool(seller_id) or (seller_id and len(roles) > 1):
        raise Invalid("seller_unbound", field="seller_id")
    if not password_hash:
        passwords.check(password, shortest_password, folded, name, display_name)
    found = Agent(
        id=new_id("agt"),
        login=folded,
        name=normalise(name).strip() or folded,
        display_name=normalise(display_name or name).strip() or folded,
        password_hash=password_hash or passwords.hashed(password),
        totp_secret=None,
        totp_last_step=None,
        roles=_checked_roles(roles),
        languages=list(dict.fromkeys(languages)),
        queues=list(dict.fromkeys(queues)),
        capacity=_checked_capacity(capacity),
        active=True,
        created_at=tx.now,
        seller_id=seller_id,
    )
    tx.execute(insert(agent).values(**vars(found)))
    _audit(tx, by, "agent.added", found.id, roles=found.roles)
    return found


def checked_login(login: str) -> str:
    """As it is kept. Raises Invalid("login_unusable")."""
    folded = fold(login)
    if not _LOGIN.fullmatch(folded):
        raise Invalid("login_unusable", field="login")
    return folded


def set_password(
    tx: Transaction, agent_id: str, password: str, *, shortest_password: int = 12, by: Actor = SYSTEM
) -> None:
    """Replace the password; every session of the agent ends (ASVS 7.4.3)."""
    found = queries.get(tx, agent_id)
    passwords.check(password, shortest_password, found.login, found.name, found.display_name)
    _set(tx, agent_id, password_hash=passwords.hashed(password))
    sessions.end_all(tx, "staff", agent_id)
    _audit(tx, by, "agent.password_set", agent_id)


def set_roles(tx: Transaction, agent_id: str, roles: Sequence[Role], by: Actor = SYSTEM) -> Agent:
    """Replace the roles. They hold from the next request on: sessions keep no roles."""
    if ("seller" in roles) != bool(queries.get(tx, agent_id).seller_id) or (
        "seller" in roles and len(roles) > 1
    ):
        raise Invalid("seller_unbound", field="roles")
    _set(tx, agent_id, roles=_checked_roles(roles))
    _audit(tx, by, "agent.roles_set", agent_id, roles=list(roles))
    return queries.get(tx, agent_id)


def set_skills(
    tx: Transaction,
    agent_id: str,
    *,
    languages: Sequence[str] | None = None,
    queues: Sequence[str] | None = None,
    capacity: int | None = None,
    by: Actor = SYSTEM,
) -> Agent:
    """What this agent can be offered; None leaves a skill as it is. Routing reads it at the next offer (QUE-015)."""
    queries.get(tx, agent_id)
    values: dict[str, Any] = {}
    if languages is not None:
        values["languages"] = list(dict.fromkeys(languages))
    if queues is not None:
        values["queues"] = list(dict.fromkeys(queues))
    if capacity is not None:
        values["capacity"] = _checked_capacity(capacity)
    if values:
        _set(tx, agent_id, **values)
        _audit(tx, by, "agent.skills_set", agent_id, **values)
        tx.wake("inbox", f"agent:{agent_id}")
    return queries.get(tx, agent_id)


def deactivate(tx: Transaction, agent_id: str, by: Actor = SYSTEM) -> None:
    """Switch an account off; its sessions end in the same transaction (S-16). Contacts in hand are routing's matter."""
    queries.get(tx, agent_id)
    _set(tx, agent_id, active=False)
    sessions.end_all(tx, "staff", agent_id)
    tx.wake(f"agent:{agent_id}", "inbox")
    _audit(tx, by, "agent.disabled", agent_id)


def reactivate(tx: Transaction, agent_id: str, by: Actor = SYSTEM) -> None:
    queries.get(tx, agent_id)
    _set(tx, agent_id, active=True)
    _audit(tx, by, "agent.enabled", agent_id)


# ── second factor ─────────────────────────────────────────────────────────────────────────────────


def new_totp_secret(login: str, issuer: str = "Madoguchi") -> tuple[str, str]:
    """A fresh seed and the `otpauth://` address for the authenticator; nothing holds until `enrol_totp`."""
    secret = pyotp.random_base32()
    return secret, TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def enrol_totp(tx: Transaction, agent_id: str, secret: str, code: str, by: Actor = SYSTEM) -> None:
    """Switch the second factor on, once the authenticator has shown that it has the seed. Raises Invalid."""
    queries.get(tx, agent_id)
    step = matching_step(secret, code, tx.now)
    if step is None:
        raise Invalid("totp_wrong", field="code")
    _set(tx, agent_id, totp_secret=secret, totp_last_step=_step_text(step))
    _audit(tx, by, "agent.totp_enrolled", agent_id)


def remove_totp(tx: Transaction, agent_id: str, by: Actor = SYSTEM) -> None:
    """Switch the second factor off; the sessions that it protected end."""
    queries.get(tx, agent_id)
    _set(tx, agent_id, totp_secret=None, totp_last_step=None)
    sessions.end_all(tx, "staff", agent_id)
    _audit(tx, by, "agent.totp_removed", agent_id)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the present one or a neighbour, for slow hands and unset clocks. Pure."""
    totp = TOTP(secret, interval=STEP_SECONDS)
    typed = normalise(code).replace(" ", "")
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        if pyotp.utils.strings_equal(typed, totp.generate_otp(step)):
            found = step
    return found


def spend_totp(tx: Transaction, found: Agent, code: str) -> bool:
    """Use a code up: no code, and none older than the last one, works twice (RFC 6238 §5.2, ASVS 6.5.1)."""
    if found.totp_secret is None:
        return True
    step = matching_step(found.totp_secret, code, tx.now)
    if step is None:
        return False
    result = tx.execute(
        update(agent)
        .where(
            agent.c.id == found.id,
            agent.c.totp_secret == found.totp_secret,
            or_(agent.c.totp_last_step.is_(None), agent.c.totp_last_step < _step_text(step)),
        )
        .values(totp_last_step=_step_text(step))
    )
    return result.rowcount == 1


# ── API keys ──────────────────────────────────────────────────────────────────────────────────────


def create_key(tx: Transaction, name: str, scopes: Sequence[str], by: Actor = SYSTEM) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown this once. Raises Invalid("unknown_scope")."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise Invalid("unknown_scope", field="scopes", scopes=", ".join(SCOPES))
    secret = f"mdg_{new_secret()}"
    key = ApiKey(
        id=new_id("key"),
        name=normalise(name).strip(),
        key_hash=fingerprint(secret),
        scopes=list(dict.fromkeys(scopes)),
        created_at=tx.now,
        last_used_at=None,
        revoked_at=None,
    )
    tx.execute(insert(api_key).values(**vars(key)))
    _audit(tx, by, "api_key.created", key.id, kind="api_key", name=key.name, scopes=key.scopes)
    return key, secret


def revoke_key(tx: Transaction, key_id: str, by: Actor = SYSTEM) -> None:
    """The key stops at the next request. Raises NotFound for an unknown key or one revoked before."""
    result = tx.execute(
        update(api_key)
        .where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )
    if result.rowcount != 1:
        raise NotFound("api_key_not_found", id=key_id)
    _audit(tx, by, "api_key.revoked", key_id, kind="api_key")


def key_used(tx: Transaction, key: ApiKey) -> None:
    """Note the use, at most once a minute."""
    if key.last_used_at is None or tx.now - key.last_used_at > timedelta(minutes=1):
        tx.execute(update(api_key).where(api_key.c.id == key.id).values(last_used_at=tx.now))


def _checked_roles(roles: Sequence[Role]) -> list[Role]:
    if not roles or any(role not in ROLES for role in roles):
        raise Invalid("unknown_role", field="roles", roles=", ".join(ROLES))
    return [role for role in ROLES if role in roles]


def _checked_capacity(capacity: int) -> int:
    if not 1 <= capacity <= 50:
        raise Invalid("capacity_out_of_range", field="capacity", lowest=1, highest=50)
    return capacity


def _step_text(step: int) -> str:
    return f"{step:012d}"  # the column is text; with leading zeros texts compare as numbers do


def _set(tx: Transaction, agent_id: str, **values: Any) -> None:
    tx.execute(update(agent).where(agent.c.id == agent_id).values(**values))


def _audit(
    tx: Transaction, by: Actor, action: str, object_id: str, kind: str = "agent", **detail: Any
) -> None:
    audit.record(
        tx, actor_kind=by.kind, actor_id=by.id, action=action, object_kind=kind, object_id=object_id, **detail
    )
