"""The draft behind the pages of the form: what is kept, what came along in the address, what is still open (CH-003, CH-042)."""

from __future__ import annotations

from typing import Any

from madoguchi.assistant.understanding import names
from madoguchi.assistant.understanding.entities import find_entities
from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.channels.form.composing import WISHES
from madoguchi.channels.form.model import Draft
from madoguchi.channels.form.needs import wants_order
from madoguchi.counter.cases import at_hand
from madoguchi.counter.cases.categories import categories, group_labels, is_category
from madoguchi.faces.customer.preparing import LONGEST, Need, needs_of
from madoguchi.faces.customer.visit import Visit
from madoguchi.kit.text import normalise

STEPS = ("about", "kind", "order", "write", "review")
PROBLEM_LONGEST = 2000
COURSE_LONGEST = 1500
WISH_LONGEST = 300
# What people write in passing, and what is read from their words as they wrote it.
_READABLE = frozenset({"carrier", "tracking_number", "quantity", "amount", "seller_name", "agent_name"})


def draft_of(visit: Visit) -> Draft:
    """What is kept of this visitor, with what the address or the page brings along on top."""
    kept = visit.house.forms.draft(visit.actor) if visit.principal else Draft()
    brought = carried(visit)
    kind, order = brought.get("topic", ""), brought.get("order", "")
    changes: dict[str, Any] = {}
    if kind and kind != kept.kind:
        changes |= {"kind": kind, "group": kind.partition(".")[0]}
    if order and order != kept.order:
        changes |= {"order": order, "no_order": False}
    return kept.model_copy(update=changes)


def carried(visit: Visit) -> dict[str, str]:
    """Topic and order as they were handed over by another page: in the address, then in hidden fields."""
    given = visit.request.query_params
    topic = given.get("topic", "") or visit.form.value("topic")
    order = given.get("order", "") or visit.form.value("order")
    return {
        name: value
        for name, value in (("topic", topic if is_category(topic) else ""), ("order", order.strip()[:60]))
        if value
    }


def take_words(visit: Visit, text: str) -> bool:
    """Words typed on another page go into the draft, after what stands there (CH-003). False: there is no room for them."""
    if not text:
        return True
    before = draft_of(visit)
    problem = text if before.problem in text else f"{before.problem}\n{text}"
    if len(problem) > PROBLEM_LONGEST:
        return False
    keep(visit, before.model_copy(update={"problem": problem}))
    return True


def keep(visit: Visit, draft: Draft) -> Draft:
    """The session of a visitor begins here, with the first thing that is written."""
    return visit.house.forms.keep(visit.begin().actor, draft)


def first_open(draft: Draft) -> str:
    """The first step at which something is missing."""
    if draft.kind not in categories():
        return "kind" if draft.group in group_labels() else "about"
    if wants_order(draft.kind) and not draft.order and not draft.no_order:
        return "order"
    return "write" if not draft.problem else "review"


def before(step: str, draft: Draft) -> str:
    """Where "back" leads; the page before the first is the support's top page."""
    place = STEPS.index(step)
    if place == 0:
        return "/"
    earlier = STEPS[place - 1]
    if earlier == "order" and not wants_order(draft.kind):
        earlier = "kind"
    return f"/help/form/{earlier}"


def needs(visit: Visit, draft: Draft) -> list[Need]:
    """The fields of this kind; the order has a step of its own, pictures are sent as files."""
    found = needs_of(visit, draft.kind, draft.order)
    shown = [need for need in found if need.slot not in ("order_id", "photo")]
    return [Need(need.slot, need.label, need.hint, draft.values.get(need.slot, need.value)) for need in shown]


def written(visit: Visit, draft: Draft) -> Draft:
    """The draft with what the page on which one writes holds; errors stand in the form."""
    form = visit.form
    values = {
        need.slot: _plain(visit, need.slot, form.text(need.name, longest=LONGEST))
        for need in needs(visit, draft)
    }
    return draft.model_copy(
        update={
            "values": values,
            "problem": form.text(
                "problem", needed="Please write what the problem is", longest=PROBLEM_LONGEST
            ),
            "course": form.text("course", longest=COURSE_LONGEST),
            "wish": form.one_of("wish", WISHES),
            "wish_words": form.text("wish_words", longest=WISH_LONGEST),
        }
    )


def read_from_words(visit: Visit, draft: Draft) -> Draft:
    """Fields that stayed empty, filled from what was written: carrier, numbers, quantity (ADV-010, ADV-011)."""
    empty = [
        slot for slot in at_hand.needed_for(draft.kind) if slot in _READABLE and not draft.values.get(slot)
    ]
    if not empty:
        return draft
    slots = visit.house.assistant.understand(f"{draft.problem}\n{draft.course}").slots()
    found = {slot: str(slots[slot])[:LONGEST] for slot in empty if isinstance(slots.get(slot), (str, int))}
    return draft.model_copy(update={"values": {**draft.values, **found}}) if found else draft


def _plain(visit: Visit, slot: str, typed: str) -> str:
    """2 for 「２個」, the carrier's name and the number out of a sentence; anything else as it was typed."""
    if slot == "carrier":
        return names.carrier(normalise(typed)) or typed
    if slot not in ("quantity", "tracking_number"):
        return typed
    mask = OrderNumberMask(visit.settings.shop.order_number_pattern)
    today = visit.clock().astimezone(visit.zone).date()
    found = find_entities(typed, today, mask, mask.pattern(), visit.language)
    if slot == "quantity":
        return str(found.quantities[0]) if found.quantities else typed
    return found.tracking_numbers[0] if found.tracking_numbers else typed
