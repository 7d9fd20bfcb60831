"""How many forms an article made needless: a figure for those who lead and those who write articles (HLP-003)."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.channels.form import outcomes
from madoguchi.counter.knowledge.model import Asker
from madoguchi.counter.problems import NotFound
from madoguchi.faces.console.figures import PERIODS, Leading
from madoguchi.faces.customer.visit import Visit

router = APIRouter(prefix="/console/deflection")


@router.get("")
def deflection_page(visit: Leading) -> Response:
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    since = visit.clock() - timedelta(days=days)
    found = visit.house.database.read(outcomes.deflection, since)
    articles = [(_title(visit, article), count) for article, count in found.by_article.items()]
    return visit.page("console/deflection.html", found=found, articles=articles, periods=PERIODS, days=days)


def _title(visit: Visit, article_id: str) -> str:
    try:
        return visit.house.library.read(article_id, Asker.agent(visit.language), fallback=True).title
    except NotFound:
        return article_id
