"""The left pane of the desk for one agent: own and waiting contacts, counts, queues, own status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import follow_ups
from madoguchi.counter.contacts import queries
from madoguchi.counter.routing import queries as routing_queries
from madoguchi.counter.routing import status_kinds
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.wording import status_label
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team.model import Agent
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.schemas import AgentOut, InboxCounts, InboxOut, QueueOut, StatusKindOut
from madoguchi.faces.house import House
from madoguchi.faces.views import contacts_out

INBOX_ROWS = 300


def inbox_of(tx: Transaction, house: House, actor: Actor) -> InboxOut:
    """The desk's whole left pane for one agent."""
    overview = queues_of(tx, actor.language, house)
    zone = ZoneInfo(house.settings.shop.timezone)
    rows = {
        contact.id: contact
        for view in queries.DESK_VIEWS
        for contact in queries.for_desk(tx, actor.id, view, limit=INBOX_ROWS)
    }
    shown = list(rows.values())[:INBOX_ROWS]
    present = {contact.id: house.presence.present(contact.id, "customer") for contact in shown}
    return InboxOut(
        contacts=contacts_out(tx, actor, shown, actor.language, present=present, timezone=zone),
        counts=counts_of(tx, actor, overview),
        me=me_of(tx, house, actor),
        queues=overview,
        statuses=[
            StatusKindOut(id=each.id, label=each.label(actor.language), base=each.base)
            for each in status_kinds.kinds(tx)
        ],
    )


def counts_of(tx: Transaction, actor: Actor, overview: Sequence[QueueOut]) -> InboxCounts:
    return InboxCounts(
        **queries.counts_for_desk(tx, actor.id),
        longest_wait_s=max((queue.longest_s for queue in overview), default=0),
        follow_ups=follow_ups.due_of(tx, actor.id),
    )


def me_of(tx: Transaction, house: House, actor: Actor) -> AgentOut:
    return agent_out(tx, house, team_queries.get(tx, actor.id), actor.language)


def agent_out(tx: Transaction, house: House, agent: Agent, language: str) -> AgentOut:
    doing = routing_queries.presence(tx, agent.id, Rules.of(house.settings))
    kind = status_kinds.find(tx, doing.kind) if doing.kind else None
    minutes = kind.remind_minutes if kind else None
    return AgentOut(
        id=agent.id,
        name=agent.display_name,
        status=doing.status,
        status_label=kind.label(language) if kind else status_label(doing.status, language, doing.kind),
        kind=kind.id if kind else "",
        remind_at=doing.since + timedelta(minutes=minutes) if minutes and doing.since else None,
        since=doing.since,
        open_contacts=queries.open_contacts_of_agents(tx).get(agent.id, 0),
        capacity=routing_queries.hands_of(tx, agent).capacity,
        roles=list(agent.roles),
        languages=list(agent.languages),
        queues=list(agent.queues),
    )


def queues_of(tx: Transaction, language: str, house: House) -> list[QueueOut]:
    return [
        QueueOut(
            id=state.queue.id,
            name=state.queue.label(language),
            waiting=state.waiting,
            longest_s=state.longest_s,
            available_agents=state.available_agents,
            open=state.open,
        )
        for state in routing_queries.overview(tx, Rules.of(house.settings))
    ]
