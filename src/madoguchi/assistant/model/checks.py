"""What the model's words may hold. Pure; each check is stricter than it need be, because the way back is always there."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from madoguchi.engine.settings import Settings
from madoguchi.kit.text import clean, fold, normalise

Shape = TypeVar("Shape", bound=BaseModel)


class Unusable(ValueError):
    """The model's words are thrown away; the message says why."""


_FIGURE = re.compile(r"\d+(?:[-./:]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WRITTEN_FIGURE = re.compile(
    r"[零〇一二两兩三四五六七八九十百千万萬億亿半数]+\s*(?:円|元|块|塊|日|天|時間|小时|小時|分|週|周|か月|ヶ月|个月|個月|年|回|個|点|割|倍|원|%)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|dozen|half|double|twice)\b"
)
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,12}:)?//[^\s<>\"'）)」』、。]+"
    r"|\b(?:javascript|data|mailto|tel|file|vbscript):\S+"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![a-z0-9])(?:[/?#][^\s<>\"'）)」』、。]*)?"
    r"|[\w.+-]+@[\w.-]+"
)
_MARKUP = re.compile(r"<\s*[a-z/!?]|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,12});|!\[|\]\s*[(\[:]|`|\{\{|\$\{")
_SPOKEN = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[。！？!?\n]|\.(?=\s|$)")
_RUN, _SUPPORTED = 4, 0.5


def text_of(raw: str, longest: int) -> str:
    """Plain words without mark-up, control characters and surplus lines. Raises Unusable."""
    text = clean(raw).strip()
    if not text or len(text) > longest:
        raise Unusable("empty" if not text else "too long")
    if _MARKUP.search(normalise(text).casefold()):
        raise Unusable("mark-up")
    return re.sub(r"\n{3,}", "\n\n", text)


def shaped(raw: str, shape: type[Shape]) -> Shape:
    """The JSON object in an answer, with or without a fence around it. Raises ValueError."""
    start, end = raw.find("{"), raw.rfind("}")
    if start < 0 or end < start:
        raise Unusable("no JSON")
    try:
        return shape.model_validate(json.loads(raw[start : end + 1]))
    except RecursionError:
        raise Unusable("nested too deeply") from None


def figures(text: str) -> Counter[str]:
    """Every number, also the written ones, with thousands' commas taken out."""
    plain = _THOUSANDS.sub("", normalise(text).casefold())
    return Counter([*_FIGURE.findall(plain), *_WRITTEN_FIGURE.findall(plain)])


def links(text: str) -> list[str]:
    """Everything that a reader or a program might take for an address."""
    return [found.rstrip(".,!?") for found in _LINK.findall(normalise(text).casefold())]


def commitments(text: str) -> frozenset[str]:
    """The words of money, rights, deadlines and secrets in it, also where they are spaced out."""
    plain = "".join(_SPOKEN.findall(fold(text)))
    return frozenset(term for term in _terms() if term in plain)


def only_figures_of(text: str, sources: Iterable[str]) -> None:
    """Raises Unusable for a number that stands in no source."""
    known = set().union(*(figures(source) for source in sources))
    if strange := set(figures(text)) - known:
        raise Unusable(f"{len(strange)} numbers of its own")


def only_links_to(text: str, hosts: frozenset[str]) -> None:
    """Raises Unusable for an address that is not the shop's own."""
    for link in links(text):
        parts = urlsplit(link)
        if parts.scheme != "https" or parts.hostname not in hosts or parts.username:
            raise Unusable("an address that is not the shop's")


def only_words_of(text: str, sources: Iterable[str]) -> None:
    """Raises Unusable for a sentence of which the sources do not hold half, in runs of four letters.

    Figures, links and terms alone let "tell me your password" pass where an article speaks of passwords.
    """
    known = set().union(*(_runs(source) for source in sources))
    for sentence in _SENTENCE_END.split(text):
        runs = _runs(sentence)
        if runs and len(runs & known) < _SUPPORTED * len(runs):
            raise Unusable("a sentence that no article supports")


def own_hosts(settings: Settings) -> frozenset[str]:
    """Hosts of the shop and of the counter."""
    addresses = (settings.shop.url, settings.shop.account_url, settings.base_url)
    return frozenset(host for host in (urlsplit(address).hostname for address in addresses) if host)


@lru_cache
def _terms() -> tuple[str, ...]:
    with (Path(__file__).parent / "commitments.toml").open("rb") as file:
        return tuple(dict.fromkeys(term for terms in tomllib.load(file).values() for term in terms))


def _runs(text: str) -> set[str]:
    letters = "".join(_SPOKEN.findall(fold(text)))
    return {letters[i : i + _RUN] for i in range(max(1, len(letters) - _RUN + 1))} if letters else set()
