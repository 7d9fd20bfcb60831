"""The verbs of drafts: begin, save, send to review, send back, approve, go live, return to an earlier version.

Every verb but the first says which revision of the draft was seen; another one is a conflict, and nothing is lost. Who
may call them follows from the role (`articles.edit`, `articles.approve`); four eyes are looked after here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from madoguchi.counter.actors import SYSTEM, Actor
from madoguchi.counter.knowledge import queries, service
from madoguchi.counter.knowledge.draft_model import Draft, article_draft
from madoguchi.counter.knowledge.model import Article
from madoguchi.counter.knowledge.reviewing import After, Move, after, needs_another
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction

LIVE = "article.live"  # an errand for the day on which a draft goes live


def find(tx: Transaction, article_id: str) -> Draft | None:
    row = tx.first(select(article_draft).where(article_draft.c.article_id == article_id))
    return _draft(row) if row else None


def every(tx: Transaction) -> list[Draft]:
    """Those that were changed first come first: they have waited longest."""
    return [_draft(row) for row in tx.all(select(article_draft).order_by(article_draft.c.changed_at))]


def begin(tx: Transaction, wanted: Article, actor: Actor, origin: str = "") -> Draft:
    """A draft of this article; the one that there is already, where there is one."""
    tx.lock("article_draft", wanted.id)
    found = find(tx, wanted.id)
    if found is not None:
        return found
    live = queries.find(tx, wanted.id)
    draft = Draft(
        article_id=wanted.id,
        state="draft",
        content=wanted.content(),
        base_version=live.version if live else 0,
        revision=1,
        writers=(actor.id,),
        changed_by=actor.name or actor.id,
        changed_at=tx.now,
        origin=origin[:200],
    )
    tx.execute(insert(article_draft).values(_row(draft)))
    return draft


def save(tx: Transaction, wanted: Article, seen: int, actor: Actor) -> Draft:
    """Raises Conflict: somebody else changed it meanwhile, or it is not in writing."""
    draft = _seen(tx, wanted.id, seen)
    _next(draft, "save")
    if draft.content == wanted.content():
        return draft
    writers = tuple(dict.fromkeys((*draft.writers, actor.id)))
    return _change(tx, draft, actor, content=wanted.content(), writers=writers)


def send(tx: Transaction, article_id: str, seen: int, actor: Actor) -> Draft:
    """To whoever approves."""
    draft = _seen(tx, article_id, seen)
    return _change(tx, draft, actor, state=_next(draft, "send"), word="")


def send_back(tx: Transaction, article_id: str, seen: int, actor: Actor, word: str) -> Draft:
    """To its writers, with what should be otherwise."""
    draft = _seen(tx, article_id, seen)
    return _change(tx, draft, actor, state=_next(draft, "send_back"), word=word)


def take_back(tx: Transaction, article_id: str, seen: int, actor: Actor) -> Draft:
    """Out of the review or before the day, to write on."""
    draft = _seen(tx, article_id, seen)
    state = _next(draft, "take_back")
    return _change(tx, draft, actor, state=state, live_at=None, approved_by="", approved_name="")


def discard(tx: Transaction, article_id: str, seen: int) -> None:
    draft = _seen(tx, article_id, seen)
    _next(draft, "discard")
    _remove(tx, article_id)


def go_on_from_newest(tx: Transaction, article_id: str, seen: int, actor: Actor) -> Draft:
    """The writer has looked at what became of the article meanwhile, and the draft shall replace that too."""
    draft = _seen(tx, article_id, seen)
    live = queries.find(tx, article_id)
    return _change(tx, draft, actor, base_version=live.version if live else 0)


def approve(
    tx: Transaction,
    article_id: str,
    seen: int,
    actor: Actor,
    *,
    four_eyes: bool,
    at: datetime | None = None,
    base: Article | None = None,
) -> Article | None:
    """Live now, or at a date (None is returned then). `base`: the shipped article, if there is one.

    Raises NotAllowed("four_eyes") for one of its writers, Conflict("article_moved") where the article was changed after
    the draft had been begun.
    """
    draft = _seen(tx, article_id, seen)
    later = at is not None and at > tx.now
    state = _next(draft, "schedule" if later else "approve")
    if needs_another(actor.id, draft.writers, four_eyes=four_eyes):
        raise NotAllowed("four_eyes")
    if _has_moved(tx, draft):
        raise Conflict("article_moved")
    if not later:
        return _live(tx, draft, actor, base)
    scheduled = _change(
        tx, draft, actor, state=state, live_at=at, approved_by=actor.id, approved_name=actor.name
    )
    payload = {"article_id": article_id, "revision": scheduled.revision}
    key = f"{LIVE}/{article_id}/{scheduled.revision}/{scheduled.changed_at.isoformat()}"
    outbox.put(tx, LIVE, payload, due_at=at, key=key)
    return None


def due(tx: Transaction, article_id: str, revision: int, base: Article | None = None) -> Article | None:
    """The day has come. Nothing happens to a draft that was taken back; one whose article changed goes to review again."""
    tx.lock("article_draft", article_id)
    draft = find(tx, article_id)
    if draft is None or draft.revision != revision or after(draft.state, "due") is None:
        return None
    if _has_moved(tx, draft):
        _change(tx, draft, SYSTEM, state="review", live_at=None, approved_by="", approved_name="")
        return None
    approver = Actor(kind="agent", id=draft.approved_by, name=draft.approved_name)
    return _live(tx, draft, approver, base)


def roll_back(tx: Transaction, article_id: str, version: int, actor: Actor) -> Article:
    """An earlier version is live again, as a new one. It had been approved once; a draft stays as it is."""
    wanted = next((each for each in queries.history(tx, article_id) if each.version == version), None)
    if wanted is None:
        raise NotFound("not_found", id=f"{article_id}/{version}")
    return service.put(tx, Article.holding(article_id, wanted.after), actor)


def _live(tx: Transaction, draft: Draft, actor: Actor, base: Article | None) -> Article:
    put = service.put(tx, replace(draft.article, state="published"), actor, base)
    _remove(tx, draft.article_id)
    return put


def _has_moved(tx: Transaction, draft: Draft) -> bool:
    live = queries.find(tx, draft.article_id)
    return (live.version if live else 0) != draft.base_version


def _seen(tx: Transaction, article_id: str, seen: int) -> Draft:
    tx.lock("article_draft", article_id)
    draft = find(tx, article_id)
    if draft is None:
        raise NotFound("not_found", id=article_id)
    if draft.revision != seen:
        raise Conflict("draft_changed", by=draft.changed_by)
    return draft


def _next(draft: Draft, move: Move) -> After:
    found = after(draft.state, move)
    if found is None:
        raise Conflict("draft_elsewhere", state=draft.state)
    return found


def _change(tx: Transaction, draft: Draft, actor: Actor, **changes: Any) -> Draft:
    changed = replace(
        draft,
        **changes,
        revision=draft.revision + 1,
        changed_by=actor.name or actor.id,
        changed_at=tx.now,
    )
    here = article_draft.c.article_id == draft.article_id
    tx.execute(update(article_draft).where(here).values(_row(changed)))
    return changed


def _remove(tx: Transaction, article_id: str) -> None:
    tx.execute(delete(article_draft).where(article_draft.c.article_id == article_id))


def _row(draft: Draft) -> dict[str, Any]:
    return {**vars(draft), "writers": list(draft.writers)}


def _draft(row: Any) -> Draft:
    found = {column.name: getattr(row, column.name) for column in article_draft.columns}
    return Draft(**{**found, "writers": tuple(row.writers)})
