"""Articles: all that the caller may read, one of them, and those that answer a question."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from madoguchi.counter.knowledge.model import Asker
from madoguchi.faces.api.problems import language_of
from madoguchi.faces.articles import LONGEST_QUESTION, RESULTS, article_out, asker_of
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import principal_of

router = APIRouter(prefix="/articles", tags=["articles"])


class ArticleLine(BaseModel):
    """`language` is the one of the texts; `url` the page on which people read it."""

    id: str
    title: str
    excerpt: str
    language: str
    kinds: list[str]
    updated: str
    url: str


class ArticleFull(ArticleLine):
    """`body`: Markdown with headings, lists, bold and links; `languages`: those in which there is a text."""

    body: str
    languages: list[str]


class ArticleFound(ArticleLine):
    """`score`: how well it fits, 0 to 1. `sure`: it answers; with `near` there are some that only come close."""

    score: float
    sure: bool


@router.get("", summary="Articles that the caller may read")
async def list_articles(request: Request, kind: str = "") -> list[ArticleLine]:
    house, asker = await _who(request)
    told = await run_in_threadpool(house.library.published, asker)
    return [ArticleLine(**article_out(each)) for each in told if not kind or kind in each.article.kinds]


@router.get("/search", summary="Articles that answer a question; none rather than a wrong one")
async def search_articles(
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST_QUESTION)],
    limit: Annotated[int, Query(ge=1, le=20)] = RESULTS,
    fallback: bool = False,
    near: bool = False,
) -> list[ArticleFound]:
    house, asker = await _who(request)
    told = await run_in_threadpool(house.library.search, q, asker, limit=limit, fallback=fallback, near=near)
    return [ArticleFound(**article_out(each), score=round(each.score, 3), sure=each.sure) for each in told]


@router.get("/{article_id}", summary="One article")
async def read_article(request: Request, article_id: str, fallback: bool = False) -> ArticleFull:
    house, asker = await _who(request)
    told = await run_in_threadpool(house.library.read, article_id, asker, fallback=fallback)
    languages = house.library.languages_of(told.id)
    return ArticleFull(**article_out(told), body=told.body, languages=languages)


async def _who(request: Request) -> tuple[House, Asker]:
    house = house_of(request)
    caller = await principal_of(request)
    language: Any = language_of(request)
    asker = await run_in_threadpool(asker_of, house, caller.actor if caller else None, language)
    return house, asker
