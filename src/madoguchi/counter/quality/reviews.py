"""Reviews of conversations: criteria as data, a card for each agent's part in a contact, a fair sample to look at (QLT-005)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound
from madoguchi.counter.quality.model import MARKS, Criterion, Scorecard, review_criterion, scorecard
from madoguchi.counter.team import notices
from madoguchi.counter.team import queries as team
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

LONGEST = 2000
_FILE = Path(__file__).with_name("criteria.toml")
_ID = re.compile(r"[a-z][a-z0-9_]{1,38}")


@dataclass(frozen=True)
class Averages:
    """Of one agent: how many reviews, and the mean mark by criterion."""

    agent_id: str
    reviews: int
    mean: float
    marks: dict[str, float]


@dataclass(frozen=True)
class ToReview:
    """A conversation that nobody has reviewed yet."""

    contact_id: str
    agent_id: str
    ended_at: datetime


def ensure_criteria(tx: Transaction) -> None:
    """Make the delivered criteria that are not there; what the house has changed stays."""
    tx.lock("criteria")
    there = {row.id for row in tx.all(select(review_criterion.c.id))}
    for place, (criterion_id, entry) in enumerate(tomllib.loads(_FILE.read_text("utf-8")).items()):
        if criterion_id not in there:
            values = {"name": entry["name"], "help": entry["help"], "place": place, "active": True}
            tx.execute(insert(review_criterion).values(id=criterion_id, **values))


def criteria(tx: Transaction, *, active_only: bool = True) -> list[Criterion]:
    query = select(review_criterion).order_by(review_criterion.c.place, review_criterion.c.id)
    if active_only:
        query = query.where(review_criterion.c.active.is_(True))
    return [Criterion(**row._mapping) for row in tx.all(query)]


def set_criterion(tx: Transaction, wanted: Criterion, by: Actor) -> None:
    """Add a criterion or change it. Raises Invalid for an id that is none, or a name that is empty."""
    if not _ID.fullmatch(wanted.id):
        raise Invalid("criterion_id", field="id")
    if not any(name.strip() for name in wanted.name.values()):
        raise Invalid("criterion_name", field="name")
    tx.lock("criteria")
    before = {each.id: each for each in criteria(tx, active_only=False)}.get(wanted.id)
    values = {"name": wanted.name, "help": wanted.help, "place": wanted.place, "active": wanted.active}
    if before is None:
        tx.execute(insert(review_criterion).values(id=wanted.id, **values))
    else:
        tx.execute(update(review_criterion).where(review_criterion.c.id == wanted.id).values(**values))
    earlier = {"name": before.name, "active": before.active} if before else None
    after = {"name": wanted.name, "active": wanted.active}
    _audit(tx, by, "criterion.set", "review_criterion", wanted.id, before=earlier, after=after)


def review(
    tx: Transaction, contact_id: str, agent_id: str, marks: Mapping[str, int], comment: str, by: Actor
) -> Scorecard:
    """Review what an agent did in a contact; the agent is told. Reviewing it again replaces one's own card.

    Raises Invalid("marks_missing") unless every active criterion has a mark from 1 to 5, Invalid("nothing_to_review")
    where the agent has said nothing, NotAllowed("own_work").
    """
    if agent_id == by.id:
        raise NotAllowed("own_work")
    wanted = {each.id for each in criteria(tx)}
    if set(marks) != wanted or any(mark not in MARKS for mark in marks.values()):
        raise Invalid("marks_missing", field="marks")
    if len(comment) > LONGEST:
        raise Invalid("message_too_long", field="comment", limit=LONGEST)
    contacts.get(tx, contact_id)
    if agent_id not in speakers(tx, contact_id):
        raise Invalid("nothing_to_review", field="agent_id")
    tx.lock("review", contact_id)
    card = Scorecard(
        new_id("rev"), contact_id, agent_id, by.id, dict(marks), redact(comment.strip()), tx.now, None
    )
    tx.execute(scorecard.delete().where(_of(contact_id, agent_id, by.id)))
    tx.execute(insert(scorecard).values(**vars(card)))
    _audit(tx, by, "contact.reviewed", "contact", contact_id, agent=agent_id, marks=dict(marks))
    notices.tell(tx, agent_id, "reviewed", by)
    return card


def speakers(tx: Transaction, contact_id: str) -> list[str]:
    """The agents who have spoken to the customer here, the first one first."""
    rows = tx.all(
        select(ledger_entry.c.author_id, func.min(ledger_entry.c.seq).label("first"))
        .where(
            ledger_entry.c.contact_id == contact_id,
            ledger_entry.c.kind == "message",
            ledger_entry.c.author_kind == "agent",
        )
        .group_by(ledger_entry.c.author_id)
        .order_by(func.min(ledger_entry.c.seq))
    )
    return [row.author_id for row in rows]


def of_contact(tx: Transaction, contact_id: str) -> list[Scorecard]:
    return _cards(tx, scorecard.c.contact_id == contact_id)


def of_agent(tx: Transaction, agent_id: str, *, limit: int = 100) -> list[Scorecard]:
    """What was said of an agent's work, the newest first."""
    return _cards(tx, scorecard.c.agent_id == agent_id, limit=limit)


