"""Articles as pages: by section and category, one article with "did this help?" (HLP-001, HLP-005, HLP-006, HLP-016)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.learning.veil import veil
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.wording import group_label
from madoguchi.counter.knowledge import markup, service, signals
from madoguchi.counter.knowledge.draft_model import REASONS
from madoguchi.counter.knowledge.library import Told
from madoguchi.counter.knowledge.model import Asker
from madoguchi.counter.problems import NotFound
from madoguchi.faces.articles import LONGEST_QUESTION, Line, asker_of, group_of
from madoguchi.faces.customer.guided import address_of
from madoguchi.faces.customer.help_sections import CHAT, SECTIONS, Section, articles_of, worded
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)
RELATED = 4
VOTES_A_DAY = 30
DAY_S = 86_400
LONGEST_REASON = 400


@dataclass(frozen=True)
class Version:
    """The same page in another language, for search engines and readers."""

    language: str
    url: str


@router.get("/help/articles")
def all_articles(visit: Visiting) -> Response:
    groups: dict[str, list[Line]] = {}
    for told in visit.house.library.published(asker(visit)):
        groups.setdefault(group_of(told), []).append(Line.of(told))
    labelled = [
        (group, group_label(group, visit.language), groups[group])
        for group in group_labels()
        if group in groups
    ]
    return visit.page(
        "customer/articles.html",
        sections=[_shown(visit, section) for section in SECTIONS],
        groups=labelled,
        versions=_versions(visit, "/help/articles"),
    )


@router.get("/help/chat")
def chat_questions(visit: Visiting) -> Response:
    """Questions about using the chat, in three groups (HLP-006)."""
    return visit.page(
        "customer/chat_questions.html",
        groups=[_shown(visit, section) for section in CHAT],
        versions=_versions(visit, "/help/chat"),
    )


@router.get("/help/sections/{name}")
def section_page(visit: Visiting, name: str) -> Response:
    found = next((section for section in SECTIONS if section.name == name), None)
    if found is None:
        raise NotFound("not_found", id=name)
    title, about, lines = _shown(visit, found)[1:]
    versions = _versions(visit, f"/help/sections/{name}")
    return visit.page(
        "customer/article_group.html", title=title, about=about, lines=lines, guided=[], versions=versions
    )


@router.get("/help/articles/category/{group}")
def category(visit: Visiting, group: str) -> Response:
    """A category's questions with their short answers, and what can be solved step by step (HLP-005, HLP-018)."""
    if group not in group_labels():
        raise NotFound("not_found", id=group)
    lines = [Line.of(told) for told in visit.house.library.published(asker(visit)) if group_of(told) == group]
    guided = [
        (each.label(visit.language), address_of(each.id))
        for each in categories().values()
        if each.group == group
    ]
    return visit.page(
        "customer/article_group.html",
        title=group_label(group, visit.language),
        about="",
        lines=lines,
        guided=guided,
        versions=_versions(visit, f"/help/articles/category/{group}"),
    )


@router.get("/help/articles/{article_id}")
def article(visit: Visiting, article_id: str) -> Response:
    return _article_page(visit, article_id, answered=visit.request.query_params.get("answered", ""))


@router.post("/help/articles/{article_id}/helped")
def helped(visit: Visiting, article_id: str) -> Response:
    """One answer of one reader; pressing often counts no more than a few times a day."""
    told = visit.house.library.read(article_id, asker(visit), fallback=True)
    answer = visit.form.one_of("helped", ("yes", "no"), otherwise="no")
    if visit.house.limiter.check("article_vote", reader_of(visit), VOTES_A_DAY, DAY_S) is None:
        visit.house.database.write(service.vote, told.id, told.language, helped=answer == "yes")
    return visit.redirect(
        with_query(f"/help/articles/{told.id}", answered=answer, q=_searched(visit)) + "#helped"
    )


