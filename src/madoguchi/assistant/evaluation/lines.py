"""The labelled lines of an evaluation file, one JSON object each. Bad ones are named, the others are used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from madoguchi.assistant.kinds import kinds

Scalar = str | int | float | bool


class Expected(BaseModel):
    outcome: str = ""
    target: str = ""
    ask: list[str] = Field(default_factory=list)


class Line(BaseModel):
    """What a customer wrote and how it is to be understood. Unknown keys are left aside."""

    id: str
    lang: Literal["ja", "en", "zh-Hans", "zh-Hant", "ko"]
    text: str = Field(min_length=1)
    category: str
    subcategory: str
    slots: dict[str, Scalar | list[Scalar] | None] = Field(default_factory=dict)
    expected: Expected = Field(default_factory=Expected)
    customer: Any = None
    orders: Any = None

    @property
    def kind(self) -> str:
        """The taxonomy id; `subcategory` may be written with or without its category."""
        name = self.subcategory.rpartition(".")[2]
        return f"{self.category}.{name}"


@dataclass(frozen=True)
class BadLine:
    number: int
    reason: str


def read_lines(rows: Iterable[str]) -> tuple[list[Line], list[BadLine]]:
    """Good lines and bad ones; numbers count from 1. Empty lines are neither."""
    good: list[Line] = []
    bad: list[BadLine] = []
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            line = Line.model_validate_json(row)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            bad.append(BadLine(number, f"{place}: {first['msg']}" if place else str(first["msg"])))
            continue
        if line.kind not in kinds():
            bad.append(BadLine(number, f"there is no kind {line.kind}"))
        else:
            good.append(line)
    return good, bad
