"""Deciding about drafts, and an article's history: what changed between two versions, and going back to one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.knowledge import drafts, queries, service
from madoguchi.counter.knowledge.model import Article
from madoguchi.counter.problems import NotAllowed
from madoguchi.faces.console.article_list import title_of
from madoguchi.faces.console.articles import (
    HOME,
    Editing,
    all_problems,
    around,
    edit_page,
    find,
    moved,
)
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.principal import need

router = APIRouter(prefix="/console/articles")
LONGEST_WORD = 500


@dataclass(frozen=True)
class DiffLine:
    """`mark`: "+" was written, "-" was taken out, " " stayed."""

    mark: str
    text: str


@dataclass(frozen=True)
class Difference:
    """What changed in one language, or in what holds for all ("")."""

    language: str
    lines: list[DiffLine]


@router.get("/review")
def queue(visit: Editing) -> Response:
    """What waits for a decision, the oldest first, and what goes live on a day."""
    waiting = visit.house.database.read(drafts.every)
    shown = [(draft, _live_of(visit, draft.article_id)) for draft in waiting if draft.state != "draft"]
    rows = [(draft, difference(live, draft.article), title_of(visit, draft.article)) for draft, live in shown]
    return visit.page("console/article_review.html", rows=rows, **around(visit))


@router.post("/{article_id}/approve")
def approve(visit: Editing, article_id: str) -> Response:
    """Live now, or on the day that was entered."""
    assert visit.principal is not None
    need(visit.principal, "articles.approve")
    opened = find(visit, article_id)
    problems = all_problems(visit, opened.shown)
    if problems:
        return edit_page(visit, opened, 422, refused=problems)
    at = _day(visit)
    if visit.form.errors:
        return edit_page(visit, opened, 422)
    try:
        return moved(
            visit,
            opened,
            lambda seen: visit.house.database.write(
                lambda tx: drafts.approve(
                    tx,
                    article_id,
                    seen,
                    visit.actor,
                    four_eyes=visit.settings.knowledge.four_eyes,
                    at=at,
                    base=visit.house.library.shipped(article_id),
                )
            ),
        )
    except NotAllowed:
        visit.form.wrong("live_on", "You wrote this draft, so somebody else has to approve it")
        return edit_page(visit, opened, 403)


@router.post("/{article_id}/send-back")
def send_back(visit: Editing, article_id: str) -> Response:
    assert visit.principal is not None
    need(visit.principal, "articles.approve")
    opened = find(visit, article_id)
    word = visit.form.text("word", needed="Say what should be otherwise", longest=LONGEST_WORD)
    if visit.form.errors:
        return edit_page(visit, opened, 422)
    return moved(
        visit,
        opened,
        lambda seen: visit.house.database.write(drafts.send_back, article_id, seen, visit.actor, word),
    )


@router.get("/{article_id}/history")
def history(visit: Editing, article_id: str) -> Response:
    """Every version, and what changed between two of them: `from`, `to`; at first the newest two."""
    opened = find(visit, article_id)
    changes = visit.house.database.read(queries.history, article_id)
    versions = {change.version: Article.holding(article_id, change.after) for change in changes}
    newest = max(versions, default=0)
    to = _number(visit, "to", newest)
    start = _number(visit, "from", to - 1)
    before = versions.get(start) or (visit.house.library.shipped(article_id) if start == 0 else None)
    return visit.page(
        "console/article_history.html",
        opened=opened,
        changes=changes[::-1],
        newest=newest,
        start=start,
        to=to,
        differences=difference(before, versions[to]) if to in versions else [],
        **around(visit),
    )


@router.post("/{article_id}/roll-back")
def roll_back(visit: Editing, article_id: str) -> Response:
    assert visit.principal is not None
    need(visit.principal, "articles.approve")
    visit.house.database.write(
        drafts.roll_back, article_id, visit.form.number("version", 1, 999_999), visit.actor
    )
    return visit.redirect(f"{HOME}/{article_id}/history")


@router.post("/{article_id}/withdraw")
def withdraw(visit: Editing, article_id: str) -> Response:
    """Nobody finds it any more; its history says who took it back."""
    assert visit.principal is not None
    need(visit.principal, "articles.approve")
    found = visit.house.library.editable(article_id)
    visit.house.database.write(service.withdraw, found, visit.actor)
    return visit.redirect(f"{HOME}/{article_id}")


def difference(before: Article | None, after: Article) -> list[Difference]:
    """Language by language, line by line; only where something differs."""
    found = []
    for language in sorted({*(before.texts if before else ()), *after.texts}):
        old, new = _lines(before, language), _lines(after, language)
        if old != new:
            found.append(Difference(language, _diff(old, new)))
    old, new = (_about(before) if before else []), _about(after)
    if old != new:
        found.append(Difference("", _diff(old, new)))
    return found


def _diff(old: list[str], new: list[str]) -> list[DiffLine]:
    lines = difflib.ndiff(old, new)
    return [DiffLine(line[0], line[2:]) for line in lines if line[0] != "?"]


def _lines(article: Article | None, language: str) -> list[str]:
    text = article.texts.get(language) if article else None
    if text is None:
        return []
    return [text.title, *text.body.splitlines(), *(f"? {each}" for each in text.asked_as)]


def _about(article: Article) -> list[str]:
    return [*article.kinds, *article.audience, article.state]


def _live_of(visit: Visit, article_id: str) -> Article | None:
    return next((each for each in visit.house.library.articles() if each.id == article_id), None)


def _day(visit: Visit) -> datetime | None:
    """Midnight of the shop's day that was entered; None for at once."""
    entered = visit.form.value("live_on").strip()
    if not entered:
        return None
    try:
        day = datetime.strptime(entered, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        visit.form.wrong("live_on", "Enter a date as in 2027-04-01")
        return None
    at = datetime.combine(day, time(), ZoneInfo(visit.settings.shop.timezone))
    if at <= visit.house.database.clock():
        visit.form.wrong("live_on", "This day has begun already; leave it empty for now")
    return at


def _number(visit: Visit, name: str, otherwise: int) -> int:
    asked = visit.request.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else otherwise
