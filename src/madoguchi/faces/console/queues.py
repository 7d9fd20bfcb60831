"""Queues at the console: names, urgency, skill, overflow; which kinds of enquiry lead to which (QUE-003, QUE-015)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.routing import queue_editing, queues
from madoguchi.counter.routing.queues import Queue
from madoguchi.engine.database import Transaction
from madoguchi.faces.console.gates import Keeping
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forms import Form
from madoguchi.faces.refusals import tell
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import normalise

router = APIRouter(prefix="/console/queues")
HOME = "/console/queues"


@router.get("")
def listed(visit: Keeping) -> Response:
    found = visit.house.database.read(queue_editing.all_queues)
    return visit.page("console/queues.html", rows=[(each, each.label(visit.language)) for each in found])


@router.get("/queue")
def queue_page(visit: Keeping) -> Response:
    wanted = visit.request.query_params.get("id", "")
    found = visit.house.database.read(queues.find, wanted) if wanted else None
    if wanted and found is None:
        raise NotFound("not_found")
    return _page(visit, found)


@router.post("/queue")
def save(visit: Keeping) -> Response:
    form = visit.form
    known = visit.house.database.read(queues.find, form.value("id")) if form.value("known") else None
    wanted = _typed(form)
    if form.is_fine:
        try:
            visit.house.database.write(queue_editing.save, visit.actor, wanted, form.value("seen"))
        except Problem as problem:
            tell(form, problem, "form")
            return _page(visit, known, problem.status)
        return visit.redirect(HOME)
    return _page(visit, known, 422)


@router.get("/topics")
def topics_page(visit: Keeping) -> Response:
    return _topics(visit)


@router.post("/topics")
def save_topics(visit: Keeping) -> Response:
    form = visit.form
    wanted = {kind: form.value(kind) for kind in categories() if form.value(kind)}
    try:
        visit.house.database.write(queue_editing.set_topics, visit.actor, wanted)
    except Problem as problem:
        tell(form, problem, "form")
        return _topics(visit, problem.status)
    return visit.redirect(HOME)


def _page(visit: Visit, shown: Queue | None, status: int = 200) -> Response:
    fresh = shown or Queue("", {}, 4, 90, always_open=False, active=True)
    visit.form.start_with(
        id=fresh.id,
        **{f"name_{each}": text for each, text in fresh.name.items()},
        priority=fresh.priority,
        target_seconds=fresh.target_seconds,
        level=fresh.level,
        after_contact_s=fresh.after_contact_s,
        relaxation="\n".join(f"{step['after_s']} {step['level']}" for step in fresh.relaxation),
        overflow="\n".join(f"{step['after_s']} {step['queue']}" for step in fresh.overflow),
    )
    others = [each for each in visit.house.database.read(queue_editing.all_queues) if each.id != fresh.id]
    return visit.page(
        "console/queue.html",
        status,
        shown=shown,
        name=shown.label(visit.language) if shown else "",
        seen=queue_editing.mark_of(shown),
        languages={each: NAMES[each] for each in NAMES if each in visit.settings.shop.languages},
        always_open=fresh.always_open,
        active=fresh.active,
        others=[(each.id, each.label(visit.language)) for each in others],
        priorities=_priorities(visit),
    )


def _priorities(visit: Visit) -> list[tuple[str, str]]:
    words = {1: visit.t("1: emergencies"), 4: visit.t("4: ordinary")}
    return [(str(each), words.get(each, str(each))) for each in queue_editing.PRIORITIES]


def _typed(form: Form) -> Queue:
    return Queue(
        id=form.text("id", needed="Enter a name", longest=40),
        name={each: form.text(f"name_{each}", longest=60) for each in NAMES},
        priority=form.number("priority", 1, 5),
        target_seconds=form.number("target_seconds", 1, queue_editing.LONGEST_S - 1),
        always_open=form.value("always_open") == "yes",
        active=form.value("active") == "yes" or not form.value("known"),
        level=form.number("level", 1, 5),
        relaxation=[
            {"after_s": int(after), "level": int(level)}
            for after, level in _steps(form, "relaxation", numbers=True)
        ],
        overflow=[
            {"after_s": int(after), "queue": to} for after, to in _steps(form, "overflow", numbers=False)
        ],
        after_contact_s=form.number("after_contact_s", 0, 3600),
    )


_STEPS = {
    "relaxation": "Write one step on a line: seconds, then a lower proficiency, for example 120 3",
    "overflow": "Write one step on a line: seconds, then a queue, for example 120 general",
}


def _steps(form: Form, name: str, *, numbers: bool) -> Iterator[tuple[str, str]]:
    """The two words of each line; a line that has others is an error of the field."""
    for line in form.text(name, longest=1000).splitlines():
        words = normalise(line).split()
        if not words:
            continue
        fits = len(words) == 2 and words[0].isdecimal() and (words[1].isdecimal() or not numbers)
        if fits and len(words[0]) < 8 and (not numbers or len(words[1]) < 3):
            yield words[0], words[1]
        else:
            form.wrong(name, _STEPS[name])


def _topics(visit: Visit, status: int = 200) -> Response:
    language = visit.language

    def read(tx: Transaction) -> tuple[dict[str, str], list[Queue]]:
        return queues.topics(tx), queues.queues(tx)

    own, active = visit.house.database.read(read)
    names = {each.id: each.label(language) for each in active}
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in categories().values():
        leads = queues.queue_for(kind.id, own=own)
        groups.setdefault(kind.group, []).append(
            {"id": kind.id, "label": kind.label(language), "queue": leads, "changed": kind.id in own}
        )
    labels = {group: of.get(language) or of["en"] for group, of in group_labels().items() if group in groups}
    return visit.page(
        "console/topics.html",
        status,
        groups=[(labels[group], kinds) for group, kinds in groups.items()],
        names=list(names.items()),
    )
