"""Cases that always need the same steps, as the desk gets them: what begins one, who does what until when (CASE-013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.templates import Template, templates
from madoguchi.counter.routing.queues import queue_name
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit

HOME = "/console/templates"
router = APIRouter(prefix=HOME)
Reading = Annotated[Visit, Depends(door("figures.read", HOME))]


@dataclass(frozen=True)
class TemplateView:
    """One template in words. `begun_by`: kinds of enquiry; empty: only a person begins it. `steps`: task, desk, hours."""

    name: str
    title: str
    desk: str
    begun_by: list[str]
    steps: list[tuple[str, str, int]]


@router.get("")
def page(visit: Reading) -> Response:
    def read(tx: Transaction) -> list[TemplateView]:
        return [_view(tx, visit, name, each) for name, each in templates().items()]

    return visit.page("console/case_templates.html", templates=visit.house.database.read(read))


def _view(tx: Transaction, visit: Visit, name: str, template: Template) -> TemplateView:
    language, known = visit.language, categories()
    return TemplateView(
        name,
        visit.t(template.title),
        queue_name(tx, template.queue, language),
        [known[topic].label(language) for topic in template.topics if topic in known],
        [(visit.t(step.title), queue_name(tx, step.queue, language), step.hours) for step in template.step],
    )
