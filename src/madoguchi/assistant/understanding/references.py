"""Order numbers and case numbers, however they were typed (ADV-002, CH-033)."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_ORDER_NUMBER = "NNN-NNNNNNN-NNNNNNN"

_HYPHEN = r"\-ー−–‐‑‒—―﹣－~〜_"
_SEPARATOR = rf"[\s{_HYPHEN}の]{{0,3}}"
_CLASSES = {"N": r"\d", "A": "[A-Za-z]", "X": "[A-Za-z0-9]"}
_ORDER_LABEL = re.compile(
    r"(?:注文|オーダー|受注|ご注文)\s*(?:番号|No\.?|ナンバー|ID|id)|\border\s*(?:number|num|no\.?|id|#)|\border\s+(?=\d)|#(?=\s*\d)",
    re.I,
)
_AFTER_LABEL = re.compile(
    rf"[\s:=は「『\[(#]*(?:is\s+)?(?P<run>[A-Za-z]{{0,3}}\d(?:[\s{_HYPHEN}]{{0,2}}\d){{2,30}})"
)
_OTHER_SHOPS = re.compile(
    rf"(?<![A-Za-z0-9])(?P<hash>#\s?\d{{3,8}})(?!\d)|(?<![A-Za-z0-9])(?P<letters>(?:ORD|ORDER|OD|PO|SO|WEB|NO|SHOP|JP|EC)[{_HYPHEN}\s]{{0,2}}\d{{4,12}})(?![A-Za-z0-9])",
    re.I,
)
_TRACKING_LABEL = re.compile(
    r"(?:追跡|トラッキング|送り状|お?問い?合わ?せ伝票|伝票|配送)(?:番号|No\.?|ナンバー)|\b(?:tracking|waybill|consignment|shipment)\s*(?:number|num|no\.?|id|code|#)?|(?:快递|快遞|运单|運單|物流|貨運|追蹤|追踪|查詢)(?:单号|單號|号码?|號碼?|编号|編號)|(?:운송장|송장)(?:\s?번호)?",
    re.I,
)
_AFTER_TRACKING = re.compile(
    rf"[\s:=は是은는이「『\[(#]*(?:is\s+)?(?P<run>[A-Z]{{0,4}}\d(?:[\s{_HYPHEN}]{{0,1}}[0-9A-Z]){{6,21}})",
    re.I,
)
_TRACKING_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|SF\d{12,15}|(?:JD|YT|ZTO|STO|JT)[A-Z]{0,3}\d{10,15})(?![A-Za-z0-9])|(?<![\d-])\d{4}-\d{4}-\d{4}(?![\d-])",
    re.I,
)
_GROUPED_RUN = re.compile(rf"(?<![\d+])\d{{2,5}}(?:[{_HYPHEN}]\s?\d{{3,10}}){{1,3}}(?![\d{_HYPHEN}])")
_BARE_RUN = re.compile(r"(?<![\d.+#-])\d{13,24}(?![\d.])")
_CASE = re.compile(
    rf"(?<![A-Za-z0-9{_HYPHEN}])C\s?[{_HYPHEN}]\s?(?P<n>\d{{4,10}})(?![\d{_HYPHEN}])|(?<![A-Za-z0-9{_HYPHEN}])C(?P<m>\d{{4,10}})(?![\dA-Za-z])",
    re.I,
)
_OTHER_CASES = re.compile(
    rf"(?<![A-Za-z0-9])(?P<letters>CASE|CS|INQ|TKT|TICKET|REF|SR|REQ)[{_HYPHEN}#\s]{{0,2}}(?P<n>\d{{3,12}}(?:-\d{{2,8}})?)(?![A-Za-z0-9])",
    re.I,
)
_CASE_LABEL = re.compile(
    rf"(?:ケース|問い?合わ?せ|受付|受け付け|case|ticket|reference|案件|工单|工單|受理|咨询|諮詢|문의|접수|상담|케이스)\s*(?:番号|No\.?|ナンバー|ID|number|num|no\.?|#|编号|編號|号码?|號碼?|번호)\s*[:=はが「#是는은]*\s*(?:is\s+)?(?:C\s?[{_HYPHEN}]?\s?)?(?P<n>\d{{4,10}})(?![\d{_HYPHEN}])",
    re.I,
)


@dataclass(frozen=True)
class OrderNumberMask:
    """A shop's order number: `N` a digit, `A` a letter, `X` either; any other character stands for itself.

    Raises ValueError when the mask has fewer than four digits or letters: it would match anything.
    """

    mask: str = DEFAULT_ORDER_NUMBER

    def __post_init__(self) -> None:
        if sum(c in _CLASSES for c in self.mask) < 4:
            raise ValueError(f"order number pattern {self.mask!r} needs at least four of N, A or X")

    @property
    def length(self) -> int:
        return sum(c in _CLASSES for c in self.mask)

    def pattern(self) -> re.Pattern[str]:
        """Separators may be missing, doubled, full width, spaces or look-alikes; fixed letters must be there."""
        parts = [_CLASSES.get(c) or (re.escape(c) if c.isalnum() else _SEPARATOR) for c in self.mask]
        return re.compile(rf"(?<![A-Za-z0-9]){''.join(parts)}(?![A-Za-z0-9])", re.I)

    def normal(self, typed: str) -> str | None:
        """`typed` in the shop's own shape, or None when it does not have the right characters."""
        characters = [c for c in typed.upper() if c.isascii() and c.isalnum()]
        shaped: list[str] = []
        for c in self.mask:
            if c not in _CLASSES:
                if c.isalnum() and (not characters or characters.pop(0) != c.upper()):
                    return None
                shaped.append(c)
                continue
            if not characters or not re.fullmatch(_CLASSES[c], characters[0]):
                return None
            shaped.append(characters.pop(0))
        return None if characters else "".join(shaped)


