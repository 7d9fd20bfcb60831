"""Reading the shop's own articles, their history, votes and synonyms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from madoguchi.counter.knowledge.model import (
    Article,
    ArticleText,
    Change,
    Votes,
    article,
    article_change,
    article_synonyms,
    article_text,
    article_vote,
)
from madoguchi.engine.database import Transaction


def stamp(tx: Transaction) -> tuple[int, int, int]:
    """Something else after every change of articles or synonyms: whoever holds an index looks whether it is old."""
    count = tx.scalar(select(func.count()).select_from(article))
    versions = tx.scalar(select(func.coalesce(func.sum(article.c.version), 0)))
    words = tx.scalar(select(func.coalesce(func.sum(article_synonyms.c.version), 0)))
    return int(count), int(versions), int(words)


def find(tx: Transaction, article_id: str) -> Article | None:
    """The shop's own article of this id, in any state."""
    return next(iter(_articles(tx, article_id)), None)


def own_articles(tx: Transaction) -> list[Article]:
    """All of the shop's own articles, in any state, by id."""
    return _articles(tx)


def own_synonyms(tx: Transaction) -> dict[str, list[list[str]]]:
    return {row.language: row.groups for row in tx.all(select(article_synonyms))}


def history(tx: Transaction, article_id: str) -> list[Change]:
    """Oldest first."""
    here = article_change.c.article_id == article_id
    rows = tx.all(select(article_change).where(here).order_by(article_change.c.version))
    return [
        Change(row.version, row.at, row.actor_kind, row.actor_id, row.actor_name, row.what, row.after)
        for row in rows
    ]


def votes(tx: Transaction) -> dict[tuple[str, str], Votes]:
    """By article id and language."""
    rows = tx.all(select(article_vote))
    return {(row.article_id, row.language): Votes(row.helped, row.not_helped) for row in rows}


def _articles(tx: Transaction, article_id: str | None = None) -> list[Article]:
    about = select(article).order_by(article.c.id)
    texts = select(article_text)
    if article_id is not None:
        about = about.where(article.c.id == article_id)
        texts = texts.where(article_text.c.article_id == article_id)
    by_id: dict[str, dict[str, ArticleText]] = {}
    for row in tx.all(texts):
        text = ArticleText(
            row.title,
            row.body,
            tuple(row.asked_as),
            date.fromisoformat(row.updated),
            row.number,
            row.translated_from,
            row.translated_number if row.translated_from else None,
        )
        by_id.setdefault(row.article_id, {})[row.language] = text
    return [
        Article(
            row.id,
            tuple(row.kinds),
            by_id.get(row.id, {}),
            tuple(row.audience),
            row.state,
            own=True,
            version=row.version,
        )
        for row in tx.all(about)
    ]
