"""Signing in: the slow comparison of passwords happens outside every transaction, what it means is written inside one.

A failed try is an audit line, so the limit per login holds across processes and restarts. Whoever exceeds it, knows
no such login, has the wrong password, the wrong code or an account that is switched off hears the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Problem, TooMany
from madoguchi.counter.team import passwords, queries, service
from madoguchi.counter.team.model import Agent
from madoguchi.engine import audit
from madoguchi.engine.database import Database, Transaction
from madoguchi.kit.ids import fingerprint
from madoguchi.kit.text import fold

WINDOW = timedelta(hours=1)
FAILED = "sign_in.failed"


class SignInRefused(Problem):
    """Login, password or code do not fit; which of them is not said."""

    code = "sign_in_refused"
    status = 401


def check_sign_in(
    database: Database, login: str, password: str, totp: str = "", *, tries_per_hour: int = 20
) -> Agent:
    """The agent who proves login, password and, where enrolled, a one-time code.

    Raises SignInRefused, or TooMany with `retry_after` seconds after `tries_per_hour` failures for this login in an
    hour. An unknown login costs the same work as a known one. Call it outside a transaction, in a worker thread.
    """
    name = fingerprint(fold(login))[:32]
    found, wait = database.read(_look, login, name, tries_per_hour)
    if wait:
        raise TooMany("sign_in_too_often", retry_after=wait)
    right = passwords.matches(found.password_hash if found else None, password)
    signed_in = database.write(_decide, name, found if right else None, totp, tries_per_hour)
    if signed_in == "refused":
        raise SignInRefused
    if isinstance(signed_in, int):
        raise TooMany("sign_in_too_often", retry_after=signed_in)
    return signed_in


def _look(tx: Transaction, login: str, name: str, tries: int) -> tuple[Agent | None, int]:
    return queries.by_login(tx, login), _seconds_to_wait(tx, name, tries)


def _decide(
    tx: Transaction, name: str, proved: Agent | None, totp: str, tries: int
) -> Agent | int | Literal["refused"]:
    """Written, not raised: a raised refusal would roll its own record back."""
    tx.lock("sign_in", name)
    wait = _seconds_to_wait(tx, name, tries)  # again: tries that came at the same time count too
    if wait:
        return wait
    present = queries.find(tx, proved.id) if proved else None
    unchanged = present is not None and proved is not None and present.password_hash == proved.password_hash
    if present is None or not unchanged or not present.active or not service.spend_totp(tx, present, totp):
        audit.record(
            tx, actor_kind="system", actor_id="sign_in", action=FAILED, object_kind="login", object_id=name
        )
        return "refused"
    actor: Actor = service.actor_of(present)
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="sign_in.succeeded",
        object_kind="login",
        object_id=name,
        second_factor=present.totp_secret is not None,
    )
    return present


def _seconds_to_wait(tx: Transaction, name: str, tries: int) -> int:
    row = tx.first(
        select(func.count().label("failures"), func.min(audit.audit.c.at).label("oldest")).where(
            audit.audit.c.object_kind == "login",
            audit.audit.c.object_id == name,
            audit.audit.c.action == FAILED,
            audit.audit.c.at > tx.now - WINDOW,
        )
    )
    if row is None or row.failures < tries:
        return 0
    return max(1, int((row.oldest + WINDOW - tx.now).total_seconds()))
