"""The prefectures of Japan, as readers of each language know them, and which of them words name. Pure.

Addresses stay as they were given: a parcel needs them so. These are the names beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Japanese, Latin letters, simplified and traditional Chinese, Korean.
_TABLE = """
北海道 hokkaido 北海道 北海道 홋카이도
青森県 aomori 青森县 青森縣 아오모리현
岩手県 iwate 岩手县 岩手縣 이와테현
宮城県 miyagi 宫城县 宮城縣 미야기현
秋田県 akita 秋田县 秋田縣 아키타현
山形県 yamagata 山形县 山形縣 야마가타현
福島県 fukushima 福岛县 福島縣 후쿠시마현
茨城県 ibaraki 茨城县 茨城縣 이바라키현
栃木県 tochigi 栃木县 栃木縣 도치기현
群馬県 gunma 群马县 群馬縣 군마현
埼玉県 saitama 埼玉县 埼玉縣 사이타마현
千葉県 chiba 千叶县 千葉縣 지바현
東京都 tokyo 东京都 東京都 도쿄도
神奈川県 kanagawa 神奈川县 神奈川縣 가나가와현
新潟県 niigata 新潟县 新潟縣 니가타현
富山県 toyama 富山县 富山縣 도야마현
石川県 ishikawa 石川县 石川縣 이시카와현
福井県 fukui 福井县 福井縣 후쿠이현
山梨県 yamanashi 山梨县 山梨縣 야마나시현
長野県 nagano 长野县 長野縣 나가노현
岐阜県 gifu 岐阜县 岐阜縣 기후현
静岡県 shizuoka 静冈县 靜岡縣 시즈오카현
愛知県 aichi 爱知县 愛知縣 아이치현
三重県 mie 三重县 三重縣 미에현
滋賀県 shiga 滋贺县 滋賀縣 시가현
京都府 kyoto 京都府 京都府 교토부
大阪府 osaka 大阪府 大阪府 오사카부
兵庫県 hyogo 兵库县 兵庫縣 효고현
奈良県 nara 奈良县 奈良縣 나라현
和歌山県 wakayama 和歌山县 和歌山縣 와카야마현
鳥取県 tottori 鸟取县 鳥取縣 돗토리현
島根県 shimane 岛根县 島根縣 시마네현
岡山県 okayama 冈山县 岡山縣 오카야마현
広島県 hiroshima 广岛县 廣島縣 히로시마현
山口県 yamaguchi 山口县 山口縣 야마구치현
徳島県 tokushima 德岛县 德島縣 도쿠시마현
香川県 kagawa 香川县 香川縣 가가와현
愛媛県 ehime 爱媛县 愛媛縣 에히메현
高知県 kochi 高知县 高知縣 고치현
福岡県 fukuoka 福冈县 福岡縣 후쿠오카현
佐賀県 saga 佐贺县 佐賀縣 사가현
長崎県 nagasaki 长崎县 長崎縣 나가사키현
熊本県 kumamoto 熊本县 熊本縣 구마모토현
大分県 oita 大分县 大分縣 오이타현
宮崎県 miyazaki 宫崎县 宮崎縣 미야자키현
鹿児島県 kagoshima 鹿儿岛县 鹿兒島縣 가고시마현
沖縄県 okinawa 冲绳县 沖繩縣 오키나와현
"""
# Korean names that are ordinary words or parts of them too (country, taste, climate): only with 현, or alone.
_WORDS_TOO = frozenset(["나라", "미에", "시가", "사가", "기후", "고치", "지바"])
_KOREAN_AFTER = (
    r"(?:으로|로|에서|에는|에|까지는|까지|요|이요|이에요|예요|입니다|인데요|인데|쪽|은|는|이|가|을|를|의)?"
)


@dataclass(frozen=True)
class Prefecture:
    """Its full name by language."""

    names: dict[str, str]

    @property
    def key(self) -> str:
        """The Japanese short name, by which settings and answers call it."""
        return self.short("ja")

    @property
    def roman(self) -> str:
        return self.names["en"].lower()

    def short(self, language: str) -> str:
        """東京, Tokyo, 도쿄: without what kind of prefecture it is. Other languages read Latin letters."""
        name = self.names.get(language) or self.names["en"]
        return name if self.roman == "hokkaido" else re.sub(r"(?<=..)[都府県县縣도부현]$", "", name)


def _read(row: str) -> Prefecture:
    japanese, roman, hans, hant, korean = row.split()
    return Prefecture({"ja": japanese, "en": roman.title(), "zh-Hans": hans, "zh-Hant": hant, "ko": korean})


PREFECTURES = tuple(_read(row) for row in _TABLE.split("\n") if row)


def of_region(region: str) -> Prefecture | None:
    """Which one an address means by its `region`, in any of our languages, with or without 県."""
    wanted = region.strip().lower()
    return next(
        (
            each
            for each in PREFECTURES
            if any(
                wanted in (name.lower(), each.short(language).lower())
                for language, name in each.names.items()
            )
        ),
        None,
    )


def named_in(text: str) -> Prefecture | None:
    """The first of the list that the words name; `text` in small letters."""
    return next((each for each, pattern in _PATTERNS if pattern.search(text)), None)


def _pattern(each: Prefecture) -> re.Pattern[str]:
    han = {each.short(language) for language in ("ja", "zh-Hans", "zh-Hant")}
    korean, full = each.short("ko"), each.names["ko"]
    bare = rf"^\s*{korean}(?=\W*$)" if korean in _WORDS_TOO else rf"(?<![가-힣]){korean}"
    ways = [*sorted(han), rf"\b{each.roman}\b", rf"(?<![가-힣])(?:{full}|{bare}){_KOREAN_AFTER}(?![가-힣])"]
    return re.compile("|".join(ways))


_PATTERNS = tuple((each, _pattern(each)) for each in PREFECTURES)
