"""One guide for a device or service: what articles say, how it is set up, what to check step by step with boxes (BOT-026).

Put together from what the assistant itself goes by, so that page and conversation never differ. What is ticked stands
in the address: it can be kept, sent on, and goes along to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.problems import NotFound
from madoguchi.faces.articles import Line, asker_of
from madoguchi.faces.customer.contact_ways import Luggage
from madoguchi.faces.customer.tried import trees
from madoguchi.faces.customer.visit import Visiting

router = APIRouter(include_in_schema=False)
PROBLEM = {
    "device": "membership_digital_device.device_issue",
    "service": "membership_digital_device.digital_service_issue",
}
ARTICLES = 3
Words = TypeVar("Words", str, list[str])


@dataclass(frozen=True)
class Check:
    """One step. `done`: ticked by the reader."""

    name: str
    title: str
    text: str
    done: bool


@router.get("/help/guides")
def all_guides(visit: Visiting) -> Response:
    known = trees(visit)
    return visit.page(
        "customer/guides.html",
        guides=[(kind, _in(tree.name, visit.language)) for kind, tree in known.items()],
    )


@router.get("/help/guides/{kind}")
def guide(visit: Visiting, kind: str) -> Response:
    tree = trees(visit).get(kind)
    if tree is None:
        raise NotFound("not_found", id=kind)
    ticked = set(visit.request.query_params.getlist("done"))
    name = _in(tree.name, visit.language)
    checks = [
        Check(step, _in(each.tried, visit.language), _in(each.say, visit.language), step in ticked)
        for step, each in tree.step.items()
    ]
    tried = [check.title for check in checks if check.done]
    problem = PROBLEM[tree.serves]
    if tried:
        text = visit.t(
            "{device}: I have tried {steps}. It is still not solved.", device=name, steps=" / ".join(tried)
        )
        visit.form.start_with(text=text)
    asker = asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)
    about = visit.house.library.about(problem, asker)
    found = [*([about] if about else []), *visit.house.library.search(name, asker, limit=ARTICLES)]
    return visit.page(
        "customer/device_guide.html",
        kind=kind,
        name=name,
        setup=_in(tree.setup, visit.language) if tree.setup else [],
        checks=checks,
        done=len(tried),
        following=next((check.name for check in checks if not check.done), ""),
        articles=[Line.of(each) for each in {each.id: each for each in found}.values()][:ARTICLES],
        problem=problem,
        luggage=Luggage(problem=problem, guide=kind, done=tuple(each.name for each in checks if each.done)),
    )


def _in(words: dict[str, Words], language: str) -> Words:
    """In the reader's language, or in English."""
    return words.get(language) or words["en"]
