"""Which language a message is in: script first, then telling characters and words (LNG-002).

Statistical detectors fail on short kanji-only Japanese ("返品希望"); characters that only one of
Japanese, simplified or traditional Chinese uses, and a few words of trade, do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.kit import text as kit_text

LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")

# Characters that in running text are Chinese grammar, though Japan knows some of them in compounds.
_CHINESE_GRAMMAR = frozenset("我你您吗嗎呢吧啊们們这這哪么麼怎沒很跟让讓给她它咱啥别还還")
_CHINESE_GRAMMAR_WEAK = frozenset("的了是在不要想到")
_JAPANESE_WORDS = re.compile(
    "返品|注文|返金|配送状況|領収書|請求書|未着|不着|希望|不良品|住所変更|再配達|発送|会員|解約|至急|問合|担当者|荷物|納期|二重請求|"
    "不正利用|不正請求|乗取|残高|手続|破損|初期不良|誤配|誤発送|品違|色違|状況確認|出荷|到着|支払|変更希望|確認希望|追跡|在庫|在住|在宅"
)
_CHINESE_WORDS = re.compile(
    "退款|退货|退貨|换货|換貨|订单|訂單|快递|快遞|物流|客服|人工|什么|什麼|怎么|怎麼|没有|沒有|收到|可以|包裹|付款|密码|密碼|"
    "账号|帳號|帳戶|登录|登錄|登入|盗刷|盜刷|盗号|盜號|收据|收據|发票|發票|地址|多久|哪里|哪裡|现在|已经|已經|为什么|為什麼|真人|发货|發貨|收货|收貨|東西|东西"
)
_STRIP = re.compile(
    r"https?://\S+|www\.\S+|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}|\d+"
)
_LATIN_WORD = re.compile(r"[A-Za-z\u00C0-\u024F']{2,}")


@dataclass(frozen=True)
class Identified:
    language: str
    confidence: float


def identify(text: str, hint: str | None = None, default: str = "ja") -> Identified:
    """One of `LANGUAGES` and how sure (0 to 1). Never raises.

    `hint` (the customer's stored language) decides only where the text itself does not tell.
    """
    stripped = _STRIP.sub(" ", kit_text.normalise(text))
    fallback = hint if hint in LANGUAGES else default
    counts = _count_scripts(stripped)
    letters = sum(counts.values())
    if letters == 0:
        return Identified(fallback, 0.1)
    if counts["hangul"] and counts["hangul"] >= counts["kana"]:
        return Identified("ko", _sure(counts["hangul"], letters))
    if counts["kana"] and not _kana_is_decoration(stripped, counts):
        return _japanese_or_english_with_names(stripped, counts)
    if counts["han"]:
        return _han_only(stripped, fallback, counts)
    if counts["latin"]:
        return Identified("en", 0.9 if len(_LATIN_WORD.findall(stripped)) > 1 else 0.7)
    return Identified(fallback, 0.2)


def _count_scripts(text: str) -> dict[str, int]:
    counts = {"kana": 0, "hangul": 0, "han": 0, "latin": 0, "other": 0}
    for character in text:
        if character.isalpha() or character == "ー":
            counts[_script(ord(character))] += 1
    return counts


def _script(code: int) -> str:
    if code < 0x250:
        return "latin"
    if 0x3040 <= code <= 0x30FF:
        return "kana"
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF or code == 0x3005:
        return "han"
    if 0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return "hangul"
    return "other"


def _sure(mine: int, all_letters: int) -> float:
    return min(0.99, 0.7 + 0.3 * mine / all_letters)


def _kana_is_decoration(text: str, counts: dict[str, int]) -> bool:
    """Chinese shops and shoppers use a lone の, and product names in kana; grammar words give Chinese away."""
    if any("ぁ" <= c <= "ん" and c != "の" for c in text):
        return False
    chinese = sum(c in _CHINESE_GRAMMAR for c in text) + 2 * len(_CHINESE_WORDS.findall(text))
    return chinese >= 2 and counts["kana"] * 4 <= counts["han"]


def _japanese_or_english_with_names(text: str, counts: dict[str, int]) -> Identified:
    english_words = len(_LATIN_WORD.findall(text))
    if english_words >= 4 and (counts["kana"] + counts["han"]) * 4 < counts["latin"]:
        return Identified("en", 0.8)
    return Identified("ja", _sure(counts["kana"] + counts["han"], sum(counts.values())))


def _han_only(text: str, fallback: str, counts: dict[str, int]) -> Identified:
    if counts["latin"] > 4 * counts["han"] and len(_LATIN_WORD.findall(text)) >= 4:
        return Identified("en", 0.8)
    kinds = [_han_kind(c) for c in text]
    weak = sum(c in _CHINESE_GRAMMAR_WEAK for c in text)
    japanese = 2.0 * kinds.count("ja") + 2.5 * len(_JAPANESE_WORDS.findall(text))
    chinese = (
        1.5 * sum(c in _CHINESE_GRAMMAR for c in text)
        + 2.5 * len(_CHINESE_WORDS.findall(text))
        + 1.5 * sum(kind.startswith("zh") for kind in kinds)
    )
    if chinese or weak > 1:
        chinese += 0.6 * weak
    if japanese == chinese:
        language = fallback if fallback in ("ja", "zh-Hans", "zh-Hant") else "ja"
        return Identified(language, 0.5)
    margin = abs(japanese - chinese) / (japanese + chinese)
    if japanese > chinese:
        return Identified("ja", 0.55 + 0.4 * margin)
    return Identified(_chinese_script(text, fallback), 0.55 + 0.4 * margin)


@lru_cache(maxsize=8192)
def _han_kind(character: str) -> str:
    """`ja`, `zh` (either script, never Japanese) or empty (shared), by which national character sets hold it."""
    if _script(ord(character)) != "han":
        return ""
    in_japan = _in(character, "shift_jis")
    in_china = _in(character, "gb2312") or _in(character, "big5")
    if in_japan and not in_china:
        return "ja"
    return "zh" if in_china and not in_japan else ""


def _in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _chinese_script(text: str, fallback: str) -> str:
    han = [c for c in text if _script(ord(c)) == "han"]
    simplified = sum(_in(c, "gb2312") and not _in(c, "big5") for c in han)
    traditional = sum(_in(c, "big5") and not _in(c, "gb2312") for c in han)
    if simplified == traditional and fallback in ("zh-Hans", "zh-Hant"):
        return fallback
    return "zh-Hant" if traditional > simplified else "zh-Hans"
