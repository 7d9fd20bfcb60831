"""Who is calling: a session by bearer token or cookie, or an integrator's API key. Cookies need the CSRF word."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response

from madoguchi.counter.actors import Actor
from madoguchi.counter.customers import identity
from madoguchi.counter.problems import NotAllowed, SignInNeeded
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team import service as team
from madoguchi.engine import sessions
from madoguchi.engine.database import Transaction
from madoguchi.engine.sessions import Session
from madoguchi.faces.house import House, house_of

CUSTOMER_COOKIE = "madoguchi_customer"
STAFF_COOKIE = "madoguchi_staff"
_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Principal:
    """The caller. `session` is None for API keys; `cookie` tells that the browser sent it by itself."""

    actor: Actor
    session: Session | None
    cookie: bool = False
    csrf: str = ""

    @property
    def is_staff(self) -> bool:
        return self.actor.kind == "agent"


def bearer_of(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def find_principal(tx: Transaction, house: House, token: str, *, cookie: bool) -> Principal | None:
    """The principal of a session token or API key; None when it is unknown, over, or its owner was shut out."""
    if token.startswith("mdg_"):
        key = team_queries.live_key(tx, token)
        return None if key is None else Principal(team.actor_of_key(key), None)
    found = sessions.find(tx, token)
    if found is None:
        return None
    csrf = house.keys.sign("csrf", found.token_hash)[:40] if cookie else ""
    if found.kind == "staff":
        idle = timedelta(minutes=house.settings.identity.staff_idle_minutes)
        agent = team_queries.find(tx, found.subject_id)
        if agent is None or not agent.active or found.last_seen_at + idle < tx.now:
            return None
        return Principal(team.actor_of(agent), found, cookie, csrf)
    return Principal(identity.actor_of(found, tx.now, house.settings), found, cookie, csrf)


async def principal_of(connection: HTTPConnection, prefer: str = "") -> Principal | None:
    """The caller, by `Authorization: Bearer`, else by cookie; `prefer` names the cookie to look at first."""
    house = house_of(connection)
    token = bearer_of(connection)
    if token:
        return await house.database.aread(find_principal, house, token, cookie=False)
    for name in (
        (STAFF_COOKIE, CUSTOMER_COOKIE) if prefer != CUSTOMER_COOKIE else (CUSTOMER_COOKIE, STAFF_COOKIE)
    ):
        token = connection.cookies.get(name, "")
        if not token:
            continue
        found = await house.database.aread(find_principal, house, token, cookie=True)
        if found is not None:
            return found
    return None


def check_csrf(request: Request, principal: Principal, word: str | None = None) -> None:
    """Raise NotAllowed when a browser's cookie came without the word that only our own pages know (ASVS 3.5.1)."""
    if not principal.cookie or request.method in _SAFE:
        return
    given = word if word is not None else request.headers.get("x-madoguchi-csrf", "")
    if not hmac.compare_digest(given.encode(), principal.csrf.encode()):
        raise NotAllowed("csrf")


async def any_principal(request: Request) -> Principal:
    """A caller of any kind. Raises SignInNeeded."""
    found = await principal_of(request)
    if found is None:
        raise SignInNeeded("session_needed")
    check_csrf(request, found)
    await _touch(request, found)
    return found


async def customer_principal(request: Request) -> Principal:
    """A customer or visitor. Raises SignInNeeded, NotAllowed for staff."""
    found = await principal_of(request, prefer=CUSTOMER_COOKIE)
    if found is None:
        raise SignInNeeded("session_needed")
    if found.actor.kind != "customer":
        raise NotAllowed("customers_only")
    check_csrf(request, found)
    return found


async def staff_principal(request: Request) -> Principal:
    """A member of staff. Raises SignInNeeded, NotAllowed for others."""
    found = await principal_of(request, prefer=STAFF_COOKIE)
    if found is None:
        raise SignInNeeded("session_needed")
    if not found.is_staff:
        raise NotAllowed("staff_only")
    check_csrf(request, found)
    await _touch(request, found)
    return found


AnyCaller = Annotated[Principal, Depends(any_principal)]
CustomerCaller = Annotated[Principal, Depends(customer_principal)]
StaffCaller = Annotated[Principal, Depends(staff_principal)]


def need_scope(principal: Principal, scope: str) -> None:
    """An API key must hold the scope; sessions are bound by their own rights. Raises NotAllowed."""
    if principal.actor.kind == "integrator" and scope not in principal.actor.scopes:
        raise NotAllowed("scope_missing", scope=scope)


def set_session_cookie(response: Response, house: House, name: str, token: str) -> None:
    """HttpOnly; Strict for staff; Secure as soon as the counter is served over https."""
    response.set_cookie(
        name,
        token,
        max_age=house.settings.identity.session_days * 86400 if name == CUSTOMER_COOKIE else None,
        httponly=True,
        secure=house.settings.base_url.startswith("https://"),
        samesite="lax" if name == CUSTOMER_COOKIE else "strict",
        path="/",
    )


async def _touch(request: Request, principal: Principal) -> None:
    """Note at most once a minute that a session is in use."""
    session = principal.session
    house = house_of(request)
    if session is None or house.database.clock() - session.last_seen_at < timedelta(minutes=1):
        return
    await house.database.awrite(sessions.touch, session.token_hash)
