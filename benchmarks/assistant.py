"""How long the assistant needs: to understand a message, to find an article, for a whole turn; and its memory.

Understanding and whole turns take the texts of tests/assistant/evaluation/*.jsonl, of which nothing but the text and
its language is read; retrieval takes the same texts as questions, in each language. A turn is a contact opened with
the text in the demonstration shop and answered, on SQLite (durable commits). A bare turn, in the same run and by
turns with the whole one, opens the contact and understands the text, and does nothing else: `ratio` is what the
answer costs on top. Memory is read in a process of its own, before and after the model is loaded (Linux).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from madoguchi.assistant.understanding import Understander
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import service
from madoguchi.counter.knowledge.model import Asker
from madoguchi.faces.house import House
from madoguchi.kit.languages import NAMES
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import SHOP, stage

TEXTS = Path(__file__).parent.parent / "tests/assistant/evaluation"
TODAY = date(2026, 11, 26)
MEMORY = """
from pathlib import Path
from madoguchi.assistant.understanding import Understander
def resident():
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS:"))
before = resident()
understander = Understander.load("")
print(before, resident())
"""
Said = tuple[str, str]  # language, text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=Path, default=TEXTS, help="folder with <language>.jsonl")
    options.add_argument("--questions", type=int, default=100, help="for retrieval, of each language")
    options.add_argument("--turns", type=int, default=200)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    said = _read(chosen.texts)
    found: dict[str, object] = {"benchmark": "assistant", "texts": len(said), **_memory()}
    with stage(shop={**SHOP, "languages": list(NAMES)}) as built, built.house() as house:
        understander = Understander.load(house.settings.shop.order_number_pattern)
        rows = {"understanding": _understanding(understander, said)}
        rows |= _retrieval(house, said, chosen.questions)
        rows |= _turns(house, understander, _some(said, chosen.turns))
    found["ms"] = {name: _spread(seconds) for name, seconds in rows.items()}
    ratios = [whole / bare for whole, bare in zip(rows["turn"], rows["bare turn"], strict=True)]
    found["ratio"] = round(statistics.median(ratios), 2)
    if not chosen.json:
        _print(found)
    print(json.dumps(found))


def _read(folder: Path) -> list[Said]:
    rows = [json.loads(row) for file in sorted(folder.glob("*.jsonl")) for row in file.open(encoding="utf-8")]
    return [(row["lang"], row["text"]) for row in rows]


def _some(said: Sequence[Said], count: int) -> list[Said]:
    """The same ones in every run."""
    return random.Random(7).sample(said, min(count, len(said)))


def _timed(deed: Callable[..., object], *args: object, **options: object) -> float:
    began = time.perf_counter()
    deed(*args, **options)
    return time.perf_counter() - began


def _understanding(understander: Understander, said: Sequence[Said]) -> list[float]:
    understander.understand("warm", today=TODAY)
    return [_timed(understander.understand, text, today=TODAY, language_hint=lang) for lang, text in said]


def _retrieval(house: House, said: Sequence[Said], count: int) -> dict[str, list[float]]:
    """By language: the first search, which makes the index, and those after it."""
    found: dict[str, list[float]] = {}
    for language in sorted({lang for lang, _ in said}):
        questions = _some([each for each in said if each[0] == language], count)
        asker = Asker(language=language)
        found[f"index {language}"] = [_timed(house.library.search, "warm", asker)]
        found[f"search {language}"] = [_timed(house.library.search, text, asker) for _, text in questions]
    return found


def _turns(house: House, understander: Understander, said: Sequence[Said]) -> dict[str, list[float]]:
    Chat(house, text="warm")
    whole, bare = [], []
    for number, (lang, text) in enumerate(said):
        whole.append(_timed(Chat, house, rung=Rung.VISITOR, language=lang, text=text))
        bare.append(_timed(_bare_turn, house, understander, number, lang, text))
    return {"turn": whole, "bare turn": bare}


def _bare_turn(house: House, understander: Understander, number: int, lang: str, text: str) -> None:
    actor = Actor(kind="customer", id=f"vis_bare{number:06d}", language=lang)
    contact = house.database.write(service.open_contact, actor=actor, channel="chat", language=lang)
    house.database.write(service.say, contact.id, actor=actor, text=text, client_key=f"bare-{number:06d}")
    understander.understand(text, today=TODAY, language_hint=lang)


def _memory() -> dict[str, float]:
    told = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True).stdout
    before, after = (round(int(kib) / 1024, 1) for kib in told.split())
    return {"imported_mib": before, "with_model_mib": after}


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"p{percent}": round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 2)
        for percent in (50, 95, 99)
    }


def _print(found: dict[str, object]) -> None:
    spreads: dict[str, dict[str, float]] = found["ms"]  # type: ignore[assignment]
    print(f"{'milliseconds':20}{'p50':>10}{'p95':>10}{'p99':>10}")
    for name, spread in spreads.items():
        print(f"{name:20}" + "".join(f"{value:10.2f}" for value in spread.values()))
    print(f"a turn takes {found['ratio']} times a bare one")
    print(f"memory {found['imported_mib']} MiB, with the model {found['with_model_mib']} MiB")


if __name__ == "__main__":
    main()
