"""Values of rules as a piece of a policy file, and what two pieces differ in. Pure.

A piece is written with dotted keys, one on a line: `returns.window_days = 14`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def piece(values: Mapping[str, Any]) -> str:
    """The piece with these values; tables may be nested. Ends with a line end where it is not empty."""
    lines = [f"{key} = {_value(value)}" for key, value in _flat(values, "")]
    return "".join(f"{line}\n" for line in lines)


def values_of(text: str) -> dict[str, Any]:
    """What stands in a piece. Raises tomllib.TOMLDecodeError."""
    return tomllib.loads(text)


def nested(key: str, value: Any) -> dict[str, Any]:
    """The value in the tables that its dotted key names."""
    plain = value.model_dump(exclude_none=True) if isinstance(value, BaseModel) else value
    for name in reversed(key.split(".")):
        plain = {name: plain}
    return dict(plain)


def moved(ours: Mapping[str, Any], base: Mapping[str, Any], onto: Mapping[str, Any]) -> dict[str, Any]:
    """What `ours` changes of `base`, done to `onto` instead: set or taken out key by key, all else stays."""
    mine, before, there = (dict(_leaves(each, ())) for each in (ours, base, onto))
    kept = {path: value for path, value in there.items() if path in mine or path not in before}
    kept |= {path: value for path, value in mine.items() if path not in before or before[path] != value}
    made: dict[str, Any] = {}
    for path, value in kept.items():
        table = made
        for name in path[:-1]:
            table = table.setdefault(name, {})
        table[path[-1]] = value
    return made


def _leaves(values: Mapping[str, Any], before: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*before, name))
        else:
            yield (*before, name), value


def _flat(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        key = f"{before}{name if _BARE.fullmatch(name) else _text(name)}"
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_text(name)} = {_value(each)}" for name, each in value.items())
        return f"{{{inside}}}"
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"a policy file holds no {type(value).__name__}")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
