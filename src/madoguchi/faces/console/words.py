"""Words that customers have for goods and subjects: an editor accepts or rejects each, and can undo it."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.learning.words import queries, service
from madoguchi.assistant.learning.words.model import Candidate, ShopWord
from madoguchi.assistant.learning.words.suggesting import suggestions
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.learning import Teaching
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import with_query
from madoguchi.kit.ids import fingerprint

router = APIRouter(prefix="/console/words")
HOME = "/console/words"
_SHOWN = 50


@router.get("")
def listed(visit: Teaching) -> Response:
    return _page(visit)


@router.post("")
def decide(visit: Teaching) -> Response:
    """Accept one of the words that are suggested now, as the editor wrote what it means, or reject it."""
    form = visit.form
    chosen = next((each for each in _suggested(visit) if _key(each) == form.value("of")), None)
    if chosen is None:
        return visit.redirect(HOME)
    actor = visit.actor
    try:
        if form.value("do") == "reject":
            done = visit.house.database.write(service.reject, chosen, actor)
        else:
            done = visit.house.database.write(service.accept, chosen, form.value("means"), actor)
    except Invalid:
        form.wrong(_key(chosen), "Say what the word means: a product's name or a part of it")
        return _page(visit, 422, wrong=replace(chosen, means=form.value("means")))
    except Conflict:
        return visit.redirect(HOME)
    return visit.redirect(with_query(HOME, last=done.id))


@router.post("/{word_id}/undo")
def undo(visit: Teaching, word_id: str) -> Response:
    visit.house.database.write(service.take_back, word_id, visit.actor)
    return visit.redirect(HOME)


def _page(visit: Visit, status: int = 200, *, wrong: Candidate | None = None) -> Response:
    def read(tx: Transaction) -> tuple[list[ShopWord], dict[str, str]]:
        decided = queries.decided(tx)
        names = {word.decided_by: _name(tx, word.decided_by) for word in decided}
        return decided, names

    decided, names = visit.house.database.read(read)
    last = visit.request.query_params.get("last", "")
    return visit.page(
        "console/words.html",
        status,
        suggested=[(_key(each), each) for each in _suggested(visit)[:_SHOWN]],
        wrong=wrong,
        wrong_key=next(iter(visit.form.errors), ""),
        decided=decided,
        names=names,
        last=next((word for word in decided if word.id == last), None),
        longest=service.LONGEST,
    )


def _suggested(visit: Visit) -> list[Candidate]:
    """Without what the catalogue tells where the shop does not answer."""
    try:
        products = [product.name for product in visit.house.shop.products()]
    except ShopUnreachable:
        products = []
    return suggestions(visit.house.database, visit.house.library, products)


def _key(each: Candidate) -> str:
    """The same on every page, and fit for an id there."""
    return fingerprint(f"{each.matter}/{each.language}/{each.word}")[:16]


def _name(tx: Transaction, agent_id: str) -> str:
    found = team.find(tx, agent_id) if agent_id else None
    return found.name if found else agent_id
