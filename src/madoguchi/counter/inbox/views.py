"""Views of the inbox under a name: one's own, and those that a supervisor shares with the team."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.inbox.model import Criteria, Sort, View, inbox_view
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

LONGEST_NAME = 60
MOST = 30  # of one's own


def visible(tx: Transaction, actor: Actor) -> list[View]:
    """One's own and the team's, by name."""
    query = select(inbox_view).where(or_(inbox_view.c.agent_id == actor.id, inbox_view.c.shared.is_(True)))
    rows = tx.all(query.order_by(inbox_view.c.shared, inbox_view.c.name, inbox_view.c.id))
    return [_view(row) for row in rows]


def get(tx: Transaction, actor: Actor, view_id: str) -> View:
    """Raises NotFound also for another's that is not shared."""
    row = tx.first(select(inbox_view).where(inbox_view.c.id == view_id))
    if row is None or (row.agent_id != actor.id and not row.shared):
        raise NotFound("view_not_found")
    return _view(row)


def save(tx: Transaction, actor: Actor, name: str, criteria: Criteria, sort: Sort, *, shared: bool) -> View:
    """A new one. Raises NotAllowed to share without the role, Invalid("view_name"), Conflict("too_many_views")."""
    _need_sharing(actor, shared)
    own = select(func.count()).where(inbox_view.c.agent_id == actor.id)
    if int(tx.scalar(own)) >= MOST:
        raise Conflict("too_many_views", most=MOST)
    view = View(new_id("view"), actor.id, shared, _usable(name), criteria, sort, tx.now)
    tx.execute(insert(inbox_view).values({**vars(view), "criteria": asdict(criteria)}))
    tx.wake("inbox")
    return view


def change(
    tx: Transaction, actor: Actor, view_id: str, name: str, criteria: Criteria, sort: Sort, *, shared: bool
) -> View:
    """The same view with other contents. What is shared, or is to be, only a supervisor changes."""
    before = get(tx, actor, view_id)
    _need_sharing(actor, shared or before.shared)
    tx.execute(
        update(inbox_view)
        .where(inbox_view.c.id == view_id)
        .values(name=_usable(name), criteria=asdict(criteria), sort=sort, shared=shared, saved_at=tx.now)
    )
    tx.wake("inbox")
    return get(tx, actor, view_id)


def remove(tx: Transaction, actor: Actor, view_id: str) -> None:
    """Gone, also from the screens of others where it was shared."""
    _need_sharing(actor, get(tx, actor, view_id).shared)
    tx.execute(delete(inbox_view).where(inbox_view.c.id == view_id))
    tx.wake("inbox")


def _need_sharing(actor: Actor, shared: bool) -> None:
    if shared and not may(actor, "views.share"):
        raise NotAllowed("role_missing")


def _usable(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise Invalid("view_name", field="name", longest=LONGEST_NAME)
    return words


def _view(row: Row[Any]) -> View:
    return View(**{**row._mapping, "criteria": Criteria(**row.criteria)})
