"""Articles as pages: all of them by group, search, one article with "did this help?" (HLP-001, HLP-002, HLP-005)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.wording import group_label
from madoguchi.counter.knowledge import markup, service
from madoguchi.counter.knowledge.library import Told
from madoguchi.counter.knowledge.model import Asker
from madoguchi.faces.articles import LONGEST_QUESTION, RESULTS, Line, asker_of, group_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)
RELATED = 4
SUGGESTED = 6
VOTES_A_DAY = 30
DAY_S = 86_400


@dataclass(frozen=True)
class Version:
    """The same page in another language, for search engines and readers."""

    language: str
    url: str


@router.get("/help/articles")
def all_articles(visit: Visiting) -> Response:
    groups: dict[str, list[Line]] = {}
    for told in visit.house.library.published(_asker(visit)):
        groups.setdefault(group_of(told), []).append(Line.of(told))
    labelled = [(group, group_label(group, visit.language), lines) for group, lines in groups.items()]
    return visit.page("customer/articles.html", groups=labelled, versions=_versions(visit, "/help/articles"))


@router.get("/help/search")
def search(visit: Visiting) -> Response:
    words = visit.request.query_params.get("q", "").strip()[:LONGEST_QUESTION]
    asker = _asker(visit)
    library = visit.house.library
    found = library.search(words, asker, limit=RESULTS) if words else []
    elsewhere = [] if found or not words else library.search(words, asker, limit=RESULTS, fallback=True)
    suggested = [] if found or elsewhere else library.published(asker)[:SUGGESTED]
    return visit.page(
        "customer/article_search.html",
        words=words,
        found=[Line.of(each) for each in found],
        elsewhere=[Line.of(each) for each in elsewhere],
        suggested=[Line.of(each) for each in suggested],
    )


@router.get("/help/articles/{article_id}")
def article(visit: Visiting, article_id: str) -> Response:
    return _article_page(visit, article_id, answered=visit.request.query_params.get("answered", ""))


@router.post("/help/articles/{article_id}/helped")
def helped(visit: Visiting, article_id: str) -> Response:
    """One answer of one reader; pressing often counts no more than a few times a day."""
    told = visit.house.library.read(article_id, _asker(visit), fallback=True)
    answer = visit.form.one_of("helped", ("yes", "no"), otherwise="no")
    if visit.house.limiter.check("article_vote", _who(visit), VOTES_A_DAY, DAY_S) is None:
        visit.house.database.write(service.vote, told.id, told.language, helped=answer == "yes")
    return visit.redirect(with_query(f"/help/articles/{told.id}", answered=answer) + "#helped")


def _article_page(visit: Visit, article_id: str, *, answered: str) -> Response:
    library, asker = visit.house.library, _asker(visit)
    told = library.read(article_id, asker, fallback=True)
    kind = told.article.kinds[0] if told.article.kinds else ""
    return visit.page(
        "customer/article.html",
        article=told,
        blocks=markup.blocks(told.body),
        updated=told.article.texts[told.language].updated,
        group=group_label(group_of(told), visit.language),
        related=_related(visit, told),
        versions=_versions(visit, f"/help/articles/{told.id}", library.languages_of(told.id)),
        answered=answered,
        ask_link=with_query("/help/other", topic=kind),
        person_link=visit.person_link(problem=kind),
    )


def _related(visit: Visit, told: Told) -> list[Line]:
    near = [
        each
        for each in visit.house.library.published(_asker(visit))
        if each.id != told.id and group_of(each) == group_of(told)
    ]
    near.sort(key=lambda each: (not set(each.article.kinds) & set(told.article.kinds), each.id))
    return [Line.of(each) for each in near[:RELATED]]


def _versions(visit: Visit, path: str, written: list[str] | None = None) -> list[Version]:
    offered = [each for each in visit.settings.shop.languages if written is None or each in written]
    base = visit.settings.base_url
    return [Version(each, f"{base}{path}?lang={each}") for each in offered]


def _asker(visit: Visit) -> Asker:
    return asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)


def _who(visit: Visit) -> str:
    address = visit.request.client.host if visit.request.client else ""
    return visit.actor.id or address
