"""The shop's own dialogues at the console: list, begin, the versions of one, put in force, withdraw, back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant import flows
from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.keeping import Version
from madoguchi.assistant.own_flows.model import Dialogue, DialogueError, from_table
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.team import queries as team
from madoguchi.faces import flow_views
from madoguchi.faces import own_flow_views as views
from madoguchi.faces.console.gates import Dividing
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query

router = APIRouter(prefix="/console/flows/own")
HOME = "/console/flows/own"
DIALOGUE = f"{HOME}/dialogue"


@router.get("")
def listed(visit: Dividing) -> Response:
    return _list(visit)


@router.post("")
def begin(visit: Dividing) -> Response:
    """A draft for a kind of enquiry or a topic, empty or copied from an example."""
    form = visit.form
    chosen = form.value("example")
    copied = examples().get(chosen)
    kind = form.one_of("kind", [kind for kind, _ in views.kinds(visit.language)], needed="Choose an enquiry")
    topic = form.text("topic", longest=40)
    if not form.is_fine:
        return _list(visit, 422)
    named = {"id": topic, "name": {}, "examples": {}} if topic else None
    if topic and copied is not None and copied.topic is not None:
        named = {**copied.topic.model_dump(), "id": topic}
    steps = [each.model_dump() for each in copied.steps] if copied is not None else []
    try:
        made = from_table({"kind": kind, "topic": named, "steps": steps})
    except DialogueError:
        form.wrong("topic", "Use small letters, digits and underscores, beginning with a letter")
        return _list(visit, 422)
    try:
        visit.house.database.write(keeping.begin, visit.actor, made)
    except Problem as problem:
        tell(form, problem, "form")
        return _list(visit, problem.status)
    return visit.redirect(with_query(DIALOGUE, id=made.id))


@router.get("/dialogue")
def dialogue_page(visit: Dividing) -> Response:
    return page_of(visit, visit.request.query_params.get("id", ""))


@router.post("/state")
def change_state(visit: Dividing) -> Response:
    """Put the draft in force, withdraw what is, go back to an earlier version, write the next draft, or discard it."""
    form = visit.form
    dialogue_id, wanted = form.value("id"), form.value("do")
    number = _number(form.value("version"))
    try:
        _do(visit, dialogue_id, wanted, number)
    except Problem as problem:
        tell(form, problem, "form")
        return page_of(visit, dialogue_id, problem.status)
    if wanted == "discard" and not visit.house.database.read(keeping.versions, dialogue_id):
        return visit.redirect(HOME)
    return visit.redirect(with_query(DIALOGUE, id=dialogue_id, saved=wanted))


def _do(visit: Visit, dialogue_id: str, wanted: str, number: int) -> None:
    database, actor, known = visit.house.database, visit.actor, views.known_of(visit)
    if wanted == "put":
        four_eyes = visit.settings.assistant.four_eyes
        database.write(
            lambda tx: keeping.put_in_force(tx, actor, dialogue_id, number, known, four_eyes=four_eyes)
        )
    elif wanted == "withdraw":
        database.write(keeping.withdraw, actor, dialogue_id, number)
    elif wanted == "back":
        database.write(lambda tx: keeping.back(tx, actor, dialogue_id, number, known))
    elif wanted == "discard":
        database.write(keeping.discard, actor, dialogue_id, number)
    elif wanted == "write":
        found = database.read(keeping.find, dialogue_id, number)
        if found is None or not views.is_readable(found):
            raise NotFound("not_found")
        database.write(keeping.begin, actor, found.dialogue)
    else:
        raise NotFound("not_found")


def page_of(visit: Visit, dialogue_id: str, status: int = 200) -> Response:
    """One dialogue: its draft as a list of steps with what the checks find, what is in force, and every version."""
    every = visit.house.database.read(keeping.versions, dialogue_id)
    if not every:
        raise NotFound("not_found")
    draft = next((each for each in every if each.state == keeping.DRAFT), None)
    shown = draft or every[0]
    dialogue = _of(shown)
    found = views.checked(visit, dialogue)
    today = visit.clock().astimezone(visit.zone).date()
    counted = visit.house.database.read(flow_views.Now.of, visit.settings, today)
    flow = flows.load().get(dialogue.kind)
    return visit.page(
        "console/own_flow.html",
        status,
        id=dialogue_id,
        name=views.name_of(dialogue, visit.language),
        kind=flow_views.matter_name(dialogue.kind, visit.language),
        topic=dialogue.topic,
        draft=draft,
        shown=shown,
        steps=views.steps(dialogue, found, visit.language),
        whole=views.of_whole(found, visit.language),
        ready=all(each.is_warning for each in found),
        does=[(value, visit.t(words)) for value, words in views.DOES_WORDS.items()],
        versions=[(each, _agent(visit, each.changed_by)) for each in every],
        states=views.STATE_WORDS,
        use=flow_views.row(flow, counted, visit.language).use if flow else None,
        days=flow_views.DAYS,
        saved=visit.request.query_params.get("saved", ""),
        at=visit.request.query_params.get("at", ""),
        own_words=visit.actor.id in (draft.writers if draft else []) and visit.settings.assistant.four_eyes,
    )


def draft_of(visit: Visit, dialogue_id: str) -> tuple[Version, Dialogue]:
    """The draft that is being written. Raises NotFound."""
    draft = visit.house.database.read(keeping.draft_of, dialogue_id)
    if draft is None:
        raise NotFound("not_found")
    return draft, _of(draft)


def _agent(visit: Visit, agent_id: str) -> str:
    found = visit.house.database.read(team.find, agent_id)
    return found.name if found else agent_id


def _list(visit: Visit, status: int = 200) -> Response:
    newest = visit.house.database.read(keeping.newest)
    rows = [(each, views.name_of(_of(each), visit.language)) for each in newest if views.is_readable(each)]
    return visit.page(
        "console/own_flows.html",
        status,
        rows=rows,
        states=views.STATE_WORDS,
        kinds=views.kinds(visit.language),
        asked_for=visit.request.query_params.get("kind", ""),
        examples=[(name, views.name_of(each, visit.language)) for name, each in examples().items()],
    )


def _of(version: Version) -> Dialogue:
    if not views.is_readable(version):
        raise NotFound("not_found")
    return version.dialogue


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1
