"""How well the search finds: questions with the articles that answer them, and what came of asking each (HLP-002).

A line of a file of questions is {"lang": "ja", "query": "返金 いつ", "relevant": ["refund-times"]}.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from madoguchi.counter.knowledge.files import LANGUAGES, ArticleError
from madoguchi.counter.knowledge.library import Told
from madoguchi.engine.sections import Language

DEPTH = 10
IN_ALL = "all"
Ask = Callable[["Question"], Sequence[Told]]


class Question(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    lang: Language
    query: str = Field(min_length=1)
    relevant: list[str] = Field(min_length=1)


@dataclass(frozen=True)
class Answer:
    """`rank`: of the first right article, from 1; 0 where none was among those found. `sure`: told as an answer."""

    question: Question
    found: tuple[str, ...]
    sure: bool
    rank: int
    ms: float


@dataclass(frozen=True)
class Quality:
    """`answered`: the share of questions that got an answer; the others got what is near, or nothing."""

    questions: int
    answered: float
    recall_at_1: float
    recall_at_3: float
    mrr: float
    p50_ms: float
    p99_ms: float


def read_questions(file: Path) -> list[Question]:
    """Raises ArticleError with every line that cannot be read."""
    questions, problems = [], []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            questions.append(Question.model_validate(json.loads(line)))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"{file.name}:{number}: `{'.'.join(map(str, first['loc']))}`: {first['msg']}")
        except ValueError as error:
            problems.append(f"{file.name}:{number}: {error}")
    if not questions and not problems:
        problems.append(f"{file.name}: no questions")
    if problems:
        raise ArticleError(problems)
    return questions


def ask_all(questions: Sequence[Question], ask: Ask) -> Iterator[Answer]:
    for question in questions:
        began = time.perf_counter()
        told = ask(question)
        ms = (time.perf_counter() - began) * 1000
        found = tuple(each.id for each in told)
        rank = next((place for place, each in enumerate(found, 1) if each in question.relevant), 0)
        yield Answer(question, found, any(each.sure for each in told), rank, ms)


def quality(answers: Sequence[Answer]) -> dict[str, Quality]:
    """By language, and all together."""
    parts = {language: [a for a in answers if a.question.lang == language] for language in LANGUAGES}
    return {name: _quality(part) for name, part in {**parts, IN_ALL: list(answers)}.items() if part}


def _quality(answers: Sequence[Answer]) -> Quality:
    count = len(answers)
    times = [answer.ms for answer in answers]
    cuts = quantiles(times, n=100, method="inclusive") if count > 1 else [times[0]] * 99
    return Quality(
        questions=count,
        answered=sum(answer.sure for answer in answers) / count,
        recall_at_1=sum(answer.rank == 1 for answer in answers) / count,
        recall_at_3=sum(0 < answer.rank <= 3 for answer in answers) / count,
        mrr=sum(1 / answer.rank for answer in answers if answer.rank) / count,
        p50_ms=cuts[49],
        p99_ms=cuts[98],
    )
