"""Examples that ship with Madoguchi, to be copied and changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from madoguchi.assistant.own_flows.model import Dialogue, from_toml

_FOLDER = Path(__file__).parent / "examples"


@lru_cache(maxsize=1)
def examples() -> dict[str, Dialogue]:
    """By the name of the file."""
    return {path.stem: from_toml(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml"))}
