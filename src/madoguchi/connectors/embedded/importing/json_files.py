"""Records from JSON: one document with arrays, or one record per line; every record knows the line it begins on."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from typing import Any

from madoguchi.connectors.embedded.importing.judging import Draft
from madoguchi.connectors.embedded.importing.report import KINDS, Kind, Place, Problem
from madoguchi.kit.text import clean

_SPACE = re.compile(r"[ \t\r\n]*")
_ARRAYS: dict[str, Kind] = {f"{kind}s": kind for kind in KINDS}
_TYPES: dict[str, Kind] = {kind: kind for kind in KINDS}
_DECODER = json.JSONDecoder()


def records(text: str, file: str, problems: list[Problem]) -> Iterator[Draft]:
    """`{"orders": […], …}`, or lines of `{"type": "order", …}`."""
    if _is_lines(text):
        yield from _lines(text, file, problems)
    else:
        yield from _document(text, file, problems)


def _is_lines(text: str) -> bool:
    """Whether the first line that holds something is a record of its own."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        record = json.loads(first)
    except ValueError:
        return False
    return isinstance(record, dict) and "type" in record


def _lines(text: str, file: str, problems: list[Problem]) -> Iterator[Draft]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = Place(file, number)
        try:
            record = json.loads(line)
        except ValueError as error:
            problems.append(Problem(place, "", "bad_json", {"error": str(error)}))
            continue
        if not isinstance(record, dict):
            problems.append(Problem(place, "", "not_an_object"))
            continue
        kind = record.pop("type", None)
        if kind not in _TYPES:
            possible = ", ".join(_TYPES)
            problems.append(Problem(place, "type", "unknown_type", {"value": kind, "possible": possible}))
            continue
        yield Draft(_TYPES[kind], _cleaned(record), place)


def _document(text: str, file: str, problems: list[Problem]) -> Iterator[Draft]:
    """Walks the outermost object and its arrays, so that a record's line is known and one broken end loses no start."""
    ends = [match.start() for match in re.finditer("\n", text)]

    def line(offset: int) -> int:
        return bisect.bisect_left(ends, offset) + 1

    at = 0
    try:
        at = _expect(text, 0, "{")
        while not _comes(text, at, "}"):
            name_at = _skip(text, at)
            name, at = _DECODER.raw_decode(text, name_at)
            at = _expect(text, at, ":")
            kind = _ARRAYS.get(str(name))
            if kind is None or not _comes(text, at, "["):
                code = "unknown_type" if kind is None else "not_an_object"
                params = {"value": name, "possible": ", ".join(_ARRAYS)} if kind is None else {}
                problems.append(Problem(Place(file, line(name_at)), str(name), code, params))
                _, at = _DECODER.raw_decode(text, _skip(text, at))
            else:
                at = _expect(text, at, "[")
                while not _comes(text, at, "]"):
                    start = _skip(text, at)
                    record, at = _DECODER.raw_decode(text, start)
                    place = Place(file, line(start))
                    if isinstance(record, dict):
                        yield Draft(kind, _cleaned(record), place)
                    else:
                        problems.append(Problem(place, f"{name}[]", "not_an_object"))
                    at = _expect(text, at, ",") if not _comes(text, at, "]") else at
                at = _expect(text, at, "]")
            at = _expect(text, at, ",") if not _comes(text, at, "}") else at
        rest = _skip(text, _expect(text, at, "}"))
        if rest < len(text):
            raise json.JSONDecodeError("Extra data", text, rest)
    except ValueError as error:
        where = error.pos if isinstance(error, json.JSONDecodeError) else at
        problems.append(Problem(Place(file, line(where)), "", "bad_json", {"error": str(error)}))


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _comes(text: str, at: int, mark: str) -> bool:
    return text.startswith(mark, _skip(text, at))


def _expect(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if not text.startswith(mark, at):
        raise json.JSONDecodeError(f"Expecting {mark!r}", text, at)
    return at + 1


def _cleaned(value: Any) -> Any:
    """Without characters that no database keeps."""
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(part) for name, part in value.items()}
    return value