@router.post("/help/articles/{article_id}/reason")
def reason(visit: Visiting, article_id: str) -> Response:
    """Why it did not help; what is personal in the words is taken out before they are kept."""
    told = visit.house.library.read(article_id, asker(visit), fallback=True)
    chosen = visit.form.one_of("reason", REASONS, needed="Choose what fits best")
    why = next((each for each in REASONS if each == chosen), REASONS[0])
    words = visit.form.text("words", longest=LONGEST_REASON)
    if visit.form.errors:
        return _article_page(visit, article_id, answered="no", status=422)
    if visit.house.limiter.check("article_reason", reader_of(visit), VOTES_A_DAY, DAY_S) is None:
        keep = timedelta(days=visit.settings.knowledge.keep_days)
        version = told.article.version
        visit.house.database.write(
            signals.did_not_help, told.id, told.language, version, why, veil(words), keep
        )
    return visit.redirect(
        with_query(f"/help/articles/{told.id}", answered="said", q=_searched(visit)) + "#helped"
    )


def _article_page(visit: Visit, article_id: str, *, answered: str, status: int = 200) -> Response:
    library, who = visit.house.library, asker(visit)
    told = library.read(article_id, who, fallback=True)
    kind = told.article.kinds[0] if told.article.kinds else ""
    group = group_of(told)
    text = told.article.texts[told.language]
    return visit.page(
        "customer/article.html",
        status,
        article=told,
        blocks=markup.blocks(told.body),
        updated=text.updated,
        translated_from=text.translated_from,
        outdated=told.article.outdated(told.language),
        crumbs=[(group_label(group, visit.language), f"/help/articles/category/{group}")],
        related=_related(visit, told),
        versions=_versions(visit, f"/help/articles/{told.id}", library.languages_of(told.id)),
        data=_structured(visit, told),
        answered=answered,
        longest_reason=LONGEST_REASON,
        words=_searched(visit),
        ask_link=with_query("/help/other", topic=kind, text=_searched(visit)),
        person_link=visit.person_link(problem=kind),
    )


def _searched(visit: Visit) -> str:
    """The words with which the reader came here: whom the article does not help need not type them again (CH-003)."""
    given = visit.form.value("q") or visit.request.query_params.get("q", "")
    return given.strip()[:LONGEST_QUESTION]


def _structured(visit: Visit, told: Told) -> dict[str, Any]:
    """What search engines read: the article as a question with its answer."""
    answer = "\n".join(
        "".join(piece.text for piece in item) for block in markup.blocks(told.body) for item in block.items
    )
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": told.language,
        "dateModified": told.article.texts[told.language].updated.isoformat(),
        "mainEntity": [
            {
                "@type": "Question",
                "name": told.title,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
                "url": f"{visit.settings.base_url}{told.path}",
            }
        ],
    }


def _shown(visit: Visit, section: Section) -> tuple[str, str, str, list[Line]]:
    """Its name, title, what it is about, and the articles that this reader may read, in its order."""
    readable = {told.id: told for told in visit.house.library.published(asker(visit), fallback=True)}
    title, about = worded(section, visit)
    lines = [Line.of(readable[each]) for each in articles_of(section, visit.settings) if each in readable]
    return section.name, title, about, lines


def _related(visit: Visit, told: Told) -> list[Line]:
    near = [
        each
        for each in visit.house.library.published(asker(visit))
        if each.id != told.id and group_of(each) == group_of(told)
    ]
    near.sort(key=lambda each: (not set(each.article.kinds) & set(told.article.kinds), each.id))
    return [Line.of(each) for each in near[:RELATED]]


def _versions(visit: Visit, path: str, written: list[str] | None = None) -> list[Version]:
    offered = [each for each in visit.settings.shop.languages if written is None or each in written]
    base = visit.settings.base_url
    return [Version(each, f"{base}{path}?lang={each}") for each in offered]


def asker(visit: Visit) -> Asker:
    """As whom this visit reads."""
    return asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)


def reader_of(visit: Visit) -> str:
    """Who counts as one reader: a session, or an address."""
    address = visit.request.client.host if visit.request.client else ""
    return visit.actor.id or address
