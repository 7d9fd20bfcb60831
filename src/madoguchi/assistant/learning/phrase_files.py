"""Labels as lines of the shop's own phrases (`<language>/<kind>.txt`), and those held back for measuring."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from madoguchi.assistant.language import LANGUAGES
from madoguchi.assistant.learning.model import LearningTurn
from madoguchi.assistant.learning.veil import bare, says_something

OURS = "labelled.json"  # which lines of the files come from labels; all others are the operator's own
_HELD_OUT = 5  # one label in five is never learnt, so that there is something to measure with


def is_held_out(turn: LearningTurn) -> bool:
    """The same label is on the same side for ever."""
    return hashlib.sha256(turn.id.encode()).digest()[0] % _HELD_OUT == 0


def write_phrases(labels: Sequence[LearningTurn], folder: Path) -> int:
    """Bring the files into line with the labels; how many lines come from them. The operator's own lines stay.

    Two wishes in one message teach neither kind: they are measured with, not learnt.
    """
    wanted: dict[str, list[str]] = {}
    for turn in labels:
        line = bare(turn.text).lstrip("= ")
        if (
            len(turn.kinds) == 1
            and turn.language in LANGUAGES
            and says_something(line)
            and not is_held_out(turn)
        ):
            wanted.setdefault(f"{turn.language}/{turn.kinds[0]}.txt", []).append(line)
    before = _read_ours(folder)
    ours: dict[str, list[str]] = {}
    for name in sorted(wanted.keys() | before.keys()):
        file = folder / name
        lines = file.read_text("utf-8").splitlines() if file.is_file() else []
        theirs = [line for line in lines if line not in set(before.get(name, ()))]
        new = [line for line in dict.fromkeys(wanted.get(name, ())) if line not in theirs]
        if new:
            ours[name] = new
        _replace(file, [*theirs, *new])
    if ours or before:
        _replace(folder / OURS, [json.dumps(ours, ensure_ascii=False, indent=1, sort_keys=True)])
    return sum(len(lines) for lines in ours.values())


def _read_ours(folder: Path) -> dict[str, list[str]]:
    file = folder / OURS
    if not file.is_file():
        return {}
    found: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
    return found


def _replace(file: Path, lines: Sequence[str]) -> None:
    if not lines:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f".{file.name}")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(file)
