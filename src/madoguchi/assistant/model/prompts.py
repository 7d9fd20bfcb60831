"""Prompts: one Markdown file each, and the data they are given, fenced so that words inside stay words.

What customers and articles say is never part of the instructions. It stands between two lines that carry a random
mark made for this call alone, after card numbers and secrets were taken out.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

from madoguchi.assistant.model.client import Question
from madoguchi.counter.contacts.redaction import redact
from madoguchi.kit.text import clean

FOLDER = Path(__file__).parent / "prompts"
_LONGEST_BLOCK = 6000


@dataclass(frozen=True)
class Block:
    """Data for the model: what it is (one plain word), and its text."""

    name: str
    text: str


@lru_cache
def prompt(name: str) -> Template:
    """The instructions of a purpose. Places: `$fence` and those of the purpose."""
    return Template((FOLDER / f"{name}.md").read_text("utf-8"))


@lru_cache
def version(name: str) -> str:
    """Which text of a prompt was used: changes with every change of its file (TECH-009)."""
    return hashlib.sha256(prompt(name).template.encode()).hexdigest()[:12]


def compose(
    name: str, blocks: Sequence[Block], *, schema: dict[str, Any] | None = None, **places: str
) -> Question:
    """The question for the model. Only `places` of our own making may be given, never a customer's words."""
    mark = secrets.token_hex(8)
    common = Template((FOLDER / "common.md").read_text("utf-8")).substitute(fence=mark)
    system = f"{prompt(name).substitute(fence=mark, **places)}\n\n{common}"
    if schema is not None:
        system += f"\nThe JSON schema of the answer:\n{json.dumps(schema, ensure_ascii=False)}\n"
    return Question(system, "\n\n".join(_fenced(block, mark) for block in blocks), schema)


def _fenced(block: Block, mark: str) -> str:
    text = redact(clean(block.text))[:_LONGEST_BLOCK].replace(mark, "")
    return f"<<<{block.name} {mark}>>>\n{text}\n<<<end {mark}>>>"
