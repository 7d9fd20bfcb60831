"""The assistant's set phrases in the customer's tone.

Only courtesies and questions that stand in the wording catalogue as they are, without places, may be put in other
words. Whatever carries a fact (an amount, a date, a name, an address, a state, anything made from an order or a
proposal), speaks of money or rights, says who is speaking, or is a button or card, is not even shown to the model, and
so survives to the letter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from madoguchi.assistant.model import checks
from madoguchi.assistant.model.checks import Unusable, shaped
from madoguchi.assistant.model.colleague import Sitting
from madoguchi.assistant.model.prompts import Block
from madoguchi.assistant.speech import Message
from madoguchi.assistant.wording import LANGUAGES, catalogue
from madoguchi.counter.trust.outgoing import asks_for_secrets

LANGUAGE_NAMES = {
    "ja": "polite Japanese",
    "en": "English",
    "zh-Hans": "simplified Chinese",
    "zh-Hant": "traditional Chinese",
    "ko": "polite Korean",
}
_SENTENCE = re.compile(r"[^。！？.!?\n]+(?:[。！？.!?]+\s*|\n|$)")
_ASKS = re.compile(r"[?？]|か[。．]?$")
_SET_APART = ("button.", "emergency.", "handover.", "reason.", "fact.", "tried.", "person.")
_COURTESIES = (
    "what_next", "once_more", "noted", "hello.how", "thanks.", "rephrase.", "clarify.", "solved.", "corrected.",
)  # fmt: skip


class Phrases(BaseModel):
    phrases: list[str]


def polish(sitting: Sitting, messages: list[Message], language: str, tone: str) -> None:
    """Puts the set phrases of these messages in other words, in place; those without a usable proposal stay."""
    free = [message for message in messages if _is_free(message)]
    found = dict.fromkeys(
        phrase for message in free for line in message.lines for phrase in phrases(line, language)
    )
    if not found or not sitting.may("wording"):
        return
    said = sitting.ask(
        "wording",
        [Block("phrases", "\n".join(found))],
        lambda raw: shaped(raw, Phrases),
        schema=Phrases.model_json_schema(),
        language=LANGUAGE_NAMES[language],
        tone=tone,
    )
    if said is None or len(said.phrases) != len(found):
        return
    other = {old: new for old, new in zip(found, said.phrases, strict=True) if fits(old, new)}
    for message in free:
        message.lines = [_in_other_words(line, other) for line in message.lines]


def phrases(line: str, language: str) -> list[str]:
    """The sentences of a line that may be put in other words."""
    return [sentence for sentence in _sentences(line) if sentence in _set_phrases(language)]


def fits(old: str, new: str) -> bool:
    """Whether the model's phrase may stand in for ours. Pure."""
    try:
        text = checks.text_of(new, 2 * len(old) + 30)
    except Unusable:
        return False
    return (
        "\n" not in text
        and len(_sentences(text)) <= len(_sentences(old)) + 1
        and not checks.figures(text)
        and not checks.links(text)
        and not checks.commitments(text)
        and not asks_for_secrets(text)
        and bool(_ASKS.search(text)) == bool(_ASKS.search(old))
    )


def _is_free(message: Message) -> bool:
    """Not the words around a proposal or a proof of it, which are its own; nor a yes or no, whose sense could turn."""
    card: dict[str, Any] = message.card or {}
    choices: dict[str, Any] = message.choices or {}
    values = {option["value"] for option in choices.get("options", ())}
    return card.get("kind") not in ("proposal", "receipt", "refund") and not values & {"yes", "no"}


def _in_other_words(line: str, other: dict[str, str]) -> str:
    pieces = _SENTENCE.findall(line)
    if "".join(pieces) != line:
        return line
    return "".join(
        piece.replace(piece.strip(), other[piece.strip()].strip()) if piece.strip() in other else piece
        for piece in pieces
    )


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


@lru_cache
def _set_phrases(language: str) -> frozenset[str]:
    if language not in LANGUAGES:
        return frozenset()
    found = set()
    for key, value in catalogue(language).items():
        templates = [value] if isinstance(value, str) else value
        for sentence in (sentence for template in templates for sentence in _sentences(template)):
            if key.startswith(_COURTESIES) or (_ASKS.search(sentence) and not key.startswith(_SET_APART)):
                found.add(sentence)
    return frozenset(sentence for sentence in found if _says_no_fact(sentence))


def _says_no_fact(sentence: str) -> bool:
    return not (
        "{" in sentence or checks.figures(sentence) or checks.links(sentence) or checks.commitments(sentence)
    )
