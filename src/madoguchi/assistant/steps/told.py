"""What the customer tells unasked that leads an enquiry elsewhere: "it is stuck at customs", "the number is lost".

The patterns are data (`wording/told`), read in the language in which they were said, sentence by sentence: what is
only supposed ("what if it gets stuck at customs?") is not told.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from madoguchi.assistant.questions import Heard
from madoguchi.assistant.talk import Talk

_FOLDER = Path(__file__).parents[1] / "wording" / "told"
_SENTENCES = re.compile(r"(?<=[。！!？?\n])|(?<=\.)\s")


def is_told(talk: Talk, key: str, unless: str = "", *, or_asked: bool = False) -> bool:
    """Whether anything said in this run tells `key` (`customs.stuck`). Recorded once it is, so that the flow keeps its way.

    `unless`: a pattern that takes it back ("when is it deleted?" wants no deletion). `or_asked`: asking about it tells
    it as well ("do we need to …?").
    """
    if key in talk.run.answers:
        return True
    if not any(tells(heard, key, unless, or_asked=or_asked) for heard in talk.said if not heard.key):
        return False
    return bool(talk.noted(key, lambda: True))


def has_said(talk: Talk) -> bool:
    """Whether the run began with words, not with a button: recorded, for an answer brings words too."""
    if talk.run.asked or not any(heard.text.strip() and not heard.key for heard in talk.said):
        return "in_words" in talk.run.answers
    return bool(talk.noted("in_words", lambda: True))


def tells(heard: Heard, key: str, unless: str = "", *, or_asked: bool = False) -> bool:
    """Whether one sentence of it tells `key`, and neither supposes it nor takes it back."""
    language = heard.understanding.language
    names = [*([] if or_asked else ["talk.supposes"]), *([unless] if unless else [])]
    takes_back = [pattern(name, language) for name in names]
    return any(
        pattern(key, language).search(sentence) and not any(each.search(sentence) for each in takes_back)
        for sentence in _SENTENCES.split(heard.folded)
        if sentence
    )


@lru_cache
def pattern(key: str, language: str) -> re.Pattern[str]:
    """Of a language that has none of its own, everybody's. Raises KeyError for an unknown key."""
    matter, name = key.split(".")
    own = by_language().get(language.partition("-")[0])
    every = [own] if own else by_language().values()
    return re.compile("|".join(f"(?:{patterns[matter][name]})" for patterns in every))


@lru_cache
def by_language() -> dict[str, dict[str, dict[str, str]]]:
    """Language → matter → name → pattern. Chinese of both scripts is one."""
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.toml"))}
