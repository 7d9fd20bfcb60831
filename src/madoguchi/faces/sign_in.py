"""Signing in, shared by the API and the pages: sessions begin, rise and are renewed here.

Every proof ends the old token and begins a new one, so that a token known before it is worth nothing after it.
Asking for a code takes a whole number of tenths of a second, so that its time tells nothing of what is known (S-11).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import access_links, codes, identity, return_links, shop_token, sign_ins
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.problems import Invalid, NotFound, TooMany
from madoguchi.counter.team.workflow import check_sign_in
from madoguchi.engine import audit, sessions
from madoguchi.engine.database import Transaction
from madoguchi.engine.sessions import Session
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.faces.principal import session_topic
from madoguchi.kit.ids import new_id

STAFF_HOURS = 12
ANSWER_S = 0.1


def begin_visitor(house: House, language: str, address: str, user_agent: str = "") -> str:
    """A session for somebody unknown; returns its token. Raises TooMany for one network address."""
    _limit(house, "sessions", address, house.settings.limits.sessions_per_address, 600)
    device, place = sign_ins.device_of(user_agent), sign_ins.place_of(address)
    return house.database.write(
        lambda tx: identity.begin(tx, language, house.settings.identity, device=device, place=place)
    )


def by_shop_token(house: House, before: Session | None, token: str, language: str) -> str:
    """Sign in the customer whom the shop's token names; returns the new session's token. Raises TokenRefused."""
    claims = shop_token.read(token, house.database.clock(), house.settings.identity)
    return house.database.write(_redeem, house.settings, before, claims, language)


def ask_mail_code(house: House, session: Session, email: str, language: str) -> None:
    """Send a sign-in code if the address is known; the answer is always the same, and takes as long."""
    with _even_time():
        house.database.write(
            codes.ask_code,
            house.keys,
            house.settings,
            session_hash=session.token_hash,
            email=email,
            language=language,
        )


def ask_order_code(house: House, session: Session, order_number: str, email: str, language: str) -> None:
    """Send a code if order and address belong together; the answer is always the same, and takes as long (S-11)."""
    with _even_time():
        order = house.shop.order(order_number.strip())

        def matches(tx: Transaction) -> bool:
            customer = customer_queries.by_shop_ref(tx, order.customer_ref if order else "")
            return identity.same_address(email, customer.email if customer else "")

        house.database.write(
            codes.ask_order_code,
            house.keys,
            house.settings,
            session_hash=session.token_hash,
            order_number=order_number,
            email=email,
            matches=house.database.read(matches),
            language=language,
        )


def verify_code(house: House, before: Session, purpose: codes.Purpose, code: str) -> str:
    """Check a mailed code; returns the token of the risen session. Raises Invalid("wrong_code"); wrong tries count."""
    proof = house.database.write(
        codes.verify_code,
        house.keys,
        house.settings,
        session_hash=before.token_hash,
        purpose=purpose,
        code=code,
    )
    if proof is None:
        raise Invalid("wrong_code", field="code")
    if proof.purpose == "order":
        return house.database.write(_prove_order, house.settings, before, proof.order_number)
    return house.database.write(_sign_in_now, house.settings, before, str(proof.customer_id), "mail_code")


def by_access_link(house: House, before: Session, token: str) -> str:
    """Let in whom a mailed link names, once; returns the new session's token. Raises Invalid("link_over")."""

    def enter(tx: Transaction) -> str | None:
        customer_id = access_links.redeem(tx, house.keys, token)
        if customer_id is None:
            return None
        return _sign_in_now(tx, house.settings, before, customer_id, "access_link")

    entered = house.database.write(enter)
    if entered is None:
        raise Invalid("link_over")
    return entered


