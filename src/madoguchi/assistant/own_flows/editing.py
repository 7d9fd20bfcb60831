"""Changes of a dialogue, step by step: add, replace, move, remove. Pure; each gives another dialogue.

Where a step was that others lead to, they lead nowhere until they are led elsewhere; the checks say so.
"""

from __future__ import annotations

from madoguchi.assistant.own_flows.model import MOST_STEPS, Dialogue, Does, Step, Topic
from madoguchi.counter.problems import Invalid, NotFound


def add(dialogue: Dialogue, name: str, does: Does) -> Dialogue:
    """A step at the end of the list. `name` empty: one is made. Raises Invalid with the field."""
    if len(dialogue.steps) >= MOST_STEPS:
        raise Invalid("too_many_steps", field="does", most=MOST_STEPS)
    wanted = name or _free_name(dialogue, does)
    if dialogue.step(wanted) is not None:
        raise Invalid("step_name_taken", field="name")
    try:
        made = Step(name=wanted, does=does)
    except ValueError as error:
        raise Invalid("step_name_unusable", field="name") from error
    return dialogue.model_copy(update={"steps": [*dialogue.steps, made]})


def replace_step(dialogue: Dialogue, step: Step) -> Dialogue:
    """The step of this name is `step` from now on. Raises NotFound."""
    place = _place(dialogue, step.name)
    steps = [*dialogue.steps[:place], step, *dialogue.steps[place + 1 :]]
    return dialogue.model_copy(update={"steps": steps})


def move(dialogue: Dialogue, name: str, by: int) -> Dialogue:
    """Up (-1) or down (1) in the list; at its end it stays. Raises NotFound."""
    place = _place(dialogue, name)
    steps = [*dialogue.steps]
    step = steps.pop(place)
    steps.insert(max(0, place + by), step)
    return dialogue.model_copy(update={"steps": steps})


def remove(dialogue: Dialogue, name: str) -> Dialogue:
    """Raises NotFound."""
    place = _place(dialogue, name)
    return dialogue.model_copy(update={"steps": [*dialogue.steps[:place], *dialogue.steps[place + 1 :]]})


def about(dialogue: Dialogue, kind: str, topic: Topic | None) -> Dialogue:
    """The same steps for another kind of enquiry, or for a topic of the shop's own that is counted under it."""
    return dialogue.model_copy(update={"kind": kind, "topic": topic})


def _place(dialogue: Dialogue, name: str) -> int:
    found = [place for place, step in enumerate(dialogue.steps) if step.name == name]
    if not found:
        raise NotFound("not_found")
    return found[0]


def _free_name(dialogue: Dialogue, does: Does) -> str:
    taken = {step.name for step in dialogue.steps}
    return next(name for number in range(1, MOST_STEPS + 2) if (name := f"{does}_{number}") not in taken)
