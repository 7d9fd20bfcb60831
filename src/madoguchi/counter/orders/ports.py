"""What orders need from a shop, plugged in by the composition root.

A connector is called outside every transaction of ours. `perform` carries our idempotency key: the same key
twice is one effect; `outcome` asks the shop what became of a key when the answer was lost.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import Decision, Order, Product, Proposal, Seller, Wallet
from madoguchi.engine.database import Transaction


class ShopRefused(Exception):
    """The shop will not do it, for good: `code` names the wording, e.g. `order_changed`, `already_shipped`, `out_of_stock`."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


class ShopUnreachable(Exception):
    """No answer: what became of the deed is unknown until `outcome` tells."""


class ShopConnector(Protocol):
    """One shop system."""

    def order(self, number: str) -> Order | None:
        """The order as it is now. Raises ShopUnreachable."""
        ...

    def orders_of(self, customer_ref: str, *, limit: int = 50, before: datetime | None = None) -> list[Order]:
        """Newest first."""
        ...

    def placed_since(self, moment: datetime, *, limit: int = 1000) -> list[Order]:
        """Orders placed since then, the newest first."""
        ...

    def search(self, text: str, *, limit: int = 20) -> list[Order]:
        """By order number or tracking number, whole or from the start; for staff."""
        ...

    def product(self, product_id: str) -> Product | None: ...

    def products(self, *, limit: int = 500) -> list[Product]:
        """The catalogue, by id."""
        ...

    def seller(self, seller_id: str) -> Seller | None: ...

    def wallet(self, customer_ref: str) -> Wallet | None:
        """The customer's ways of paying with their balances; None where the shop tells nothing of them."""
        ...

    def perform(self, order: Order, action: Action, decision: Decision, *, key: str) -> dict[str, Any]:
        """Do it once: on the `order.version` it was decided on, exactly as `decision` says. Returns the shop's receipt
        ({"reference": str, …}). Raises ShopRefused or ShopUnreachable."""
        ...

    def outcome(self, key: str) -> dict[str, Any] | None:
        """The receipt of a key that was performed, or None when the shop never did it."""
        ...


class ProposalJournal(Protocol):
    """Told of every step of a proposal, inside the transaction of the step, so that the contact's ledger holds it too."""

    def proposal_changed(self, tx: Transaction, proposal: Proposal, fact: str) -> None:
        """`fact`: proposal.made | confirmed | done | failed | withdrawn | approval_asked | approved (contacts.events)."""
        ...


class CustomerOfOrder(Protocol):
    """Whose order it is: our customer behind the shop's customer number."""

    def customer_ref(self, customer_id: str) -> str | None:
        """The shop's number of our customer; None when we do not know them."""
        ...

    def customer_id(self, customer_ref: str) -> str | None:
        """Our customer behind the shop's number."""
        ...
