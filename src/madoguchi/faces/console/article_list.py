"""The list of articles as editors narrow it down: by state, missing and outdated languages, votes, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.counter.knowledge import drafts, queries
from madoguchi.counter.knowledge.draft_model import Draft
from madoguchi.counter.knowledge.model import Article, Votes
from madoguchi.faces.customer.visit import Visit
from madoguchi.kit.text import fold

STATES = ("published", "draft", "review", "scheduled", "withdrawn")
_FEWEST_VOTES = 3


@dataclass(frozen=True)
class ListFilter:
    state: str
    missing: str
    outdated: bool
    unhelpful: bool
    words: str


@dataclass(frozen=True)
class ArticleRow:
    article: Article
    title: str
    draft: Draft | None
    missing: list[str]
    outdated: list[str]
    votes: Votes

    @property
    def states(self) -> list[str]:
        """A draft of a live article is both."""
        live = (
            []
            if self.draft is not None and self.draft.base_version == 0 and self.article.own
            else [self.article.state]
        )
        return [*live, *([self.draft.state] if self.draft else [])]

    @property
    def unhelpful(self) -> bool:
        """Readers said more often that it did not help."""
        votes = self.votes
        return votes.helped + votes.not_helped >= _FEWEST_VOTES and votes.not_helped > votes.helped


def list_filter(visit: Visit) -> ListFilter:
    asked = visit.request.query_params
    state, missing = asked.get("state", ""), asked.get("missing", "")
    return ListFilter(
        state if state in STATES else "",
        missing if missing in visit.settings.shop.languages else "",
        asked.get("outdated") == "yes",
        asked.get("unhelpful") == "yes",
        asked.get("q", "")[:100],
    )


def chosen_rows(visit: Visit, chosen: ListFilter) -> list[ArticleRow]:
    return [row for row in _rows(visit) if _fits(row, chosen)]


def _fits(row: ArticleRow, chosen: ListFilter) -> bool:
    names = fold(
        f"{row.article.id} {row.title} {' '.join(text.title for text in row.article.texts.values())}"
    )
    return (
        (not chosen.state or chosen.state in row.states)
        and (not chosen.missing or chosen.missing in row.missing)
        and (not chosen.outdated or bool(row.outdated))
        and (not chosen.unhelpful or row.unhelpful)
        and all(word in names for word in fold(chosen.words).split())
    )


def _rows(visit: Visit) -> list[ArticleRow]:
    house = visit.house
    articles = {each.id: each for each in house.library.articles()}
    by_id = {draft.article_id: draft for draft in house.database.read(drafts.every)}
    votes = house.database.read(queries.votes)
    everything: dict[str, Any] = articles | {
        article_id: draft.article for article_id, draft in by_id.items() if article_id not in articles
    }
    return [
        ArticleRow(
            article,
            title_of(visit, article),
            by_id.get(article.id),
            [each for each in visit.settings.shop.languages if each not in article.texts],
            [each for each in article.texts if article.outdated(each)],
            _sum([vote for (article_id, _), vote in votes.items() if article_id == article.id]),
        )
        for article in sorted(everything.values(), key=lambda each: each.id)
    ]


def title_of(visit: Visit, article: Article) -> str:
    """As the reader of the list understands it; an article without any text has its id."""
    for language in (visit.language, *article.texts):
        if language in article.texts:
            return visit.house.library.places.fill(article.texts[language].title, language)
    return article.id


def _sum(votes: list[Votes]) -> Votes:
    return Votes(sum(vote.helped for vote in votes), sum(vote.not_helped for vote in votes))
