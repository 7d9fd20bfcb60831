"""Which one of a list Chinese and Korean speakers mean: 第二个, 두 번째, 最后一个, 제일 최근 거."""

from __future__ import annotations

import re

_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NATIVE = {
    "첫": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
_COUNTED = re.compile(
    rf"(?P<back>倒数|倒數)?第\s?(?P<n>[{''.join(_HAN)}]|\d{{1,2}})\s?(?:[个個单單件项項笔筆条條款种種行张張本]|(?=[^次天年月日周週回手步\w]|的|$))"
)
_ORDERED = re.compile(
    rf"(?P<n>{'|'.join(_NATIVE)}|\d{{1,2}})\s?번\s?째|(?P<short>첫|둘|셋|넷|다섯)째(?! ?주)|(?<![\d-])(?P<number>[1-9]\d?)\s?번(?=$|[\s.,!]|이|요|으로|을|거|것)"
)
_NEWEST = re.compile(
    r"最(?:上面|新)(?:的)?(?:一|那|[个個单單件笔筆]|$)|最近(?:的)?(?:一|那)[个個单單件笔筆次]|(?:가장|제일|맨) ?(?:최근|위|처음|앞)|최신 ?(?:거|것|주문)"
)
_LAST = re.compile(
    r"最(?:下面|后|後)(?:的)?(?:一|那)?[个個单單件笔筆]|最下面|(?:가장|제일|맨) ?(?:아래|밑|끝|마지막|뒤)|마지막 ?(?:거|것|주문|상품|걸)"
)


def places(text: str) -> list[tuple[int, int]]:
    """From normalised text: where each stands, and which it is, from 1; from the end negative."""
    found = []
    for m in _COUNTED.finditer(text):
        place = _HAN.get(m["n"]) or int(m["n"])
        found.append((m.start(), -place if m["back"] else place))
    for m in _ORDERED.finditer(text):
        said = m["n"] or m["short"] or m["number"]
        found.append((m.start(), _NATIVE.get(said) or int(said)))
    for pattern, place in ((_NEWEST, 1), (_LAST, -1)):
        found += [(m.start(), place) for m in pattern.finditer(text)]
    return found
