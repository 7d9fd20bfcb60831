"""The draft of an own dialogue at the console: its list of steps, one step, what it is about. By keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from madoguchi.assistant.own_flows import editing, keeping
from madoguchi.assistant.own_flows.model import (
    DOES,
    LONGEST,
    LONGEST_OPTION,
    LONGEST_URL,
    MOST_EXAMPLES,
    MOST_OPTIONS,
    Dialogue,
    Step,
    Topic,
)
from madoguchi.assistant.own_flows.places import PLACES
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.faces import own_flow_views as views
from madoguchi.faces.console.gates import Dividing
from madoguchi.faces.console.own_flows import DIALOGUE, HOME, draft_of, page_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.forms import Form
from madoguchi.faces.refusals import tell
from madoguchi.faces.rendering import with_query
from madoguchi.kit.languages import NAMES

router = APIRouter(prefix=HOME)


@router.post("/steps")
def change_list(visit: Dividing) -> Response:
    """Add a step, move it, or remove it."""
    form = visit.form
    dialogue_id, name, wanted = form.value("id"), form.text("name", longest=40), form.value("do")

    def change(dialogue: Dialogue) -> Dialogue:
        if wanted == "add":
            does = form.value("does")
            chosen = next((each for each in DOES if each == does), None)
            if chosen is None:
                raise NotFound("not_found")
            return editing.add(dialogue, name, chosen)
        if wanted == "remove":
            return editing.remove(dialogue, name)
        return editing.move(dialogue, name, -1 if wanted == "up" else 1)

    saved, problem = _save(visit, dialogue_id, change)
    if problem is not None:
        return page_of(visit, dialogue_id, problem.status)
    if wanted == "add" and saved is not None:
        return visit.redirect(with_query(f"{HOME}/step", id=dialogue_id, step=saved.steps[-1].name))
    return visit.redirect(with_query(DIALOGUE, id=dialogue_id, at=name) + "#steps")


@router.get("/step")
def step_page(visit: Dividing) -> Response:
    asked = visit.request.query_params
    return _step(visit, asked.get("id", ""), asked.get("step", ""))


@router.post("/step")
def save_step(visit: Dividing) -> Response:
    form = visit.form
    dialogue_id, name = form.value("id"), form.value("step")
    _, dialogue = draft_of(visit, dialogue_id)
    before = dialogue.step(name)
    if before is None:
        raise NotFound("not_found")
    wanted = _wanted(form, before)
    if wanted is None or not form.is_fine:
        return _step(visit, dialogue_id, name, 422)
    _, problem = _save(visit, dialogue_id, lambda now: editing.replace_step(now, wanted))
    if problem is not None:
        return _step(visit, dialogue_id, name, problem.status)
    return visit.redirect(with_query(DIALOGUE, id=dialogue_id, at=name) + "#steps")


@router.get("/about")
def about_page(visit: Dividing) -> Response:
    return _about(visit, visit.request.query_params.get("id", ""))


@router.post("/about")
def save_about(visit: Dividing) -> Response:
    """The topic's name and examples, and under which enquiry it is counted."""
    form = visit.form
    dialogue_id = form.value("id")
    _, dialogue = draft_of(visit, dialogue_id)
    if dialogue.topic is None:
        raise NotFound("not_found")
    kind = form.one_of("kind", [kind for kind, _ in views.kinds(visit.language)], needed="Choose an enquiry")
    names = {each: form.text(f"name_{each}", longest=60) for each in NAMES}
    said = {each: _lines(form, f"examples_{each}") for each in NAMES}
    if not form.is_fine:
        return _about(visit, dialogue_id, 422)
    topic = Topic.model_validate(
        {
            "id": dialogue.topic.id,
            "name": {each: text for each, text in names.items() if text},
            "examples": {each: lines for each, lines in said.items() if lines},
        }
    )
    _, problem = _save(visit, dialogue_id, lambda now: editing.about(now, kind, topic))
    if problem is not None:
        return _about(visit, dialogue_id, problem.status)
    return visit.redirect(with_query(DIALOGUE, id=dialogue_id))


def _save(
    visit: Visit, dialogue_id: str, change: Callable[[Dialogue], Dialogue]
) -> tuple[Dialogue | None, Problem | None]:
    """The draft as `change` makes it of the revision that the form showed; or the refusal, noted in the form."""
    form = visit.form
    seen = form.value("seen")
    _, dialogue = draft_of(visit, dialogue_id)
    try:
        changed = change(dialogue)
        revision = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        visit.house.database.write(keeping.save, visit.actor, changed, revision)
    except Problem as problem:
        tell(form, problem, "form")
        return None, problem
    return changed, None


