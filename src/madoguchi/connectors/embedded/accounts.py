"""Accounts kept in our own database: the embedded shop's side of the account desk.

Each deed is one write transaction with its key beside it, so that the same key twice is one effect. This shop signs
its customers in by mailed code; what elsewhere is a new password is here a link that lets in once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from madoguchi.connectors.embedded.model import shop_effect, shop_holding
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.customers import access_links, codes, queries, service, sign_ins
from madoguchi.counter.customers.account_deeds import (
    DEED_NAMES,
    AccountDeed,
    AccountDeedName,
    ChangeDefaultAddress,
    LockAccount,
    ResendCode,
    ResetPassword,
    SignOutEverywhere,
)
from madoguchi.counter.customers.account_model import SignIn, Standing
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.customers.ports import AccountRefused
from madoguchi.counter.problems import Invalid, NotFound, TooMany
from madoguchi.engine import sessions
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings


class EmbeddedAccounts:
    """An `AccountConnector` over the customers' own tables."""

    def __init__(self, database: Database, keys: Keys, settings: Settings) -> None:
        self._database = database
        self._keys = keys
        self._settings = settings

    def deeds(self) -> frozenset[AccountDeedName]:
        return frozenset(DEED_NAMES)

    def perform(
        self, deed: AccountDeed, customer_id: str | None, *, visitor_id: str, language: str, key: str
    ) -> dict[str, Any]:
        def do(tx: Transaction) -> dict[str, Any]:
            tx.lock("account_effect", key)
            known = _receipt_of(tx, key)
            if known is not None:
                return known
            self._do(tx, deed, customer_id, visitor_id, language)
            receipt = {
                "reference": f"A{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}",
                "deed": deed.deed,
                "at": tx.now.isoformat(),
            }
            tx.execute(
                insert(shop_effect).values(
                    key=key, order_number="", action=deed.deed, receipt=receipt, at=tx.now
                )
            )
            return receipt

        try:
            return self._database.write(do)
        except (Invalid, TooMany) as problem:
            raise AccountRefused(problem.code) from problem
        except NotFound as problem:
            raise AccountRefused("no_account_named") from problem

    def outcome(self, key: str) -> dict[str, Any] | None:
        return self._database.read(_receipt_of, key)

    def standing(self, customer_id: str) -> Standing:
        return Standing(locked_at=self._database.read(queries.get, customer_id).locked_at)

    def holdings(self, customer_id: str) -> Holdings:
        """A customer of whom nothing is kept holds nothing."""

        def read(tx: Transaction) -> Holdings:
            ref = queries.get(tx, customer_id).shop_ref
            row = tx.first(select(shop_holding.c.body).where(shop_holding.c.id == ref))
            return Holdings.model_validate(row.body) if row else Holdings(customer_ref=ref)

        return self._database.read(read)

    def sign_ins(self, customer_id: str, *, since: datetime, limit: int) -> Sequence[SignIn]:
        return self._database.read(lambda tx: sign_ins.of_customer(tx, customer_id, since=since, limit=limit))

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _do(
        self, tx: Transaction, deed: AccountDeed, customer_id: str | None, visitor_id: str, language: str
    ) -> None:
        match deed:
            case LockAccount():
                service.lock(tx, _known(customer_id), ASSISTANT, "own_wish", keep=visitor_id)
            case SignOutEverywhere():
                service.end_sessions(tx, _known(customer_id), keep=visitor_id)
            case ChangeDefaultAddress():
                service.change_default_address(tx, _known(customer_id), deed.address, ASSISTANT)
            case ResetPassword():
                email = _email(tx, deed.email, customer_id)
                access_links.ask_link(tx, self._settings, email=email, language=language)
            case ResendCode():
                self._resend(tx, _email(tx, deed.email, customer_id), visitor_id, language)

    def _resend(self, tx: Transaction, email: str, visitor_id: str, language: str) -> None:
        """A code belongs to the session that asks for it: here the one that holds the conversation."""
        open_ones = sessions.of_subject(tx, "customer", visitor_id)
        if not open_ones:
            raise AccountRefused("no_session")
        codes.ask_code(
            tx,
            self._keys,
            self._settings,
            session_hash=open_ones[0].token_hash,
            email=email,
            language=language,
        )


def _email(tx: Transaction, typed: str, customer_id: str | None) -> str:
    """The address on file of a known customer, whatever was typed; a visitor's as typed."""
    return queries.get(tx, customer_id).email if customer_id else typed


def _known(customer_id: str | None) -> str:
    if customer_id is None:
        raise AccountRefused("no_account_named")
    return customer_id


def _receipt_of(tx: Transaction, key: str) -> dict[str, Any] | None:
    row = tx.first(select(shop_effect.c.receipt).where(shop_effect.c.key == key))
    return row.receipt if row else None
