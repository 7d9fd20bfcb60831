"""The Markdown of articles: headings, paragraphs, lists, bold, links. Read into blocks; faces write the HTML. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "steps", "points"]
_HEADING = re.compile(r"#{1,3}\s+(.+)")
_STEP = re.compile(r"\d+[.)]\s+(.+)")
_POINT = re.compile(r"[-*]\s+(.+)")
_INLINE = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]*)\)")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|/(?!/))[^\s\\]*", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Words, bold words, or words that lead somewhere."""

    text: str
    bold: bool = False
    url: str = ""


@dataclass(frozen=True)
class Block:
    """`items` has one entry, or one per item of a list."""

    kind: BlockKind
    items: tuple[tuple[Piece, ...], ...]


def blocks(body: str) -> list[Block]:
    """The body in reading order. A line that is no heading or list item goes on with the paragraph or item before."""
    found: list[tuple[BlockKind, list[str]]] = []
    goes_on = False
    for line in map(str.strip, body.splitlines()):
        if not line:
            goes_on = False
            continue
        kind, text = _of_line(line)
        if kind == "paragraph" and goes_on:
            found[-1][1][-1] += f"\n{text}"
        elif kind in ("steps", "points") and found and found[-1][0] == kind:
            found[-1][1].append(text)
        else:
            found.append((kind, [text]))
        goes_on = kind != "heading"
    return [Block(kind, tuple(_pieces(item) for item in items)) for kind, items in found]


def short_answer(body: str) -> str:
    """The first paragraph as plain words."""
    for block in blocks(body):
        if block.kind == "paragraph":
            return "".join(piece.text for piece in block.items[0])
    return ""


def is_safe_link(url: str) -> bool:
    return _SAFE_LINK.fullmatch(url) is not None


def links(body: str) -> list[str]:
    return [found["url"] for found in _INLINE.finditer(body) if found["label"]]


def _of_line(line: str) -> tuple[BlockKind, str]:
    if found := _HEADING.fullmatch(line):
        return "heading", found[1]
    if found := _STEP.fullmatch(line):
        return "steps", found[1]
    if found := _POINT.fullmatch(line):
        return "points", found[1]
    return "paragraph", line


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()]))
        if found["bold"]:
            pieces.append(Piece(found["bold"], bold=True))
        else:
            pieces.append(Piece(found["label"], url=found["url"] if is_safe_link(found["url"]) else ""))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)
