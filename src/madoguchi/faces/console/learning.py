"""Labelling what the assistant did not understand: a list, one message at a time, and undo (BOT-014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.assistant.language import LANGUAGES
from madoguchi.assistant.learning import queries, service
from madoguchi.assistant.learning.collecting import own_of
from madoguchi.assistant.learning.model import REASONS, LearningTurn
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import Category, categories, group_labels
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.problems import Conflict, Invalid, SignInNeeded
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.desk.pages import Working
from madoguchi.faces.principal import need
from madoguchi.faces.rendering import with_query
from madoguchi.kit.text import fold

router = APIRouter(prefix="/console/learning")
HOME = "/console/learning"
PAGE = 20
_LONGEST = 600
REASON_WORDS = {
    "missed": "Not understood",
    "clarified": "Asked which was meant",
    "corrected": "The customer changed the subject",
    "denied": "Not solved, says the customer",
    "bot_failed": "Handed over after misunderstandings",
    "reclassified": "An agent gave it another subject",
}


async def teacher(visit: Working) -> Visit:
    """Somebody who may teach the assistant. Raises SignInNeeded, NotAllowed."""
    if visit.principal is None:
        raise SignInNeeded("session_needed", back=visit.here if visit.request.method == "GET" else HOME)
    need(visit.principal, "assistant.teach")
    return visit


Teaching = Annotated[Visit, Depends(teacher)]


@dataclass(frozen=True)
class Filter:
    """Which messages the editor goes through."""

    reason: str
    language: str

    @classmethod
    def of(cls, visit: Visit) -> Filter:
        asked = visit.request.query_params
        reason, language = asked.get("reason", ""), asked.get("in", "")
        return cls(reason if reason in REASONS else "", language if language in LANGUAGES else "")

    def address(self, path: str, **more: str) -> str:
        return with_query(path, **{"reason": self.reason, "in": self.language, **more})


@router.get("")
def listed(visit: Teaching) -> Response:
    chosen = Filter.of(visit)
    decided = visit.request.query_params.get("view") == "decided"
    number = _page_number(visit)

    def read(tx: Transaction) -> dict[str, object]:
        turns, count = queries.listed(
            tx,
            decided=decided,
            reason=chosen.reason,
            language=chosen.language,
            start=(number - 1) * PAGE,
            limit=PAGE,
        )
        names = {turn.decided_by: _name(tx, turn.decided_by) for turn in turns if turn.decided_by}
        return {"turns": turns, "count": count, "names": names, **_around(tx, visit)}

    return visit.page(
        "console/learning.html",
        chosen=chosen,
        decided=decided,
        number=number,
        per_page=PAGE,
        **visit.house.database.read(read),
    )


@router.get("/{turn_id}")
def message(visit: Teaching, turn_id: str) -> Response:
    turn = visit.house.database.read(queries.get, turn_id)
    visit.form.start_with(text=turn.text)
    return _message_page(visit, turn)


@router.post("/{turn_id}")
def decide(visit: Teaching, turn_id: str) -> Response:
    """One of: a kind's button, two kinds, "discard", or a search that decides nothing."""
    turn = visit.house.database.read(queries.get, turn_id)
    form = visit.form
    if form.value("do") == "search":
        return _message_page(visit, turn, found=find_kinds(form.value("q")))
    text = form.text("text", needed="Enter the text that is to be kept", longest=_LONGEST)
    wanted = [form.value("kind")] if form.value("kind") else [form.value("first"), form.value("second")]
    discards = form.value("do") == "discard"
    if not discards and (len(set(wanted)) != len(wanted) or not set(wanted) <= categories().keys()):
        form.wrong("first", "Choose two different subjects")
    if form.errors and not discards:
        return _message_page(visit, turn, 422)
    actor = visit.actor
    try:
        if discards:
            visit.house.database.write(service.discard, turn_id, actor)
        else:
            visit.house.database.write(_label, turn_id, wanted, text, actor)
    except Invalid:
        form.wrong("text", "Nothing is left of this text that could be learnt")
        return _message_page(visit, turn, 422)
    except Conflict:
        return visit.redirect(Filter.of(visit).address(f"{HOME}/{turn_id}"))
    return visit.redirect(_next(visit, turn_id))


@router.post("/{turn_id}/undo")
def undo(visit: Teaching, turn_id: str) -> Response:
    visit.house.database.write(service.take_back, turn_id, visit.actor)
    return visit.redirect(Filter.of(visit).address(f"{HOME}/{turn_id}"))


def find_kinds(words: str) -> list[Category]:
    """Subjects whose name holds every word, in either language, whatever the width and the case."""
    wanted = fold(words).split()
    if not wanted:
        return []
    return [kind for kind in categories().values() if all(word in _names(kind) for word in wanted)]


def _names(kind: Category) -> str:
    return fold(f"{kind.id} {kind.id.replace('_', ' ')} {' '.join(kind.labels.values())}")


def _label(tx: Transaction, turn_id: str, wanted: list[str], text: str, by: Actor) -> LearningTurn:
    """Veiled with what we know of the customer: the editor may have typed a name that stood in the conversation."""
    turn = queries.get(tx, turn_id)
    seen = contacts.find(tx, turn.contact_id) if turn.contact_id else None
    customer = customers.find(tx, seen.customer_id) if seen and seen.customer_id else None
    return service.label(tx, turn_id, wanted, text, by, own_of(seen, customer) if seen else None)


def _next(visit: Visit, decided: str) -> str:
    """The next open message of the same kind; the list where there is none. Both offer to undo this one."""
    chosen = Filter.of(visit)
    turns, _ = visit.house.database.read(
        queries.listed, reason=chosen.reason, language=chosen.language, limit=1
    )
    return chosen.address(f"{HOME}/{turns[0].id}" if turns else HOME, last=decided)


def _message_page(
    visit: Visit, turn: LearningTurn, status: int = 200, *, found: list[Category] | None = None
) -> Response:
    def read(tx: Transaction) -> dict[str, object]:
        return {"decided_by": _name(tx, turn.decided_by), **_around(tx, visit)}

    suggested = [kind for kind in turn.suggested if kind in categories() and kind != OUT_OF_SCOPE]
    return visit.page(
        "console/learning_message.html",
        status,
        turn=turn,
        chosen=Filter.of(visit),
        suggested=[categories()[kind] for kind in suggested],
        found=found,
        groups=_groups(visit.language),
        out_of_scope=OUT_OF_SCOPE,
        longest=_LONGEST,
        **visit.house.database.read(read),
    )


def _around(tx: Transaction, visit: Visit) -> dict[str, object]:
    """What every page of the editor shows: how far the work is, and what was decided last."""
    last = visit.request.query_params.get("last", "")
    done = queries.find(tx, last) if last else None
    return {
        "progress": queries.progress(tx),
        "last": done if done is not None and done.state != "open" else None,
        "reasons": {name: visit.t(words) for name, words in REASON_WORDS.items()},
        "languages": LANGUAGES,
        "kinds": categories(),
    }


def _groups(language: str) -> list[tuple[str, list[Category]]]:
    labels = group_labels()
    return [
        (
            labels[group]["ja" if language == "ja" else "en"],
            [kind for kind in categories().values() if kind.group == group],
        )
        for group in labels
    ]


def _name(tx: Transaction, agent_id: str) -> str:
    found = team.find(tx, agent_id) if agent_id else None
    return found.name if found else ""


def _page_number(visit: Visit) -> int:
    asked = visit.request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
