"""The guided way: choose the problem, see the facts and what can be done, then the ways to contact us (W2, CH-008)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.orders.model import Order
from madoguchi.faces.customer import guide
from madoguchi.faces.customer.contact_ways import ways
from madoguchi.faces.customer.orders import deed_view, order_of, possible, view_of
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.problems_of_order import problems_of
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)


@router.get("/help/o/{number}")
def choose_problem(visit: Visiting, number: str) -> Response:
    order = order_of(visit, number)
    line = visit.request.query_params.get("line", "")
    chosen = visit.request.query_params.get("problem", "")
    problems = [
        *problems_of(order, visit.language, visit.clock()),
        {"value": guide.OTHER, "label": visit.t("Something else")},
    ]
    if chosen in {problem["value"] for problem in problems}:
        return visit.redirect(with_query(_address(number, chosen), line=line))
    if "problem" in visit.request.query_params or visit.request.query_params.get("go"):
        visit.form.wrong("problem", "Please choose one")
    return visit.page(
        "customer/choose_problem.html",
        422 if visit.form.errors else 200,
        order=view_of(visit, order),
        problems=problems,
        line=_line(order, line, visit),
        person_link=visit.person_link(order=number),
    )


@router.get("/help/o/{number}/p/{problem}")
def solution(visit: Visiting, number: str, problem: str) -> Response:
    return _solution(visit, number, problem, visit.request.query_params.get("solved", ""))


@router.post("/help/o/{number}/p/{problem}/solved")
def solved(visit: Visiting, number: str, problem: str) -> Response:
    order_of(visit, number)
    answer = visit.form.one_of("solved", ("yes", "no"), otherwise="no")
    anchor = "thanks" if answer == "yes" else "ways"
    line = visit.form.text("line", longest=60)
    return visit.redirect(with_query(_address(number, problem), solved=answer, line=line) + f"#{anchor}")


def _solution(visit: Visit, number: str, problem: str, answered: str) -> Response:
    order = order_of(visit, number)
    recipe = guide.help_for(problem)
    decisions = possible(visit, number)
    step = guide.next_step(problem, order, visit.house.orders.rules, visit.clock())
    line = _line(order, visit.request.query_params.get("line", ""), visit)
    return visit.page(
        "customer/solution.html",
        order=view_of(visit, order),
        problem=problem,
        problem_label=label_of(visit, problem),
        recipe=recipe,
        deeds=[deed_view(visit, name, decisions[name]) for name in recipe.deeds],
        step=step,
        answered=answered if answered in ("yes", "no") else "",
        ways=ways(visit, order=number, problem=problem, item=line["label"] if line else ""),
        line=line,
        can_receipt=order.captured - order.refunded > 0,
        person_link=visit.person_link(order=number, problem=problem),
    )


def label_of(visit: Visit, problem: str) -> str:
    if problem in ("", guide.OTHER):
        return visit.t("Something else")
    return category_label(problem, visit.language)


def _address(number: str, problem: str) -> str:
    return f"/help/o/{quote(number, safe='')}/p/{quote(problem, safe='')}"


def _line(order: Order, line_id: str, visit: Visit) -> dict[str, Any] | None:
    """The line that somebody came from (CH-016)."""
    line = order.line(line_id) if line_id else None
    return None if line is None else {"id": line.id, "label": line.label(visit.language)}
