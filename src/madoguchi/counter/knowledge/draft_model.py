"""Tables beside articles: the draft of each, what readers searched in vain, and why an article did not help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Index, Integer, String, Table, Text

from madoguchi.counter.knowledge.model import Article
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

DraftState = Literal["draft", "review", "scheduled"]
Reason = Literal["unclear", "other_question", "wrong", "did_not_work"]
REASONS: tuple[Reason, ...] = ("unclear", "other_question", "wrong", "did_not_work")

# At most one of each article; what readers see stays as it is until the draft goes live.
article_draft = Table(
    "article_draft",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("content", JsonText, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("writers", JsonText, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("word", Text, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("approved_by", String(60), nullable=False),
    Column("approved_name", String(120), nullable=False),
    Column("live_at", Moment),
    info=belongs(OfHouse("drafts of articles; their people are staff")),
)

# Words as they may be shown: veiled before they are written. `searchers`: marks that tell two readers of these words
# apart and say nothing of who they are, no more of them than are needed for showing the words.
article_gap = Table(
    "article_gap",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("language", String(10), nullable=False),
    Column("words", String(200), nullable=False),
    Column("times", Integer, nullable=False),
    Column("searchers", JsonText, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("settled", String(80), nullable=False),
    Index("ix_article_gap_last", "last_at"),
    info=belongs(OfHouse("searches without an answer, veiled and not linked to anybody")),
)

article_feedback = Table(
    "article_feedback",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", String(80), nullable=False),
    Column("language", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_article_feedback_at", "at"),
    info=belongs(OfHouse("why articles did not help, veiled and not linked to anybody")),
)


@dataclass(frozen=True)
class Draft:
    """`revision`: one more with every change; whoever changes says which one was seen.

    `writers`: ids of all who wrote it. `word`: why it was sent back. `origin`: what it was made from, in words.
    `base_version`: of the article when the draft was begun.
    """

    article_id: str
    state: DraftState
    content: dict[str, Any]
    base_version: int
    revision: int
    writers: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    word: str = ""
    origin: str = ""
    approved_by: str = ""
    approved_name: str = ""
    live_at: datetime | None = None

    @property
    def article(self) -> Article:
        """As it will be."""
        return Article.holding(self.article_id, self.content)


@dataclass(frozen=True)
class Gap:
    """Words that readers searched and that no article answered. `settled`: the article that does now, or "-"."""

    id: str
    language: str
    words: str
    times: int
    last_at: datetime
    settled: str


@dataclass(frozen=True)
class Feedback:
    """`version`: of the article that the reader saw."""

    id: int
    article_id: str
    language: str
    version: int
    reason: str
    words: str
    at: datetime
