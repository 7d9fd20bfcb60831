"""Who is calling: a session by bearer token or cookie, or an integrator's API key. Cookies need the CSRF word."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
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
from madoguchi.counter.team.policy import OF_SCOPE, Verb, may
from madoguchi.engine import audit, sessions
from madoguchi.engine.database import Transaction
from madoguchi.engine.sessions import Session
from madoguchi.faces.api.problems import language_of
from madoguchi.faces.house import House, house_of

CUSTOMER_COOKIE = "madoguchi_customer"
STAFF_COOKIE = "madoguchi_staff"
KEY_PREFIX = "mdg_"
VIEW_S = 600
_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Principal:
    """The caller. `session` is None for API keys; `cookie` tells that the browser sent it by itself."""

    actor: Actor
    session: Session | None
    cookie: bool = False
    csrf: str = ""
    token: str = field(default="", repr=False)

    @property
    def is_staff(self) -> bool:
        return self.actor.kind == "agent"


@dataclass(frozen=True)
class CustomerPrincipal(Principal):
    """A customer or visitor, who always has a session."""

    session: Session


def bearer_of(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def find_principal(tx: Transaction, house: House, token: str, *, cookie: bool) -> Principal | None:
    """The principal of a session token or API key; None when it is unknown, over, or its owner was shut out."""
    if token.startswith(KEY_PREFIX):
        key = team_queries.live_key(tx, token)
        return None if key is None else Principal(team.actor_of_key(key), None, token=token)
    found = sessions.find(tx, token)
    if found is None:
        return None
    csrf = house.keys.sign("csrf", found.token_hash)[:40] if cookie else ""
    if found.kind == "staff":
        idle = timedelta(minutes=house.settings.identity.staff_idle_minutes)
        agent = team_queries.find(tx, found.subject_id)
        if agent is None or not agent.active or found.last_seen_at + idle < tx.now:
            return None
        return Principal(team.actor_of(agent), found, cookie, csrf, token)
    return CustomerPrincipal(identity.actor_of(found, tx.now, house.settings), found, cookie, csrf, token)


async def principal_of(connection: HTTPConnection, prefer: str = "") -> Principal | None:
    """The caller, by `Authorization: Bearer`, else by cookie; `prefer` names the cookie to look at first."""
    house = house_of(connection)
    token = bearer_of(connection)
    if token:
        found = await house.database.aread(find_principal, house, token, cookie=False)
        return None if found is None else in_language(connection, found)
    names = (STAFF_COOKIE, CUSTOMER_COOKIE) if prefer != CUSTOMER_COOKIE else (CUSTOMER_COOKIE, STAFF_COOKIE)
    for token in (connection.cookies.get(name, "") for name in names):
        # A key in a cookie would be a browser's cookie without the word that only our pages know.
        if not token or token.startswith(KEY_PREFIX):
            continue
        found = await house.database.aread(find_principal, house, token, cookie=True)
        if found is not None:
            return in_language(connection, found)
    return None


def in_language(connection: HTTPConnection, found: Principal) -> Principal:
    """A customer's session knows its language; staff and programs read in the one that they ask for."""
    if found.actor.kind == "customer":
        connection.scope.setdefault("state", {})["session_language"] = found.actor.language
        return found
    return replace(found, actor=replace(found.actor, language=language_of(connection)))


def check_csrf(request: Request, principal: Principal, word: str | None = None) -> None:
    """Raise NotAllowed when a browser's cookie came without the word that only our own pages know (ASVS 3.5.1)."""
    if not principal.cookie or request.method in _SAFE:
        return
    given = word if word is not None else request.headers.get("x-madoguchi-csrf", "")
    if not hmac.compare_digest(given.encode(), principal.csrf.encode()):
        raise NotAllowed("csrf")


def check_origin(request: Request) -> None:
    """Raise NotAllowed when a browser says that somebody else's page sends this: it would sign the browser in."""
    said = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin", "")
    if said not in ("same-origin", "none") or (origin and origin not in own_origins(request)):
        raise NotAllowed("csrf")


def own_origins(connection: HTTPConnection) -> set[str]:
    """Origins of our own pages: the configured one, and the one at which this request arrived."""
    host = connection.headers.get("host", "")
    return {house_of(connection).settings.base_url, f"http://{host}", f"https://{host}"}


async def any_principal(request: Request) -> Principal:
    """A caller of any kind. Raises SignInNeeded."""
    found = await principal_of(request)
    if found is None:
        raise SignInNeeded("session_needed")
    check_csrf(request, found)
    await _touch(request, found)
    return found


async def customer_principal(request: Request) -> CustomerPrincipal:
    """A customer or visitor. Raises SignInNeeded, NotAllowed for staff."""
    found = await principal_of(request, prefer=CUSTOMER_COOKIE)
    if found is None:
        raise SignInNeeded("session_needed")
    if not isinstance(found, CustomerPrincipal):
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


async def seller_principal(request: Request) -> Principal:
    """A marketplace seller's account. Raises SignInNeeded, NotAllowed for others."""
    found = await principal_of(request, prefer=STAFF_COOKIE)
    if found is None:
        raise SignInNeeded("session_needed")
    if found.actor.kind != "seller":
        raise NotAllowed("sellers_only")
    check_csrf(request, found)
    await _touch(request, found)
    return found


AnyCaller = Annotated[Principal, Depends(any_principal)]
CustomerCaller = Annotated[CustomerPrincipal, Depends(customer_principal)]
StaffCaller = Annotated[Principal, Depends(staff_principal)]
SellerCaller = Annotated[Principal, Depends(seller_principal)]


def need(principal: Principal, verb: Verb) -> None:
    """Staff need a role for this verb, API keys a scope (`counter.team.policy`); customers are bound by what is theirs.

    Raises NotAllowed.
    """
    if principal.actor.kind == "customer" or may(principal.actor, verb):
        return
    if principal.actor.kind == "integrator":
        raise NotAllowed(
            "scope_missing", scope=" | ".join(s for s, verbs in OF_SCOPE.items() if verb in verbs)
        )
    raise NotAllowed("role_missing")


async def note_view(house: House, principal: Principal, kind: str, object_id: str) -> None:
    """Whoever looks at a customer's matter without being that customer leaves a line in the audit log (PRIV-002).

    One line for what one person looks at again and again within ten minutes.
    """
    actor = principal.actor
    if (
        actor.kind == "customer"
        or house.limiter.check("view", f"{actor.id}/{object_id}", 1, VIEW_S) is not None
    ):
        return

    def note(tx: Transaction) -> None:
        audit.record(
            tx,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=f"{kind}.read",
            object_kind=kind,
            object_id=object_id,
        )

    await house.database.awrite(note)


def session_topic(token_hash: str) -> str:
    """The wake-up of everything that hangs on a session: it ended or rose."""
    return f"session:{token_hash}"


def end_session(tx: Transaction, session: Session) -> None:
    """Sign out; live lines of this session close at once."""
    sessions.end(tx, session.token_hash)
    tx.wake(session_topic(session.token_hash))


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
    """Note at most once a minute that a session or a key is in use."""
    house = house_of(request)
    session = principal.session
    if session is None:
        if house.limiter.check("key_used", principal.actor.id, 1, 60) is None:
            await house.database.awrite(_key_used, principal.token)
        return
    if house.database.clock() - session.last_seen_at >= timedelta(minutes=1):
        await house.database.awrite(sessions.touch, session.token_hash)


def _key_used(tx: Transaction, token: str) -> None:
    key = team_queries.live_key(tx, token)
    if key is not None:
        team.key_used(tx, key)
