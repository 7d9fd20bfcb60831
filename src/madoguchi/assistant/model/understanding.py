"""The model's reading of a message, laid beside the deterministic one.

The model may add subjects from the closed set and so change which stands first; it takes nothing away. Emergencies,
wishes for a person, a yes or no, numbers and dates come from the rules alone, so a yes is never the model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, Field

from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.model.checks import shaped
from madoguchi.assistant.model.colleague import Sitting
from madoguchi.assistant.model.prompts import Block
from madoguchi.assistant.understanding import CONNECT_TO_AGENT, OUT_OF_SCOPE, Intent, Understanding
from madoguchi.kit.text import fold

_SURE = 0.85  # so sure of the rules' subject that nobody else is asked
_MOST = 0.85  # no subject is surer than this because of the model alone
_WORTH_SAYING = 0.2
_SLOTS = frozenset({"order_number", "tracking_number", "product", "quantity", "amount", "date"})

Wish = Literal["refund", "reship", "exchange", "cancel", "repair", "explanation", "other", ""]
Tone = Literal["calm", "worried", "upset", "formal"]


class ReadIntent(BaseModel):
    kind: str
    confidence: float = Field(ge=0, le=1)


class Reading(BaseModel):
    """What the model says about a message; everything else that it sends is not looked at."""

    intents: list[ReadIntent] = []
    slots: dict[str, Any] = {}
    wish: Wish = ""
    tone: Tone = "calm"
    language: Literal["ja", "en", "zh-Hans", "zh-Hant", "ko", "other"] = "other"


@dataclass(frozen=True)
class Understood:
    """The merged understanding, and what is noted in the ledger about the model's part in it."""

    understanding: Understanding
    noted: Mapping[str, Any] = field(default_factory=dict)


def read(sitting: Sitting, found: Understanding) -> Understood:
    """Asks only where the rules leave a question; the rules' own understanding where nothing usable comes back."""
    if not _leaves_a_question(found) or not sitting.may("understanding"):
        return Understood(found)
    reading = sitting.ask(
        "understanding",
        [Block("message", found.text)],
        lambda raw: shaped(raw, Reading),
        schema=Reading.model_json_schema(),
        kinds=_list_of_kinds(),
    )
    if reading is None:
        return Understood(found)
    noted = {
        "by": f"{found.by} + {sitting.by}",
        "wish": reading.wish,
        "tone": reading.tone,
        "slots": literal_slots(reading, found.text),
    }
    return Understood(merge(found, reading), noted)


def merge(found: Understanding, reading: Reading) -> Understanding:
    """Pure. Every subject of the rules stays with at least its confidence; known subjects of the model join them."""
    confidence = {intent.kind: intent.confidence for intent in found.intents}
    for said in reading.intents[:3]:
        added = min(said.confidence, _MOST)
        if _may_add(said.kind, found) and added >= _WORTH_SAYING:
            confidence[said.kind] = max(confidence.get(said.kind, 0.0), added)
    ranked = sorted(confidence.items(), key=lambda item: -item[1])
    return replace(found, intents=tuple(Intent(kind, sure) for kind, sure in ranked))


def literal_slots(reading: Reading, text: str) -> dict[str, str]:
    """Slots of the closed list whose value stands in the message, character by character."""
    said = fold(text)
    return {
        name: value[:80]
        for name, value in reading.slots.items()
        if name in _SLOTS and isinstance(value, str) and value.strip() and fold(value) in said
    }


def _leaves_a_question(found: Understanding) -> bool:
    decided = (
        found.emergency
        or found.wants_person
        or found.answer
        or found.wants_back
        or found.wants_cancel_talk
        or found.strong_words
    )
    sure = found.intent is not None and found.intent.confidence >= _SURE
    return not decided and not sure and any(c.isalpha() for c in found.text)


def _may_add(kind: str, found: Understanding) -> bool:
    return kind in kinds() and kind not in found.negated and kind not in (CONNECT_TO_AGENT, OUT_OF_SCOPE)


@lru_cache
def _list_of_kinds() -> str:
    return "\n".join(f"{kind.id}: {kind.labels['en']}" for kind in kinds().values())
