"""Actors: who does a thing, and how much they have proved about who they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal

ActorKind = Literal["customer", "assistant", "agent", "seller", "system", "integrator"]
Role = Literal["agent", "supervisor", "operator", "seller", "editor"]


class Rung(IntEnum):
    """The identity ladder. Each action names the rung it needs (`policy.toml`, section `identity`)."""

    VISITOR = 0
    ORDER = 1
    SIGNED_IN = 2
    FRESH = 3


@dataclass(frozen=True)
class Actor:
    """Who acts.

    `id`: customer/visitor id, agent id, API key id, `assistant` or `system`. `customer_id` is the customer in whose
    name it is done (None: nobody known), `rung` what that customer has proved, `order_numbers` the orders proved on
    rung ORDER. Agents act within their `roles` *and* the customer's rung where a contact is concerned. A seller is no
    staff: they have an account like staff, bound to `seller_id`, and see what concerns their own goods.
    """

    kind: ActorKind
    id: str
    name: str = ""
    customer_id: str | None = None
    rung: Rung = Rung.VISITOR
    order_numbers: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[Role] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)
    seller_id: str = ""
    language: str = "ja"

    @property
    def is_staff(self) -> bool:
        return self.kind == "agent"

    def may(self, role: Role) -> bool:
        """Whether a member of staff holds this role."""
        return self.kind == "agent" and role in self.roles

    def on_behalf_of(self, customer_id: str | None, rung: Rung, order_numbers: frozenset[str]) -> Actor:
        """The same actor, bound to a customer's identity (ASVS 8.3.3: the originating subject's rights)."""
        return replace(self, customer_id=customer_id, rung=rung, order_numbers=order_numbers)


ASSISTANT = Actor(kind="assistant", id="assistant")
SYSTEM = Actor(kind="system", id="system")
