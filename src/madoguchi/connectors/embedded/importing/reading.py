"""Files as text, whatever spreadsheet wrote them: encodings, separators, rows with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.connectors.embedded.importing.report import Place, Problem
from madoguchi.kit.text import clean

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_SEPARATORS = (",", "\t", ";")


class Unreadable(Exception):
    """The whole file cannot be used."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@dataclass(frozen=True)
class Row:
    """A row of a table: heading → text, white space around it taken off; empty cells are left out."""

    place: Place
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def decode(data: bytes, file: str) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else Shift_JIS as Windows writes it (CP932)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, file, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, file, "cp932")


def rows(text: str, file: str, problems: list[Problem]) -> Iterator[Row]:
    """The rows below the heading. A broken row is reported and passed over. Raises Unreadable on an empty file."""
    source = io.StringIO(text, newline="")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(source, delimiter=separator, strict=True)
    heading: list[str] = []
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(Problem(Place(file, start), "", "bad_csv", {"error": str(error)}))
            start = reader.line_num + 1
            continue
        place, start = Place(file, start), reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not heading:
            heading = [clean(cell).strip() for cell in cells]
            continue
        if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
            problems.append(
                Problem(place, "", "too_many_cells", {"cells": len(cells), "headings": len(heading)})
            )
            continue
        found = {name: clean(cell).strip() for name, cell in zip(heading, cells, strict=False) if name}
        yield Row(place, {name: cell for name, cell in found.items() if cell})
    if not heading:
        raise Unreadable(Problem(Place(file), "", "empty_file"))


def heading_of(text: str) -> list[str]:
    """The first row that holds something, as headings."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    return [clean(cell).strip() for cell in next(csv.reader([first], delimiter=separator), [])]


def _decoded(data: bytes, file: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(Problem(Place(file), "", "bad_encoding")) from error
