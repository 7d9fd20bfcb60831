"""What readers tell us without being asked for their name: searches that nothing answered, and why an article did not help.

Words come veiled. Old rows go whenever a new one is written, so that nothing stays longer than the settings say.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from madoguchi.counter.knowledge.draft_model import (
    Feedback,
    Gap,
    Reason,
    article_feedback,
    article_gap,
)
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import fingerprint
from madoguchi.kit.text import fold

LONGEST_WORDS = 200
MOST_SEARCHERS = 5


def searched_in_vain(tx: Transaction, language: str, words: str, searcher: str, keep: timedelta) -> None:
    """Count it once for each reader. `words`: veiled. `searcher`: a mark of the reader that cannot be traced back."""
    shown = words[:LONGEST_WORDS]
    gap_id = fingerprint(f"{language}/{fold(shown)}")
    mark = fingerprint(f"{gap_id}/{searcher}")[:16]
    tx.lock("article_gap", gap_id)
    tx.execute(delete(article_gap).where(article_gap.c.last_at < tx.now - keep))
    here = article_gap.c.id == gap_id
    row = tx.first(select(article_gap).where(here))
    if row is None:
        new = {"id": gap_id, "language": language, "words": shown, "times": 1, "searchers": [mark]}
        tx.execute(insert(article_gap).values(**new, last_at=tx.now, settled=""))
    elif mark not in row.searchers:
        searchers = [*row.searchers, mark][-MOST_SEARCHERS:]
        change = {"times": row.times + 1, "searchers": searchers, "last_at": tx.now}
        tx.execute(update(article_gap).where(here).values(change))


def gaps(tx: Transaction, fewest: int, *, settled: bool = False) -> list[Gap]:
    """What at least so many readers searched, most often first."""
    rows = tx.all(
        select(article_gap)
        .where(
            article_gap.c.times >= fewest,
            article_gap.c.settled != "" if settled else article_gap.c.settled == "",
        )
        .order_by(article_gap.c.times.desc(), article_gap.c.last_at.desc(), article_gap.c.id)
        .limit(200)
    )
    return [Gap(row.id, row.language, row.words, row.times, row.last_at, row.settled) for row in rows]


def gap(tx: Transaction, gap_id: str) -> Gap | None:
    row = tx.first(select(article_gap).where(article_gap.c.id == gap_id))
    return Gap(row.id, row.language, row.words, row.times, row.last_at, row.settled) if row else None


def settle_gap(tx: Transaction, gap_id: str, by: str) -> None:
    """`by`: the article that answers now, or "-" for what needs no article."""
    tx.execute(update(article_gap).where(article_gap.c.id == gap_id).values(settled=by))


def did_not_help(
    tx: Transaction,
    article_id: str,
    language: str,
    version: int,
    reason: Reason,
    words: str,
    keep: timedelta,
) -> None:
    """Why. `words`: veiled; may be empty."""
    tx.execute(delete(article_feedback).where(article_feedback.c.at < tx.now - keep))
    row = {"article_id": article_id, "language": language, "version": version, "reason": reason}
    tx.execute(insert(article_feedback).values(**row, words=words, at=tx.now))


def feedback(tx: Transaction, article_id: str = "", limit: int = 100) -> list[Feedback]:
    """Newest first."""
    wanted = select(article_feedback).order_by(article_feedback.c.id.desc()).limit(limit)
    if article_id:
        wanted = wanted.where(article_feedback.c.article_id == article_id)
    return [
        Feedback(row.id, row.article_id, row.language, row.version, row.reason, row.words, row.at)
        for row in tx.all(wanted)
    ]
