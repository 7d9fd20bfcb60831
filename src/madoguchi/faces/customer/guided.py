"""The guided way: choose the problem, see the facts and what can be done, then the ways to contact us (W2, CH-008).

With an order at `/help/o/…`, without one at `/help/g/<group>/…`; both end on the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.wording import category_label, group_label
from madoguchi.counter.orders.model import Order
from madoguchi.counter.problems import NotFound
from madoguchi.faces.articles import Line, asker_of, group_of
from madoguchi.faces.customer import guide
from madoguchi.faces.customer.account_facts import facts_of
from madoguchi.faces.customer.contact_ways import Luggage, ways
from madoguchi.faces.customer.orders import deed_view, order_of, possible, view_of
from madoguchi.faces.customer.recipes import OTHER, PageName, Recipe, check_text, recipe_for
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.problems_of_order import problems_of
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)
ARTICLES = 3
NEAREST = 8
SHOWN_ORDERS = 3
PAGES: dict[PageName, tuple[str, str]] = {
    "sign_in": ("Sign in", "/sign-in"),
    "security": ("Check a suspicious message", "/help/security"),
    "guides": ("Guides for devices and services", "/help/guides"),
    "business": ("Pages for companies", "/help/business"),
    "person": ("Talk to a person", "/person"),
    "contact": ("Compare all ways to reach us", "/help/contact"),
    "topics": ("What we help with, and how", "/help/topics"),
    "connection": ("The chat does not work?", "/help/connection"),
    "history": ("Earlier enquiries", "/history"),
    "display": ("Display settings", "/display"),
    "accessibility": ("Accessibility", "/accessibility"),
}


@dataclass(frozen=True)
class Check:
    """One thing to try. `done`: ticked by the reader."""

    name: str
    text: str
    done: bool


@router.get("/help/o/{number}")
def choose_problem(visit: Visiting, number: str) -> Response:
    order = order_of(visit, number)
    line = visit.request.query_params.get("line", "")
    chosen = visit.request.query_params.get("problem", "")
    problems = [
        *problems_of(order, visit.language, visit.clock()),
        {"value": OTHER, "label": visit.t("Something else")},
    ]
    if chosen in {problem["value"] for problem in problems}:
        return visit.redirect(with_query(_order_address(number, chosen), line=line))
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
    return _solution(visit, problem, order_of(visit, number))


@router.post("/help/o/{number}/p/{problem}/solved")
def solved(visit: Visiting, number: str, problem: str) -> Response:
    order_of(visit, number)
    line = visit.form.text("line", longest=60)
    return _answered(visit, with_query(_order_address(number, problem), line=line))


@router.get("/help/g/{group}/{name}")
def without_order(visit: Visiting, group: str, name: str) -> Response:
    """A problem about no order, or not yet about one; an order that was chosen leads to its own page."""
    kind = _kind(group, name)
    number = visit.request.query_params.get("order", "")
    if number:
        return visit.redirect(Luggage(done=Luggage.of(visit).done).link(_order_address(number, kind)))
    return _solution(visit, kind, None)


@router.post("/help/g/{group}/{name}/solved")
def solved_without_order(visit: Visiting, group: str, name: str) -> Response:
    return _answered(visit, address_of(_kind(group, name)))


def address_of(kind: str) -> str:
    """The page of a problem without an order."""
    group, _, name = kind.partition(".")
    return f"/help/g/{quote(group, safe='')}/{quote(name, safe='')}"


def label_of(visit: Visit, problem: str) -> str:
    if problem in ("", OTHER):
        return visit.t("Something else")
    return category_label(problem, visit.language)


def _solution(visit: Visit, problem: str, order: Order | None) -> Response:
    query = visit.request.query_params
    recipe = recipe_for(problem)
    number = order.number if order else ""
    line = _line(order, query.get("line", ""), visit) if order else None
    answered = query.get("solved", "")
    done = tuple(check for check in recipe.checks if check in query.getlist("done"))
    luggage = Luggage(order=number, problem=problem, item=line["label"] if line else "", done=done)
    decisions = possible(visit, number) if order and recipe.deeds else {}
    rules = visit.house.orders.rules
    return visit.page(
        "customer/solution.html",
        order=view_of(visit, order) if order else None,
        orders=_orders(visit) if recipe.order and not order else [],
        problem=problem,
        problem_label=label_of(visit, problem),
        group=problem.partition(".")[0],
        group_label=group_label(problem.partition(".")[0], visit.language),
        here=_order_address(number, problem) if order else address_of(problem),
        recipe=recipe,
        account=facts_of(visit, recipe.account),
        deeds=[deed_view(visit, name, decisions[name]) for name in recipe.deeds if name in decisions],
        pages=_pages(visit, recipe),
        checks=[Check(name, check_text(name, visit.language), name in done) for name in recipe.checks],
        done=done,
        articles=_articles(visit, problem),
        step=guide.next_step(problem, order, rules, visit.clock()) if order else guide.NextStep("person"),
        answered=answered if answered in ("yes", "no") else "",
        ways=ways(visit, luggage),
        line=line,
        can_receipt=order is not None and order.captured - order.refunded > 0,
        person_link=luggage.link("/person"),
    )


def _answered(visit: Visit, address: str) -> Response:
    """Solved or not; the steps that were ticked stay."""
    answer = visit.form.one_of("solved", ("yes", "no"), otherwise="no")
    luggage = Luggage(done=tuple(step[:60] for step in visit.form.values("done")[:20]))
    return visit.redirect(
        f"{luggage.link(with_query(address, solved=answer))}#{'thanks' if answer == 'yes' else 'ways'}"
    )


def _kind(group: str, name: str) -> str:
    kind = f"{group}.{name}"
    if kind not in categories():
        raise NotFound("not_found", id=kind)
    return kind


def _order_address(number: str, problem: str) -> str:
    return f"/help/o/{quote(number, safe='')}/p/{quote(problem, safe='')}"


def _orders(visit: Visit) -> list[dict[str, object]]:
    """The newest orders of somebody we know, to choose the one it is about."""
    if visit.actor.rung < Rung.ORDER:
        return []
    return [view_of(visit, order) for order in visit.house.orders.orders(visit.actor, limit=SHOWN_ORDERS)]


def _pages(visit: Visit, recipe: Recipe) -> list[tuple[str, str]]:
    """(words, address) of the pages that do it; without those that this shop does not have."""
    shop = visit.settings.shop
    own: dict[PageName, tuple[str, str]] = {
        "shop": ("To the shop", shop.url),
        "account": ("Your account at the shop", shop.account_url),
        "business_form": ("Form of the business desk", shop.business_form_url),
        "legal_form": ("Form of the legal desk", shop.legal_form_url),
        "seller_help": ("Help for sellers", shop.seller_help_url),
    }
    known = {**PAGES, **own}
    return [(visit.t(known[name][0]), known[name][1]) for name in recipe.pages if known[name][1]]


def _articles(visit: Visit, problem: str) -> list[Line]:
    """The article about it first, then the nearest of its group."""
    asker = asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)
    about = visit.house.library.about(problem, asker)
    near = visit.house.library.search(category_label(problem, visit.language), asker, limit=NEAREST)
    group = problem.partition(".")[0]
    same = [each for each in near if group_of(each) == group]
    found = {each.id: each for each in [*([about] if about else []), *same]}
    return [Line.of(each) for each in list(found.values())[:ARTICLES]]


def _line(order: Order, line_id: str, visit: Visit) -> dict[str, Any] | None:
    """The line that somebody came from (CH-016)."""
    line = order.line(line_id) if line_id else None
    return None if line is None else {"id": line.id, "label": line.label(visit.language)}
