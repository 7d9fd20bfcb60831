"""What an import did, and what it could not use: where, and why, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from madoguchi.engine.texts import tr

Kind = Literal["seller", "product", "customer", "wallet", "holding", "order"]
Result = Literal["added", "updated", "unchanged", "bad"]
KINDS: tuple[Kind, ...] = ("seller", "product", "customer", "wallet", "holding", "order")
RESULTS: tuple[Result, ...] = ("added", "updated", "unchanged", "bad")

# Message ids; the Japanese is in locale/ja/importing.po.
_REASONS = {
    "missing": "This value is missing.",
    "not_a_number": "“{value}” is not a whole number.",
    "not_an_amount": "“{value}” is not an amount in {currency}.",
    "not_a_date": "“{value}” is not a date.",
    "not_a_moment": "“{value}” is not a date and time.",
    "not_yes_or_no": "“{value}” is neither yes nor no.",
    "not_one_of": "“{value}” is not known here. Possible: {possible}.",
    "too_small": "“{value}” is too small; at least {least}.",
    "too_long": "This value is too long; at most {most} characters.",
    "unknown_field": "This field is not known.",
    "unknown_field_near": "This field is not known. Is “{near}” meant?",
    "bad_value": "“{value}” cannot be used here.",
    "total_differs": "The total is {given}, but lines, shipping and discount make {computed}.",
    "pieces_differ": "More pieces were cancelled or returned than the {quantity} ordered.",
    "over_refund": "{refunded} was refunded, but only {captured} was taken.",
    "unknown_line": "The order has no line “{line_id}”.",
    "unknown_payment": "The order has no payment “{payment_id}”.",
    "unknown_parcel": "The order has no parcel “{parcel_id}”.",
    "unknown_order": "No order “{number}” is in these files.",
    "unknown_customer": "No customer “{number}” is in these files.",
    "named_twice": "“{key}” was already read from {file}, line {line}.",
    "id_twice": "The id “{id}” is there twice.",
    "other_value": "This order has another value in an earlier row: “{first}”.",
    "changed_here": "The order was changed here after the last import. It stays as it is.",
    "bad_json": "This is not valid JSON: {error}.",
    "not_an_object": "An object with names and values is expected here.",
    "unknown_type": "“{value}” is not a type of record. Possible: {possible}.",
    "bad_csv": "This row cannot be read: {error}.",
    "too_many_cells": "The row has more cells ({cells}) than there are headings ({headings}).",
    "bad_encoding": "The file is neither UTF-8 nor Shift_JIS.",
    "columns_missing": "These columns are missing: {columns}.",
    "unknown_column": "The column is not known and was not read.",
    "unknown_column_near": "The column is not known and was not read. Is “{near}” meant?",
    "unknown_file": "It cannot be told what this file holds. Name it after its contents, such as orders.csv, or use --format.",
    "no_file": "There is no such file.",
    "empty_file": "The file is empty.",
}


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1; 0 means the whole file."""

    file: str
    line: int = 0


@dataclass(frozen=True)
class Problem:
    """Why something was not taken over. `column` is the column's heading, or the path of a JSON field."""

    place: Place
    column: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    warning: bool = False  # read all the same

    def text(self, language: str) -> str:
        """The reason in a sentence."""
        return tr(language, _REASONS[self.code], **self.params)

    def where(self, language: str) -> str:
        """`orders.csv, line 12, column quantity`."""
        parts = [self.place.file]
        if self.place.line:
            parts.append(tr(language, "line {line}", line=self.place.line))
        if self.column:
            parts.append(tr(language, "column {column}", column=self.column))
        return tr(language, ", ").join(parts)


@dataclass
class Report:
    """Counts per kind of record, and problems in the order of the files."""

    problems: list[Problem] = field(default_factory=list)
    rolled_back: bool = False
    counts: dict[Kind, Counter[Result]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})

    def count(self, kind: Kind, result: Result, number: int = 1) -> None:
        if number:
            self.counts[kind][result] += number

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]

    def number(self, result: Result) -> int:
        """Over all kinds."""
        return sum(counts[result] for counts in self.counts.values())
