"""Reading agents and API keys."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from madoguchi.counter.problems import NotFound
from madoguchi.counter.team.model import Agent, ApiKey, agent, api_key
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import fingerprint
from madoguchi.kit.text import fold


def find(tx: Transaction, agent_id: str) -> Agent | None:
    row = tx.first(select(agent).where(agent.c.id == agent_id))
    return None if row is None else Agent(**row._mapping)


def get(tx: Transaction, agent_id: str) -> Agent:
    """Raises NotFound("agent_not_found")."""
    found = find(tx, agent_id)
    if found is None:
        raise NotFound("agent_not_found", id=agent_id)
    return found


def by_login(tx: Transaction, login: str) -> Agent | None:
    """Logins are compared without regard to case and width."""
    row = tx.first(select(agent).where(agent.c.login == fold(login)))
    return None if row is None else Agent(**row._mapping)


def display_name(tx: Transaction, agent_id: str) -> str:
    """The name that customers see; empty for an unknown agent."""
    return tx.scalar(select(agent.c.display_name).where(agent.c.id == agent_id)) or ""


def agents(tx: Transaction, *, active_only: bool = False, only: Collection[str] | None = None) -> list[Agent]:
    """All agents by login, or those with these ids."""
    query = select(agent).order_by(agent.c.login)
    if only is not None:
        query = query.where(agent.c.id.in_(only))
    if active_only:
        query = query.where(agent.c.active.is_(True))
    return [Agent(**row._mapping) for row in tx.all(query)]


def by_display_name(tx: Transaction, text: str) -> list[Agent]:
    """The agents whom a customer may mean by the name on the screen (CASE-002)."""
    wanted = fold(text)
    return [found for found in agents(tx) if wanted and wanted in fold(found.display_name)]


def keys(tx: Transaction) -> list[ApiKey]:
    """All API keys, newest first, revoked ones included."""
    return [ApiKey(**row._mapping) for row in tx.all(select(api_key).order_by(api_key.c.created_at.desc()))]


def live_key(tx: Transaction, secret: str) -> ApiKey | None:
    """The key that is shown, unless it is unknown or revoked."""
    if not secret.startswith("mdg_"):
        return None
    row = tx.first(
        select(api_key).where(api_key.c.key_hash == fingerprint(secret), api_key.c.revoked_at.is_(None))
    )
    return None if row is None else ApiKey(**row._mapping)