def newest(tx: Transaction, *, limit: int = 100) -> list[Scorecard]:
    return _cards(tx, limit=limit)


def seen(tx: Transaction, card_id: str, agent: Actor) -> None:
    """The agent has read it. Raises NotFound for anybody else's card."""
    mine = (scorecard.c.id == card_id, scorecard.c.agent_id == agent.id)
    if tx.first(select(scorecard.c.id).where(*mine)) is None:
        raise NotFound("not_found")
    tx.execute(update(scorecard).where(*mine, scorecard.c.seen_at.is_(None)).values(seen_at=tx.now))


def averages(tx: Transaction, since: datetime) -> list[Averages]:
    """Each agent's mean marks over the reviews since then, the most reviewed first."""
    cards: dict[str, list[Scorecard]] = defaultdict(list)
    for card in _cards(tx, scorecard.c.at >= since, limit=10_000):
        cards[card.agent_id].append(card)
    found = [_averages(agent_id, own) for agent_id, own in cards.items()]
    return sorted(found, key=lambda each: (-each.reviews, each.agent_id))


def sample(tx: Transaction, *, days: int = 7, size: int = 10, seed: str = "") -> list[ToReview]:
    """Conversations of the last days with a person, drawn by lot and without one who picks: evenly over the agents.

    The same `seed` (the week, say) draws the same ones, less those that have been reviewed meanwhile.
    """
    reviewed = select(scorecard.c.contact_id)
    rows = tx.all(
        select(
            contact.c.id,
            contact.c.owner_id,
            func.coalesce(contact.c.ended_at, contact.c.resolved_at).label("over"),
        ).where(
            contact.c.owner_kind == "agent",
            contact.c.state.in_(("resolved", "ended")),
            contact.c.connected_at.is_not(None),
            contact.c.updated_at >= tx.now - timedelta(days=days),
            contact.c.id.not_in(reviewed),
        )
    )
    drawn: dict[str, list[ToReview]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: _lot(seed, row.id)):
        drawn[row.owner_id].append(ToReview(row.id, row.owner_id, row.over))
    turns = [own[turn] for turn in range(size) for _, own in sorted(drawn.items()) if turn < len(own)]
    return turns[:size]


def names(tx: Transaction, cards: Sequence[Scorecard]) -> dict[str, str]:
    """Names of the agents and reviewers of these cards."""
    people = {card.agent_id for card in cards} | {card.reviewer_id for card in cards}
    return {each: team.display_name(tx, each) for each in people}


def _averages(agent_id: str, cards: Sequence[Scorecard]) -> Averages:
    by_criterion: dict[str, list[int]] = defaultdict(list)
    for card in cards:
        for name, mark in card.marks.items():
            by_criterion[name].append(mark)
    marks = {name: sum(given) / len(given) for name, given in by_criterion.items()}
    return Averages(agent_id, len(cards), sum(card.mean for card in cards) / len(cards), marks)


def _cards(tx: Transaction, *where: ColumnElement[bool], limit: int = 100) -> list[Scorecard]:
    query = select(scorecard).where(*where).order_by(scorecard.c.at.desc(), scorecard.c.id).limit(limit)
    return [Scorecard(**row._mapping) for row in tx.all(query)]


def _of(contact_id: str, agent_id: str, reviewer_id: str) -> ColumnElement[bool]:
    """One reviewer's card of one agent's part."""
    return and_(
        scorecard.c.contact_id == contact_id,
        scorecard.c.agent_id == agent_id,
        scorecard.c.reviewer_id == reviewer_id,
    )


def _lot(seed: str, contact_id: str) -> str:
    return hashlib.sha256(f"{seed}/{contact_id}".encode()).hexdigest()


def _audit(tx: Transaction, by: Actor, action: str, kind: str, object_id: str, **detail: object) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind=kind,
        object_id=object_id,
        **detail,
    )