def _wanted(form: Form, before: Step) -> Step | None:
    """The step as it was typed; None, with the place noted, where it cannot be one."""
    typed: dict[str, Any] = {"name": before.name, "does": before.does, "to": form.value("to")}
    words = {each: form.text(f"words_{each}", longest=LONGEST) for each in NAMES}
    typed["words"] = {each: text for each, text in words.items() if text}
    if before.does == "say":
        typed["article"] = form.value("article")
    elif before.does == "ask":
        typed |= {"answer": form.value("answer"), "options": _options(form)}
    elif before.does == "order":
        typed["fits"] = form.value("fits")
    elif before.does == "deed":
        typed["deed"] = form.value("deed")
    elif before.does == "link":
        typed["url"] = form.text("url", longest=LONGEST_URL)
    elif before.does == "hand_over":
        typed |= {"queue": form.value("queue"), "reason": form.value("reason")}
    elif before.does == "end":
        typed["solved"] = form.value("solved") == "yes"
    try:
        return Step.model_validate(typed)
    except ValidationError as error:
        form.wrong(str(error.errors()[0]["loc"][0]), "Choose one of the list")
        return None


def _options(form: Form) -> list[dict[str, Any]]:
    """Those of which anything was typed."""
    found = []
    for place in range(MOST_OPTIONS):
        texts = {each: form.text(f"o{place}_{each}", longest=LONGEST_OPTION) for each in NAMES}
        words = {each: text for each, text in texts.items() if text}
        if words:
            found.append({"to": form.value(f"o{place}_to"), "words": words})
    return found


def _lines(form: Form, name: str) -> list[str]:
    lines = [line.strip() for line in form.text(name, longest=8000).splitlines()]
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) > MOST_EXAMPLES or any(len(line) > 200 for line in found):
        form.wrong(name, "At most {n} lines of 200 characters", n=MOST_EXAMPLES)
    return found


def _step(visit: Visit, dialogue_id: str, name: str, status: int = 200) -> Response:
    draft, dialogue = draft_of(visit, dialogue_id)
    step = dialogue.step(name)
    if step is None:
        raise NotFound("not_found")
    found = views.checked(visit, dialogue)
    offered = {
        f"o{place}_{each}": text
        for place, option in enumerate(step.options)
        for each, text in option.words.items()
    }
    visit.form.start_with(
        url=step.url, **{f"words_{each}": text for each, text in step.words.items()}, **offered
    )
    return visit.page(
        "console/own_flow_step.html",
        status,
        id=dialogue_id,
        draft=draft,
        name=views.name_of(dialogue, visit.language),
        step=step,
        view=views.step_view(dialogue, step, found, visit.language),
        languages=NAMES,
        places=PLACES,
        others=[(each.name, each.name) for each in dialogue.steps if each.name != step.name],
        option_places=[(place, step.options[place].to if place < len(step.options) else "") for place in range(MOST_OPTIONS)],
        answers=[(value, visit.t(words)) for value, words in views.ANSWER_WORDS.items()],
        fits=[(value, visit.t(words)) for value, words in views.FITS_WORDS.items()],
        articles=views.articles(visit) if step.does == "say" else [],
        deeds=views.deeds(visit.language),
        reasons=views.reasons(visit.language),
        queues=views.queue_names(visit),
        longest=LONGEST,
        longest_option=LONGEST_OPTION,
        longest_url=LONGEST_URL,
    )  # fmt: skip


def _about(visit: Visit, dialogue_id: str, status: int = 200) -> Response:
    draft, dialogue = draft_of(visit, dialogue_id)
    topic = dialogue.topic
    if topic is None:
        raise NotFound("not_found")
    visit.form.start_with(
        **{f"name_{each}": text for each, text in topic.name.items()},
        **{f"examples_{each}": "\n".join(lines) for each, lines in topic.examples.items()},
    )
    return visit.page(
        "console/own_flow_about.html",
        status,
        id=dialogue_id,
        draft=draft,
        name=views.name_of(dialogue, visit.language),
        kind=dialogue.kind,
        kinds=views.kinds(visit.language),
        languages=NAMES,
        most=MOST_EXAMPLES,
    )
