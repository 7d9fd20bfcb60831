"""The three parts (problem, facts, wish) as one message, and the parts of such a message again (ADV-006, ADV-007). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.channels.form.model import Draft
from madoguchi.counter.cases import at_hand
from madoguchi.engine.texts import tr
from madoguchi.kit.languages import colon

WISHES: Mapping[str, str] = {
    "return": "Return it, please",
    "exchange": "Exchange it, please",
    "refund": "Refund it, please",
    "reship": "Send it again, please",
    "cancel": "Cancel it, please",
    "explanation": "Explain it, please",
    "investigation": "Investigate it, please",
}
_INDENT = "　"
_PROBLEM, _ORDER, _COURSE, _WISH = "The problem", "Order number", "What happened", "My wish"


@dataclass(frozen=True)
class Parts:
    """`facts`: label → value, in their order."""

    problem: str
    facts: dict[str, str]
    wish: str


def compose(draft: Draft, language: str) -> str:
    """One line with a label for each part; the problem first. A part may go on over further lines."""
    mark = colon(language)
    lines = [(_label(_PROBLEM, language), draft.problem)]
    order = draft.order or (tr(language, "No order") if draft.no_order else "")
    lines.append((_label(_ORDER, language), order))
    lines += [
        (at_hand.label(slot, language), tr(language, "yes") if slot == "photo" else value)
        for slot, value in draft.values.items()
        if slot in at_hand.LABELS
    ]
    lines += [(_label(_COURSE, language), draft.course), (_label(_WISH, language), wish_of(draft, language))]
    return "\n".join(f"{label}{mark}{_one_part(value)}" for label, value in lines if value)


def parts(text: str, language: str) -> Parts:
    """The parts of a message that `compose` made."""
    mark = colon(language).strip()
    labels = {_label(each, language) for each in (_PROBLEM, _ORDER, _COURSE, _WISH)}
    labels |= {at_hand.label(slot, language) for slot in at_hand.LABELS}
    found: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        label, sep, value = line.partition(mark)
        if sep and label in labels and label not in found:
            found[label], last = value.strip(), label
        elif last:
            found[last] += "\n" + line.removeprefix(_INDENT)
    problem, wish = found.pop(_label(_PROBLEM, language), ""), found.pop(_label(_WISH, language), "")
    return Parts(problem, found, wish)


def wish_of(draft: Draft, language: str) -> str:
    chosen = tr(language, WISHES[draft.wish]) if draft.wish in WISHES else ""
    if not (chosen and draft.wish_words):
        return chosen or draft.wish_words
    return f"{chosen}\n{draft.wish_words}"


def _one_part(value: str) -> str:
    """Further lines stand back a little, so that a label inside somebody's words begins no part."""
    first, *rest = value.split("\n")
    return "\n".join([first, *(f"{_INDENT}{line}" for line in rest)])


def _label(msgid: str, language: str) -> str:
    return tr(language, msgid)
