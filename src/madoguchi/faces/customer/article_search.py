"""Searching the help articles: answers, what is near, fewer by category; and where nothing answers, other ways (HLP-002)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.learning.veil import says_something, veil
from madoguchi.counter.cases.categories import group_labels
from madoguchi.counter.cases.wording import group_label
from madoguchi.counter.knowledge import signals
from madoguchi.counter.knowledge.library import Told
from madoguchi.faces.articles import LONGEST_QUESTION, RESULTS, Line, group_of
from madoguchi.faces.customer.articles import asker, reader_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)
SUGGESTED, OTHER_WORDS, NEAR = 6, 8, 5
_LOOKED_AT = 24  # from which categories are told
_COUNTED_A_DAY, _DAY_S = 60, 86_400


@dataclass(frozen=True)
class Narrow:
    """A category in which something was found. `chosen`: only its articles are shown."""

    label: str
    count: int
    url: str
    chosen: bool


@router.get("/help/search")
def search(visit: Visiting) -> Response:
    words = visit.request.query_params.get("q", "").strip()[:LONGEST_QUESTION]
    group = visit.request.query_params.get("group", "")
    library, who = visit.house.library, asker(visit)
    everything = library.search(words, who, limit=_LOOKED_AT, near=True) if words else []
    sure = [each for each in everything if each.sure]
    found = sure or everything[:NEAR]
    if words and not sure:
        _tell_editors(visit, words)
    elsewhere = [] if sure or not words else _elsewhere(visit, words)
    shown = [each for each in found if not group or group_of(each) == group][:RESULTS]
    is_answer = bool(sure)
    return visit.page(
        "customer/article_search.html",
        words=words,
        found=[Line.of(each) for each in shown] if is_answer else [],
        near=[] if is_answer else [Line.of(each) for each in shown],
        elsewhere=[Line.of(each) for each in elsewhere],
        narrow=_narrow(visit, found, words, group) if found else [],
        other_words=[] if is_answer else library.common_words(visit.language)[:OTHER_WORDS],
        groups=[] if is_answer else [(group_label(each, visit.language), each) for each in group_labels()],
        suggested=[Line.of(each) for each in library.published(who)[:SUGGESTED]] if not words else [],
        ask_link=with_query("/help/other", text=words),
    )


def _elsewhere(visit: Visit, words: str) -> list[Told]:
    """Answers in other languages."""
    found = visit.house.library.search(words, asker(visit), limit=RESULTS, fallback=True)
    return [each for each in found if each.language != visit.language]


def _narrow(visit: Visit, found: list[Told], words: str, group: str) -> list[Narrow]:
    counts: dict[str, int] = {}
    for each in found:
        counts[group_of(each)] = counts.get(group_of(each), 0) + 1
    if len(counts) < 2 and not group:
        return []
    address = with_query("/help/search", q=words)
    every = Narrow(visit.t("All categories"), len(found), address, not group)
    return [
        every,
        *(
            Narrow(
                group_label(each, visit.language),
                counts[each],
                with_query(address, group=each),
                each == group,
            )
            for each in group_labels()
            if each in counts
        ),
    ]


def _tell_editors(visit: Visit, words: str) -> None:
    """Veiled, counted once for each reader; somebody who searches without end is not listened to without end."""
    bare = veil(words)
    if not says_something(bare):
        return
    if visit.house.limiter.check("article_gap", reader_of(visit), _COUNTED_A_DAY, _DAY_S) is not None:
        return
    browser = visit.request.headers.get("user-agent", "")
    searcher = visit.house.keys.sign("article_gap", f"{reader_of(visit)}/{browser}")
    keep = timedelta(days=visit.settings.knowledge.keep_days)
    visit.house.database.write(signals.searched_in_vain, visit.language, bare, searcher, keep)
