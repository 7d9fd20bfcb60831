"""What the account desk needs from whoever keeps the accounts, plugged in by the composition root.

A connector is called outside every transaction of ours; `perform` carries the proposal's id as idempotency key. A
shop that keeps its accounts elsewhere names few or no deeds: the customer is then led to its account page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from madoguchi.counter.customers.account_deeds import AccountDeed, AccountDeedName
from madoguchi.counter.customers.account_model import AccountProposal, SignIn, Standing
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.engine.database import Transaction


class AccountRefused(Exception):
    """It will not be done, for good: `code` names the wording."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class AccountUnreachable(Exception):
    """No answer: what became of the deed is unknown until `outcome` tells."""


class AccountConnector(Protocol):
    """Whoever keeps the accounts. `customer_id` None: a visitor, whose typed address names the account if any."""

    def deeds(self) -> frozenset[AccountDeedName]:
        """What it can do."""
        ...

    def perform(
        self, deed: AccountDeed, customer_id: str | None, *, visitor_id: str, language: str, key: str
    ) -> dict[str, Any]:
        """Do it once; the receipt ({"reference": str, …}). Raises AccountRefused or AccountUnreachable.

        For a visitor's address the receipt is the same whether anybody is registered under it (ACC-004, S-11).
        """
        ...

    def outcome(self, key: str) -> dict[str, Any] | None:
        """The receipt of a key that was performed, or None when it never was."""
        ...

    def standing(self, customer_id: str) -> Standing: ...

    def holdings(self, customer_id: str) -> Holdings | None:
        """Membership, subscriptions, devices, services; None where the shop does not tell."""
        ...

    def sign_ins(self, customer_id: str, *, since: datetime, limit: int) -> Sequence[SignIn] | None:
        """Newest first; None where they are kept elsewhere."""
        ...


class AccountJournal(Protocol):
    """Told of every step inside its transaction, so that the contact's ledger holds it too."""

    def account_changed(self, tx: Transaction, proposal: AccountProposal, fact: str) -> None:
        """`fact`: proposal.made | confirmed | done | failed | withdrawn, as for orders."""
        ...
