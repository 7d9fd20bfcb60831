"""Cutting a message: what is only politeness, what is negated, and where one wish ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.assistant.understanding import clauses_chinese_korean as zh_ko

_HEAD = re.compile(
    r"^(?:[\s、。,.!！~〜:;…-]|あの[ーう]?|えっと|えーと|ええと|すみません(?:が)?|すいません(?:が)?|恐れ入りますが|お世話になって(?:い|お)ります|お世話になります|こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|お疲れ様です|もしもし|"
    r"hello|hi(?: there)?|hey(?: there)?|good (?:morning|afternoon|evening)|dear \w+|excuse me|sorry|please|pls|ok(?:ay)?|so|um+|i (?:just )?(?:want|need|would like|wanna|'d like)(?: to)?(?: get| have| make| do| request)?|i'd like(?: to)?(?: get| have)?|can i|could i|how (?:do|can) i|help (?:me )?(?:with )?|about|my|a|an|the|get|request(?: for)?|"
    + zh_ko.HEAD
    + r")(?=[\s、。,.!！~a-z\u3040-\u9fff가-힣]|$)"
)
_TAIL = re.compile(
    r"(?:[\s、。,.!！?？~〜…:;-]|(?:よろしく|宜しく)?(?:お願い|おねがい)(?:します|いたします|致します|したいです|できますか)?|よろしく|です(?:が|けど)?|ます|ください|下さい|くださーい|したいです(?:が|けど)?|したいの?ですが|したいんだけど|したいんですが|したい|したい時|がしたい|をしたい|をしたいです|希望(?:です|します)?|きぼう|依頼|について|に関して|の件(?:で|について|です)?|のこと(?:で|です)?|を?して(?:ほしい|欲しい|もらえますか|いただけますか|ください|くれ|くださいますか)?|"
    r"できますか|できる|出来ますか|って|は|を|が|の(?=$)|方法|手続き|のやり方|の仕方|どうすれば|なんですが|なんだけど|ですか|"
    r"please|pls|plz|thanks|thank you|thx|request|help|asap|now|issue|problem|it|this|my order|an order|the order|order|an item|item|my item|"
    + zh_ko.TAIL
    + ")$"
)
_BREAK = re.compile(
    r"[。！!？?\n]+|(?<=[a-z])[.;]\s+|(?:^|(?<=[、,\s]))(?:そして|あと(?:は|、|で(?!す)|もう(?:ひと|一)つ)?(?![でに]|から|\d|何|どの)|それと|ついでに|それから|そのほか|また(?=、)|もう一点|別件(?:で|ですが)|加えて|さらに)[、\s]*|"
    r",?\s*\b(?:and also|also|and then|plus|another thing(?: is)?|one more thing|on top of that|in addition|additionally|besides|secondly|by the way|btw|and (?=(?:i|can|could|please|where|when|how|what|my|is|the)\b)|but (?=(?:i|can|could|please|where|when|how)\b))\b[,:\s]*|"
    + zh_ko.BREAK
)
_INSTEAD_JA = re.compile(
    r"(?P<no>[^。、,！!？?\n]{1,24}?)(?:したい)?(?:の|わけ|ん)?(?:じゃなくて|ではなくて|ではなく|じゃなく|でなくて|でなく|じゃない(?=[。、\s]|です)(?:です)?|ではありません|じゃありません)[、。\s]*"
)
_AFTER_KEYWORD_JA = r"(?:を|は|が|も|するの?は)?(?:した(?:い(?:わけ|の)?(?:では|じゃ)な(?:い|く(?:て)?)|くな(?:い|くて)|くありません)|しないで(?!も?できます)|しません|せずに?|しなくて(?:も)?(?:いい|よい|大丈夫)|(?:は)?いりません|いらない|(?:は)?不要|(?:は)?結構です|(?:は)?けっこう|(?:希望|望)(?:し)?(?:ません|ない)|するつもりは(?:ない|ありません)|(?:は)?必要(?:ない|ありません)|なしで)"
_BEFORE_KEYWORD_EN = (
    r"(?<!can )(?<!could )(?<!did )(?<!will )(?<!does )(?<!is )(?<!was )(?<!has )(?<!have )(?<!why )\b(?:(?<!you )(?<!they )don'?t|(?<!you )(?<!they )do not|not|without|never asked|no need|instead of|rather than|isn'?t)\s+"
    r"(?:(?:want|wanna|need|wish|like|looking|asking|trying|going|to|a|an|the|my|any|for|it|make|do|just|get|really|have|about|ask|requesting|wanting)\s+){0,5}"
)


MOST = 24


@dataclass(frozen=True)
class Negations:
    kinds: tuple[str, ...]
    rest: str


def core(folded: str) -> str:
    """The text without the greetings and politeness around it: "すみません、返品したいのですが" is "返品"."""
    return _trimmed_tail(_trimmed_head(folded))


def clauses(folded: str) -> list[str]:
    """The parts that could each hold a wish of their own; of a very long text its first and last ones."""
    parts = [part.strip(" 、,") for part in _BREAK.split(folded)]
    parts = [part for part in parts if len(part) >= 3]
    return parts if len(parts) <= MOST else parts[: MOST // 2] + parts[-MOST // 2 :]


class NegationReader:
    """Finds the kinds a message says it is *not* about: "返品じゃなくて交換したい" is no return."""

    def __init__(self, kind_of_word: Mapping[str, str]) -> None:
        """`kind_of_word`: words that mean a kind by themselves, folded."""
        self._kind_of = {word: kind for word, kind in kind_of_word.items() if len(word) >= 2}
        ordered = sorted(self._kind_of, key=len, reverse=True)
        english = "|".join(re.escape(w) for w in ordered if w.isascii()) or r"(?!)"
        others = "|".join(re.escape(w) for w in ordered if not w.isascii()) or r"(?!)"
        self._any = re.compile(rf"(?<![a-z])(?:{english})(?:ing|ed|s)?(?![a-z])|{others}")
        self._japanese = re.compile(rf"(?P<word>{others}){_AFTER_KEYWORD_JA}[、。\s]*")
        self._english = re.compile(
            rf"{_BEFORE_KEYWORD_EN}(?P<word>{english})(?:ing|ed|s)?(?![a-z])(?:\s+(?:it|this|the order|my order|them|that|anything))?[,.;\s]*(?:but\s+)?"
        )
        self._chinese = re.compile(
            rf"{zh_ko.BEFORE_ZH}(?P<before>{others}){zh_ko.TO_ZH}|(?P<after>{others}){zh_ko.AFTER_ZH}[，,、。\s]*"
        )
        self._korean = re.compile(rf"(?P<word>{others}){zh_ko.AFTER_KO}[,.\s]*")

    def read(self, folded: str) -> Negations:
        kinds: list[str] = []

        def drop(match: re.Match[str]) -> str:
            groups = match.groupdict()
            word = groups.get("word") or groups.get("before") or groups.get("after") or ""
            kind = self._kind_of.get(word)
            if kind:
                kinds.append(kind)
            return " "

        def drop_instead(match: re.Match[str]) -> str:
            words = self._any.findall(match["no"])
            kind = self._kind(words[-1]) if words else None
            if kind is None:
                return match[0]
            kinds.append(kind)
            return " "

        rest = _INSTEAD_JA.sub(drop_instead, folded)
        rest = self._japanese.sub(drop, rest)
        for pattern in (self._english, self._chinese, self._korean):
            rest = pattern.sub(drop, rest)
        return Negations(tuple(dict.fromkeys(kinds)), rest.strip())

    def _kind(self, found: str) -> str | None:
        for ending in ("", "ing", "ed", "s"):
            stem = found.removesuffix(ending) if ending else found
            if stem in self._kind_of:
                return self._kind_of[stem]
        return None


def _trimmed_head(text: str) -> str:
    while match := _HEAD.match(text):
        if not match[0] or match.end() >= len(text):
            break
        text = text[match.end() :]
    return text


def _trimmed_tail(text: str) -> str:
    while match := _TAIL.search(text[-24:]):
        kept = text[: len(text) - (len(text[-24:]) - match.start())]
        if not kept:
            break
        text = kept
    return text
