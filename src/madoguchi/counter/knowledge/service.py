"""The verbs of the room: put an article, withdraw it, count a reader's answer, keep the shop's synonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge import queries
from madoguchi.counter.knowledge.model import (
    Article,
    ArticleText,
    article,
    article_change,
    article_synonyms,
    article_text,
    article_vote,
)
from madoguchi.engine.database import Transaction


def put(tx: Transaction, wanted: Article, actor: Actor, base: Article | None = None) -> Article:
    """The shop's own article as given, in place of an earlier or a shipped one. Without a difference nothing is written.

    `base`: the shipped article that the first version of the shop's own was made from.
    """
    tx.lock("article", wanted.id)
    before = queries.find(tx, wanted.id)
    version = before.version + 1 if before else 1
    kept = replace(wanted, own=True, version=version, texts=numbered(wanted.texts, (before or base), version))
    if before is not None and before.content() == kept.content():
        return before
    _write(tx, kept, is_new=before is None)
    _remember(tx, kept, actor, "changed" if before else "created")
    return kept


def numbered(
    texts: Mapping[str, ArticleText], before: Article | None, version: int
) -> dict[str, ArticleText]:
    """The texts with the version in which each was last changed, and that of what each was translated from."""
    known = before.texts if before else {}
    numbers = {
        language: known[language].number if language in known and _same(known[language], text) else version
        for language, text in texts.items()
    }
    return {
        language: replace(
            text,
            number=numbers[language],
            translated_number=_translated(text, numbers) if text.translated_from else None,
        )
        for language, text in texts.items()
    }


def _translated(text: ArticleText, numbers: Mapping[str, int]) -> int:
    if text.translated_number is not None:
        return text.translated_number
    return numbers.get(text.translated_from, 0)


def _same(a: ArticleText, b: ArticleText) -> bool:
    return (a.title, a.body) == (b.title, b.body)


def withdraw(tx: Transaction, found: Article, actor: Actor) -> Article:
    """Nobody sees it any more; a shipped article is hidden by an entry of the shop's own."""
    tx.lock("article", found.id)
    before = queries.find(tx, found.id)
    if before is not None and before.state == "withdrawn":
        return before
    version = before.version + 1 if before else 1
    hidden = replace(before or found, state="withdrawn", own=True, version=version)
    _write(tx, hidden, is_new=before is None)
    _remember(tx, hidden, actor, "withdrawn")
    return hidden


def vote(tx: Transaction, article_id: str, language: str, *, helped: bool) -> None:
    """Count one reader's answer. The caller has seen that there is such an article."""
    column = article_vote.c.helped if helped else article_vote.c.not_helped
    tx.lock("article_vote", article_id)
    here = (article_vote.c.article_id == article_id, article_vote.c.language == language)
    counted = tx.execute(update(article_vote).where(*here).values({column.name: column + 1}))
    if not counted.rowcount:
        row = {
            "article_id": article_id,
            "language": language,
            "helped": int(helped),
            "not_helped": int(not helped),
        }
        tx.execute(insert(article_vote).values(row))


def keep_synonyms(tx: Transaction, language: str, groups: list[list[str]]) -> bool:
    """The shop's own groups of this language, all of them. False: they were so already."""
    tx.lock("article_synonyms", language)
    before = queries.own_synonyms(tx).get(language)
    if before == groups:
        return False
    here = article_synonyms.c.language == language
    change = (
        update(article_synonyms).where(here).values(groups=groups, version=article_synonyms.c.version + 1)
    )
    if not tx.execute(change).rowcount:
        tx.execute(insert(article_synonyms).values(language=language, groups=groups, version=1))
    return True


def _write(tx: Transaction, kept: Article, *, is_new: bool) -> None:
    row: dict[str, Any] = {
        "kinds": list(kept.kinds),
        "audience": list(kept.audience),
        "state": kept.state,
        "version": kept.version,
        "updated_at": tx.now,
    }
    if is_new:
        tx.execute(insert(article).values(id=kept.id, **row))
    else:
        tx.execute(update(article).where(article.c.id == kept.id).values(row))
        tx.execute(delete(article_text).where(article_text.c.article_id == kept.id))
    for language, text in kept.texts.items():
        numbers = {"number": text.number, "translated_number": text.translated_number or 0}
        said = {"translated_from": text.translated_from, **text.says(), **numbers}
        tx.execute(insert(article_text).values(article_id=kept.id, language=language, **said))


def _remember(tx: Transaction, kept: Article, actor: Actor, what: str) -> None:
    tx.execute(
        insert(article_change).values(
            article_id=kept.id,
            version=kept.version,
            at=tx.now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            what=what,
            after=kept.content(),
        )
    )
