"""Which order or line the customer means by their words: a number, a product, a date, an amount. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from madoguchi.assistant.answers import says
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.shop_words import ShopWords
from madoguchi.assistant.steps.goods import kind_score
from madoguchi.assistant.steps.spelling import nearly
from madoguchi.counter.orders.model import Line, Order
from madoguchi.kit.text import fold

_GENERIC = re.compile(
    r"(?:ご)?(?:注文|商品|返品|返金|交換|配送|お?届け|キャンセル|order|item|product|return|refund)|[订訂][单單]|退[货貨款]|[换換][货貨]|주문|상품|반품|환불|교환|배송|日本|일본"
)
_WEEKS_AGO = (
    (2, re.compile(r"先々週|上上(?:周|週|[个個]?星期)|지지난 ?주|week before last")),
    (1, re.compile(r"先週|last week|上(?:周|週|[个個]?(?:星期|礼拜|禮拜))|(?:지난|저번) ?주")),
    (0, re.compile(r"今週|this week|[这這本](?:周|週|[个個]?星期)|이번 ?주")),
)
_MONTHS_AGO = (
    (1, re.compile(r"先月|last month|上[个個]?月|(?:지난|저번) ?달")),
    (0, re.compile(r"今月|this month|[这這][个個]?月|本月|이번 ?달")),
)
_SHORTEST = 3
_PIECE = re.compile(r"[a-z0-9]+|[ぁ-んー]+|[一-龯々]+|[가-힣]+")
_FUNCTION_WORDS = frozenset(
    {"the", "and", "for", "from", "with", "set", "pair", "pairs", "piece", "pieces", "size"}
)
_CLAUSE = re.compile(
    r"[,.;:!?、。，；：！？\n]+|\b(?:but|while|whereas)\b|(?<=두고)\s|(?<=지만)\s|但是?|(?<=ですが)|(?<=けど)"
)
_SPELT = re.compile(r"[a-z]{5,}|[ぁ-んー]{3,}")
T = TypeVar("T")


def orders_named(orders: Sequence[Order], heard: Heard, zone: ZoneInfo, today: date) -> list[Order]:
    """The orders that fit every clue in the words; empty when the words hold no clue at all."""
    numbers = heard.understanding.entities.order_numbers
    if numbers:
        return [order for order in orders if order.number in numbers]
    found, clues = list(orders), 0
    partial = [re.sub(r"\D", "", number) for number in heard.understanding.entities.partial_order_numbers]
    if partial:
        found = [order for order in found if any(p and p in order.number.replace("-", "") for p in partial)]
        clues += 1
    by_product = orders_by_product(found, heard)
    if by_product:
        found, clues = by_product, clues + 1
    span = _span(heard, today)
    if span:
        dated = [order for order in found if span[0] <= order.placed_at.astimezone(zone).date() <= span[1]]
        if dated or not by_product:
            found, clues = dated, clues + 1
    amounts = {amount.minor for amount in heard.understanding.entities.amounts}
    priced = [order for order in found if order.total in amounts]
    if priced:
        found, clues = priced, clues + 1
    return found if clues else []


def lines_named(lines: Sequence[Line], heard: Heard) -> list[Line]:
    """The lines whose product is named best by the words; by a word of the shop, its kind, or misspelt only where none
    is named rightly.

    Where several are named, what is to be kept is not meant: "cancel the pan, the book stays".
    """
    named = _lines_in(lines, heard.folded, heard.shop_words)
    if len(named) < 2:
        return named
    meant = _lines_in(named, _without_kept(heard.folded), heard.shop_words)
    return meant or named


def _lines_in(lines: Sequence[Line], said: str, shop_words: ShopWords) -> list[Line]:
    exact = _best(lines, lambda line: product_score(line, said))
    if exact:
        return [line for line in lines if line in exact or _is_named_too(line, exact, said)]
    by_word = _best(lines, lambda line: shop_words.score(line.name.values(), said))
    by_kind = by_word or [line for line in lines if kind_score(line.name, said)]
    return by_kind or _best(lines, lambda line: misspelt_score(line, said))


def _is_named_too(line: Line, others: Sequence[Line], said: str) -> bool:
    """By a word of its own, which tells it from the lines that are named by more letters."""
    theirs = " ".join(fold(name) for other in others for name in other.name.values())
    own = [
        piece for name in line.name.values() for piece in _PIECE.findall(fold(name)) if piece not in theirs
    ]
    return any(_longest(piece, said) for piece in own if not piece.isdigit())


def _without_kept(said: str) -> str:
    """Without the clauses that speak of what is to stay as it is."""
    clauses = _CLAUSE.split(said)
    return " ".join(clause for clause in clauses if not says("order.kept").search(clause))


def product_score(line: Line, said: str) -> int:
    """How many characters of the product's name the words hold; 0 where it is chance."""
    return name_score((*line.name.values(), *line.variant_name.values()), said)


