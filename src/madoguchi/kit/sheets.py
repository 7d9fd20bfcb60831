"""Tables as CSV files, whatever spreadsheet wrote them: rows with their line numbers in, text for a spreadsheet out. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.kit.text import clean

_SEPARATORS = (",", "\t", ";")
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Line:
    """A row: its line in the file, from 1, and heading → text without white space around it."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and where; `column` "" is the whole line, line 0 the whole file."""

    line: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What a file would do to one thing: nothing `before` where it is new. Only what differs is in both."""

    name: str
    before: dict[str, str]
    after: dict[str, str]
    new: bool = False


class Unreadable(ValueError):
    """The whole file cannot be used."""

    def __init__(self, code: str, line: int = 0) -> None:
        self.fault = Fault(line, "", code)
        super().__init__(code)


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, else Shift_JIS as Windows writes it (CP932). Raises Unreadable("bad_encoding")."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("bad_encoding")


def read(text: str) -> tuple[list[str], list[Line]]:
    """Headings and rows; empty rows are passed over. Raises Unreadable("empty_file" | "bad_csv" | "too_many_cells")."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    headings: list[str] = []
    lines: list[Line] = []
    number = 1
    try:
        for cells in reader:
            texts = [_as_typed(clean(cell).strip()) for cell in cells]
            if headings and any(texts):
                if any(texts[len(headings) :]):
                    raise Unreadable("too_many_cells", number)
                lines.append(Line(number, dict(zip(headings, texts, strict=False))))
            elif any(texts):
                headings = [text.lower() for text in texts]
            number = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("bad_csv", number) from error
    if not headings:
        raise Unreadable("empty_file")
    return headings, lines


def write(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """What `read` reads back. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return out.getvalue()


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What differs, on both sides."""
    names = [name for name in after if before.get(name, "") != after[name]]
    return {name: before.get(name, "") for name in names}, {name: after[name] for name in names}


def _as_typed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