@dataclass(frozen=True)
class OrderNumbers:
    whole: tuple[str, ...]
    partial: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def find_order_numbers(text: str, mask: OrderNumberMask, pattern: re.Pattern[str]) -> OrderNumbers:
    """Order numbers in normalised `text` in the shop's shape, and those that only look like one.

    `partial` keeps what was typed (hyphens made plain): labelled as an order number, or grouped or long like
    one, but with the wrong count of digits. Telephone, post and card numbers are not taken for one.
    """
    whole: list[str] = []
    spans: list[tuple[int, int]] = []
    for m in pattern.finditer(text):
        number = mask.normal(m[0])
        if number:
            whole.append(number)
            spans.append(m.span())
    partial: list[str] = []
    for m in _OTHER_SHOPS.finditer(text):
        if not any(m.start() < e and s < m.end() for s, e in spans):
            spans.append(m.span())
            partial.append(_other_shops(m))
    for start, end, run in _look_alikes(text, mask):
        if any(start < e and s < end for s, e in spans):
            continue
        spans.append((start, end))
        number = mask.normal(run)
        (whole if number else partial).append(number or _plain(run))
    return OrderNumbers(tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(partial)), tuple(spans))


def find_tracking_numbers(text: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Labelled as one, or in a carrier's own shape; without separators. With the places where they stand."""
    found: list[tuple[int, int, str]] = []
    for label in _TRACKING_LABEL.finditer(text):
        after = _AFTER_TRACKING.match(text, label.end())
        if after:
            found.append((*after.span("run"), after["run"]))
    found += [(*m.span(), m[0]) for m in _TRACKING_SHAPES.finditer(text)]
    numbers = dict.fromkeys(re.sub(rf"[\s{_HYPHEN}]", "", run).upper() for _, _, run in sorted(found))
    return tuple(numbers), tuple((start, end) for start, end, _ in found)


def find_case_numbers(text: str) -> tuple[str, ...]:
    """`C-10482`, however written, or digits that the customer calls a case number."""
    found = [(m.start(), m["n"] or m["m"]) for m in _CASE.finditer(text)]
    found += [(m.start(), m["n"]) for m in _CASE_LABEL.finditer(text)]
    ours = [(at, f"C-{digits}") for at, digits in found]
    others = [(m.start(), f"{m['letters'].upper()}-{m['n']}") for m in _OTHER_CASES.finditer(text)]
    return tuple(dict.fromkeys(number for _, number in sorted((*ours, *others))))


def _look_alikes(text: str, mask: OrderNumberMask) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for label in _ORDER_LABEL.finditer(text):
        after = _AFTER_LABEL.match(text, label.end())
        if after:
            found.append((*after.span("run"), after["run"]))
    if mask.length < 10:
        return found
    for m in (*_GROUPED_RUN.finditer(text), *_BARE_RUN.finditer(text)):
        digits = re.sub(r"\D", "", m[0])
        if mask.length - 4 <= len(digits) <= mask.length + 4 and not _is_card(m[0], digits):
            found.append((*m.span(), m[0]))
    return found


def _other_shops(m: re.Match[str]) -> str:
    """`#1042` and `ORD-88213`, however spaced."""
    digits = re.sub(r"\D", "", m[0])
    return f"#{digits}" if m["hash"] else f"{re.sub('[^A-Z]', '', m[0].upper())}-{digits}"


def _is_card(run: str, digits: str) -> bool:
    if not 13 <= len(digits) <= 19 or re.fullmatch(r"\d{3}\D\d{6,8}\D\d{6,8}", run):
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _plain(run: str) -> str:
    return re.sub(rf"[\s{_HYPHEN}]+", "-", run.strip()).upper()
