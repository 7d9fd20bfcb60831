"""Who may do what: one table of roles and verbs, and one of API scopes. Pure."""

from __future__ import annotations

from typing import Literal, get_args

from madoguchi.counter.actors import Actor, Role

Verb = Literal[
    "contacts.read",
    "contacts.work",  # accept, take, say, transfer, resolve, snooze
    "contacts.reassign",  # take a contact out of another agent's hands
    "team.lead",  # change an agent's status, lend agents to queues, answer alerts and set when they come
    "quality.review",  # review conversations, see everybody's reviews
    "contacts.coach",  # listen to a conversation and whisper to its agent, unseen by the customer
    "views.share",  # save a view of the inbox for the whole team
    "replies.share",  # save a saved reply for the whole team
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
    "staffing.manage",  # schedules, routing profiles, the house's own statuses
    "queues.manage",  # queues, what leads to them, opening hours
    "figures.read",  # sums and percentiles, nobody's data
    "reports.keep",  # save reports for all who lead, have them mailed, note other shops' figures
    "feedback.read",  # what customers wrote of our help, and dealing with it
    "assistant.teach",  # label what it did not understand; the words are without personal data
    "assistant.divide",  # say which enquiries and deeds the assistant leaves to people (HND-007)
    "rules.change",  # draft rules of the shop, put somebody else's draft in force
    "articles.edit",  # write drafts, synonyms; see what was searched and not found
    "letters.edit",  # the words of the mails that the house sends
    "ways.manage",  # switch the ways to reach us, say whom and what each serves
    "conditions.declare",  # say that a part does not work, or that a peak season has come
    "articles.approve",  # let a draft go live, take an article back, return to an earlier version
]
Scope = Literal["read", "contacts", "actions", "webhooks", "admin", "reports"]

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
    "team.lead",
    "quality.review",
    "contacts.coach",
    "views.share",
    "replies.share",
    "actions.approve",
    "history.erase",
    "audit.read",
    "staffing.manage",
    "figures.read",
    "reports.keep",
    "feedback.read",
    "assistant.teach",
    "assistant.divide",
    "letters.edit",
    "ways.manage",
    "conditions.declare",
    "rules.change",
    "articles.edit",
    "articles.approve",
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
        "staffing.manage",
        "queues.manage",
        "figures.read",
        "reports.keep",
        "assistant.teach",
        "assistant.divide",
        "letters.edit",
        "ways.manage",
        "conditions.declare",
    }
)
# An editor writes articles and sees nobody's data for that.
_EDITOR: frozenset[Verb] = frozenset({"agents.read", "articles.edit"})

OF_ROLE: dict[Role, frozenset[Verb]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "operator": _OPERATOR,
    "editor": _EDITOR,
    "seller": frozenset(),  # no staff: what sellers may do is bound to their own goods (counter.sellers)
}

OF_SCOPE: dict[Scope, frozenset[Verb]] = {
    "read": frozenset({"contacts.read", "customers.read", "orders.read", "agents.read", "figures.read"}),
    "contacts": frozenset({"contacts.read", "contacts.work"}),
    "actions": frozenset({"orders.read", "actions.propose"}),
    "webhooks": frozenset({"webhooks.manage"}),
    "admin": frozenset({"agents.read", "agents.manage", "audit.read"}),
    "reports": frozenset({"figures.read"}),  # for planning tools: nobody's data
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
