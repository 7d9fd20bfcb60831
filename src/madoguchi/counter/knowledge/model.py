"""Articles: one matter each, in several languages, for some readers; shipped with Madoguchi or the shop's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Column, Integer, String, Table, Text

from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

ArticleState = Literal["published", "draft", "withdrawn"]
STATES: tuple[ArticleState, ...] = ("published", "draft", "withdrawn")
EVERYONE = "everyone"
AGENT = "agent"
AUDIENCES = (EVERYONE, "member", "business", "seller", AGENT)

article = Table(
    "article",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("kinds", JsonText, nullable=False),
    Column("audience", JsonText, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
    info=belongs(OfHouse("Articles.")),
)

article_text = Table(
    "article_text",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("language", String(10), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("asked_as", JsonText, nullable=False),
    Column("updated", String(10), nullable=False),
    info=belongs(OfHouse("Articles.")),
)

# Every change, with the article as it was afterwards: version 1, 2, 3 … of each.
article_change = Table(
    "article_change",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor_kind", String(20), nullable=False),
    Column("actor_id", String(60), nullable=False),
    Column("actor_name", String(120), nullable=False),
    Column("what", String(12), nullable=False),  # created | changed | withdrawn
    Column("after", JsonText, nullable=False),
    info=belongs(OfHouse("Articles, as editors changed them.")),
)

article_vote = Table(
    "article_vote",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("language", String(10), primary_key=True),
    Column("helped", Integer, nullable=False),
    Column("not_helped", Integer, nullable=False),
    info=belongs(OfHouse("How many people an article helped; nobody's names.")),
)

# The shop's own words that mean the same, beside those that come with Madoguchi.
article_synonyms = Table(
    "article_synonyms",
    metadata,
    Column("language", String(10), primary_key=True),
    Column("groups", JsonText, nullable=False),
    Column("version", Integer, nullable=False),
    info=belongs(OfHouse("Words that mean the same.")),
)


@dataclass(frozen=True)
class ArticleText:
    """One language of an article. The first paragraph of `body` is the short answer."""

    title: str
    body: str
    asked_as: tuple[str, ...]
    updated: date


@dataclass(frozen=True)
class Article:
    """`kinds`: ids of the kinds of enquiry that it answers. `own`: the shop's, not the one shipped."""

    id: str
    kinds: tuple[str, ...]
    texts: dict[str, ArticleText]
    audience: tuple[str, ...] = (EVERYONE,)
    state: ArticleState = "published"
    own: bool = False
    version: int = 0

    def is_for(self, audiences: Iterable[str]) -> bool:
        return not set(self.audience).isdisjoint(audiences)

    def content(self) -> dict[str, Any]:
        """Everything that an editor decides, as plain JSON: equal content is no change."""
        return {
            "kinds": list(self.kinds),
            "audience": list(self.audience),
            "state": self.state,
            "texts": {
                language: {
                    "title": text.title,
                    "body": text.body,
                    "asked_as": list(text.asked_as),
                    "updated": text.updated.isoformat(),
                }
                for language, text in sorted(self.texts.items())
            },
        }


@dataclass(frozen=True)
class Asker:
    """Who looks for an article: in which language, as whom, and whether they have signed in."""

    language: str
    audiences: frozenset[str] = field(default_factory=lambda: frozenset({EVERYONE}))
    signed_in: bool = False

    @classmethod
    def of_segments(cls, language: str, segments: Iterable[str], *, signed_in: bool) -> Asker:
        """A customer; segments count only for somebody who has signed in."""
        known = set(segments) & set(AUDIENCES) - {AGENT} if signed_in else set()
        return cls(language, frozenset({EVERYONE, *known}), signed_in)

    @classmethod
    def agent(cls, language: str) -> Asker:
        """Staff read everything."""
        return cls(language, frozenset(AUDIENCES), signed_in=True)


@dataclass(frozen=True)
class Change:
    """A line of an article's history."""

    version: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    what: str
    after: dict[str, Any]


@dataclass(frozen=True)
class Votes:
    """What readers answered to "did this help?"."""

    helped: int = 0
    not_helped: int = 0
