"""Who may do what: one table of roles and verbs, and one of API scopes. Pure."""

from __future__ import annotations

from typing import Literal, get_args

from madoguchi.counter.actors import Actor, Role

Verb = Literal[
    "contacts.read",
    "contacts.work",  # accept, take, say, transfer, resolve, snooze
    "contacts.reassign",  # take a contact out of another agent's hands
    "customers.read",
    "customers.lock",
    "orders.read",
    "actions.propose",
    "actions.approve",
    "agents.read",
    "agents.manage",
    "history.erase",
    "keys.manage",
    "webhooks.manage",
    "audit.read",
    "installation.manage",
    "figures.read",  # sums and percentiles, nobody's data
    "feedback.read",  # what customers wrote of our help, and dealing with it
    "assistant.teach",  # label what it did not understand; the words are without personal data
]
Scope = Literal["read", "contacts", "actions", "webhooks", "admin"]

VERBS: frozenset[str] = frozenset(get_args(Verb))
ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)

_AGENT: frozenset[Verb] = frozenset(
    {
        "contacts.read",
        "contacts.work",
        "customers.read",
        "customers.lock",
        "orders.read",
        "actions.propose",
        "agents.read",
    }
)
_SUPERVISOR: frozenset[Verb] = _AGENT | {
    "contacts.reassign",
    "actions.approve",
    "history.erase",
    "audit.read",
    "figures.read",
    "feedback.read",
    "assistant.teach",
}
# An operator keeps the installation running and needs no customer's data for that.
_OPERATOR: frozenset[Verb] = frozenset(
    {
        "agents.read",
        "agents.manage",
        "keys.manage",
        "webhooks.manage",
        "audit.read",
        "installation.manage",
        "figures.read",
        "assistant.teach",
    }
)

OF_ROLE: dict[Role, frozenset[Verb]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "operator": _OPERATOR,
    "seller": frozenset(),  # no staff: what sellers may do is bound to their own goods (counter.sellers)
}

OF_SCOPE: dict[Scope, frozenset[Verb]] = {
    "read": frozenset({"contacts.read", "customers.read", "orders.read", "agents.read", "figures.read"}),
    "contacts": frozenset({"contacts.read", "contacts.work"}),
    "actions": frozenset({"orders.read", "actions.propose"}),
    "webhooks": frozenset({"webhooks.manage"}),
    "admin": frozenset({"agents.read", "agents.manage", "audit.read"}),
}


def may(actor: Actor, verb: Verb) -> bool:
    """Whether an agent by role, or an integrator by scope, may do this. The house itself may; a customer may not:
    what customers may do follows from their rung of the identity ladder, not from a role.
    """
    if actor.kind == "agent":
        return any(verb in OF_ROLE[role] for role in actor.roles)
    if actor.kind == "integrator":
        return any(verb in OF_SCOPE[scope] for scope in SCOPES if scope in actor.scopes)
    return actor.kind == "system"
