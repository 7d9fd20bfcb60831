"""How long a search takes where there are many articles: 10,000 of them made from phrases, then asked a thousand times.

python benchmarks/knowledge.py [--articles 10000] [--language ja]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import quantiles

import madoguchi.assistant.kinds
from madoguchi.assistant.understanding import Understander
from madoguchi.building import places_of
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.knowledge.files import Folder
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.model import Article, ArticleText, Asker
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate
from madoguchi.engine.settings import Settings

PHRASES = Path(madoguchi.assistant.kinds.__file__).parent / "phrases"
SEARCHES = 1000


def phrases_of(language: str) -> dict[str, list[str]]:
    """The phrases of every kind, as people say them."""
    return {
        kind: [
            line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")
        ]
        for kind in categories()
        if (path := PHRASES / language / f"{kind}.txt").is_file()
    }


def made(count: int, language: str, phrases: dict[str, list[str]]) -> Folder:
    """Articles of some 40 phrases each, a third of them of other kinds; the same ones every time."""
    dice = random.Random(4)
    kinds, every = list(phrases), [line for lines in phrases.values() for line in lines]
    folder = Folder()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        own = phrases[kind]
        asked_as = tuple(dice.sample(own, min(15, len(own))))
        body = "\n\n".join([dice.choice(own), *dice.sample(own, min(12, len(own))), *dice.sample(every, 13)])
        text = ArticleText(
            dice.choice(own)[:200], body.replace("{", "").replace("}", ""), asked_as, date(2026, 11, 20)
        )
        folder.articles[f"made-{number:05}"] = Article(f"made-{number:05}", (kind,), {language: text})
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--language", default="ja")
    asked = parser.parse_args()
    phrases = phrases_of(asked.language)
    folder = made(asked.articles, asked.language, phrases)
    dice = random.Random(5)
    every = [line for lines in phrases.values() for line in lines]
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/bench.db")
        migrate(database)
        library = Library(database, places_of(Settings(), Rules.load()), folder, Understander.load())
        asker = Asker(asked.language)
        began = time.perf_counter()
        library.search(every[0], asker)
        built = time.perf_counter() - began
        times, worked = (
            [],
            [],
        )  # as people wait, and as the processor works: a busy machine shows in the first only
        for words in dice.sample(every, SEARCHES):
            began, working = time.perf_counter(), time.thread_time()
            library.search(words, asker, limit=8, near=True)
            times.append((time.perf_counter() - began) * 1000)
            worked.append((time.thread_time() - working) * 1000)
        database.close()
    cuts = quantiles(times, n=100, method="inclusive")
    of_processor = quantiles(worked, n=100, method="inclusive")
    print(
        json.dumps(
            {
                "articles": asked.articles,
                "language": asked.language,
                "searches": SEARCHES,
                "p50_ms": round(cuts[49], 1),
                "p99_ms": round(cuts[98], 1),
                "processor_p99_ms": round(of_processor[98], 1),
                "slowest_ms": round(max(times), 1),
                "first_search_s": round(built, 1),
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