def by_return_link(house: House, before: Session, token: str) -> tuple[str, str]:
    """Let somebody back into the chat in which they are waited for; (the new session's token, the contact's id).

    Raises Invalid("link_over").
    """

    def enter(tx: Transaction) -> tuple[str, str] | None:
        found = return_links.redeem(tx, house.keys, token)
        if found is None:
            return None
        return _sign_in_now(tx, house.settings, before, found.customer_id, "return_link"), found.contact_id

    entered = house.database.write(enter)
    if entered is None:
        raise Invalid("link_over")
    return entered


def demo_sign_in(house: House, before: Session, customer_id: str) -> str:
    """Be a customer of the demonstration shop. Raises NotFound where there is no demonstration."""
    if not house.settings.demo.enabled:
        raise NotFound("demo_only")
    return house.database.write(_sign_in_now, house.settings, before, customer_id, "demo")


def sign_in_staff(house: House, login: str, password: str, totp: str, address: str) -> str:
    """Check a staff sign-in; returns the session's token. Raises SignInRefused, TooMany."""
    tries = house.settings.limits.sign_in_tries_per_hour
    _limit(house, "sign_ins", address, tries * 5, 3600)
    agent = check_sign_in(house.database, login, password, totp, tries_per_hour=tries)
    return house.database.write(_begin_staff, agent.id)


def _redeem(
    tx: Transaction, settings: Settings, before: Session | None, claims: shop_token.Claims, language: str
) -> str:
    customer = shop_token.redeem(tx, claims)
    if before is None:
        token = identity.begin(tx, language, settings.identity)
        before = sessions.find(tx, token)
        assert before is not None
    return _sign_in(tx, settings, before, customer.id, "shop_token", checked_at=claims.checked_at)


def _sign_in_now(tx: Transaction, settings: Settings, before: Session, customer_id: str, method: str) -> str:
    return _sign_in(tx, settings, before, customer_id, method, checked_at=tx.now)


def _sign_in(
    tx: Transaction,
    settings: Settings,
    before: Session,
    customer_id: str,
    method: str,
    *,
    checked_at: datetime | None,
) -> str:
    """`checked_at`: when the person at the keyboard was checked; None leaves a session signed in, but not fresh."""
    customer = customer_queries.find(tx, customer_id)
    if customer is None:
        raise NotFound("not_found")
    data = identity.sign_in(tx, before, customer, method=method, fresh_at=checked_at)
    data["masked_email"] = identity.mask_email(customer.email)
    of_another = before.data.get("customer_id") not in (None, customer_id)
    return _renew(tx, settings, before, data, new_id("vis") if of_another else before.subject_id)


def _prove_order(tx: Transaction, settings: Settings, before: Session, order_number: str) -> str:
    data = identity.prove_order(tx, before, order_number)
    return _renew(tx, settings, before, data, before.subject_id)


def _renew(
    tx: Transaction, settings: Settings, before: Session, data: dict[str, Any], subject_id: str
) -> str:
    token = sessions.begin(tx, "customer", subject_id, data, timedelta(days=settings.identity.session_days))
    sessions.end(tx, before.token_hash)
    found = sessions.find(tx, token)
    assert found is not None
    actor = identity.actor_of(found, tx.now, settings)
    contacts.adopt(tx, actor)
    if actor.customer_id is not None:
        cases.adopt(tx, actor.id, actor.customer_id)
    tx.wake(session_topic(before.token_hash))
    return token


def _begin_staff(tx: Transaction, agent_id: str) -> str:
    audit.record(
        tx,
        actor_kind="agent",
        actor_id=agent_id,
        action="session.begun",
        object_kind="agent",
        object_id=agent_id,
    )
    return sessions.begin(tx, "staff", agent_id, {}, timedelta(hours=STAFF_HOURS))


@contextmanager
def _even_time() -> Iterator[None]:
    """Ends at the next whole `ANSWER_S`, however long the work took; refusals as well."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(ANSWER_S - (time.monotonic() - began) % ANSWER_S)


def _limit(house: House, what: str, who: str, count: int, seconds: int) -> None:
    wait = house.limiter.check(what, who, count, seconds)
    if wait is not None:
        raise TooMany(f"too_many_{what}", retry_after=wait)