def name_score(given: Iterable[str], said: str) -> int:
    """The same for any names of a thing."""
    names = [fold(name) for name in given]
    return max((_common(name, _GENERIC.sub(" ", said)) for name in names), default=0)


def misspelt_score(line: Line, said: str) -> int:
    """The same for a name that was mistyped or is spelt another way."""
    said = _GENERIC.sub(" ", said)
    names = [fold(name) for name in (*line.name.values(), *line.variant_name.values())]
    return max((nearly(piece, said) for name in names for piece in _SPELT.findall(name)), default=0)


def orders_by_product(orders: Sequence[Order], heard: Heard, *, misspelt: bool = True) -> list[Order]:
    """The orders whose product is named best by the words, misspelt only where none is named rightly."""

    def of(score: Callable[[Line, str], int]) -> list[Order]:
        said = heard.folded
        return _best(orders, lambda order: max((score(line, said) for line in order.lines), default=0))

    found = (
        of(product_score)
        or of(lambda line, said: heard.shop_words.score(line.name.values(), said))
        or of(lambda line, said: kind_score(line.name, said))
    )
    return found or (of(misspelt_score) if misspelt else [])


def _best(things: Sequence[T], score: Callable[[T], int]) -> list[T]:
    scored = [(score(thing), thing) for thing in things]
    top = max((points for points, _ in scored), default=0)
    return [thing for points, thing in scored if points == top] if top else []


def _common(name: str, said: str) -> int:
    """Length of the longest piece of the name in the words, spaces and signs not counted."""
    best = 0
    for piece in _PIECE.findall(name):
        best = max(best, _longest(piece, said))
    return best


def _longest(piece: str, said: str) -> int:
    latin = piece.isascii()
    shortest = 4 if latin else 2 if re.fullmatch(r"[一-龯々]+|[가-힣]+", piece) else _SHORTEST
    if piece in _FUNCTION_WORDS:
        return 0
    if latin:
        return len(piece) if len(piece) >= _SHORTEST and re.search(rf"\b{re.escape(piece)}", said) else 0
    for size in range(len(piece), shortest - 1, -1):
        if any(piece[at : at + size] in said for at in range(len(piece) - size + 1)):
            return size
    return 0


def _span(heard: Heard, today: date) -> tuple[date, date] | None:
    dates = heard.understanding.entities.dates
    return (dates[0], dates[0]) if dates else relative_span(heard.folded, today)


def relative_span(said: str, today: date) -> tuple[date, date] | None:
    """「先週」, "last month": whole weeks (from Monday) and months."""
    for weeks, words in _WEEKS_AGO:
        if words.search(said):
            monday = today - timedelta(days=today.weekday() + 7 * weeks)
            return monday, monday + timedelta(days=6)
    for months, words in _MONTHS_AGO:
        if words.search(said):
            first = today.replace(day=1)
            for _ in range(months):
                first = (first - timedelta(days=1)).replace(day=1)
            following = (first + timedelta(days=32)).replace(day=1)
            return first, following - timedelta(days=1)
    return None
