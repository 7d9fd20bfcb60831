"""Who buys at みどり商店: the cast, and more people of every segment. Nobody here exists."""

from __future__ import annotations

import random
from dataclasses import dataclass

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.importing.customers import GivenCustomer
from madoguchi.counter.customers.model import Segment
from madoguchi.counter.orders.model import Address

_FAMILY = (
    ("佐々木", "ササキ", "sasaki"), ("山口", "ヤマグチ", "yamaguchi"), ("斎藤", "サイトウ", "saito"),
    ("森", "モリ", "mori"), ("池田", "イケダ", "ikeda"), ("橋本", "ハシモト", "hashimoto"),
    ("阿部", "アベ", "abe"), ("石川", "イシカワ", "ishikawa"), ("前田", "マエダ", "maeda"),
    ("藤田", "フジタ", "fujita"), ("岡田", "オカダ", "okada"), ("後藤", "ゴトウ", "goto"),
    ("長谷川", "ハセガワ", "hasegawa"), ("村上", "ムラカミ", "murakami"), ("近藤", "コンドウ", "kondo"),
    ("遠藤", "エンドウ", "endo"), ("青木", "アオキ", "aoki"), ("坂本", "サカモト", "sakamoto"),
    ("福田", "フクダ", "fukuda"), ("西村", "ニシムラ", "nishimura"), ("太田", "オオタ", "ota"),
    ("三浦", "ミウラ", "miura"), ("岡本", "オカモト", "okamoto"), ("中島", "ナカジマ", "nakajima"),
)  # fmt: skip
_GIVEN = (
    ("陽菜", "ハルナ", "haruna"), ("大和", "ヤマト", "yamato"), ("葵", "アオイ", "aoi"),
    ("悠真", "ユウマ", "yuma"), ("凛", "リン", "rin"), ("健太", "ケンタ", "kenta"),
    ("千尋", "チヒロ", "chihiro"), ("直人", "ナオト", "naoto"), ("真由美", "マユミ", "mayumi"),
    ("和子", "カズコ", "kazuko"), ("義男", "ヨシオ", "yoshio"), ("香織", "カオリ", "kaori"),
    ("拓海", "タクミ", "takumi"), ("麻衣", "マイ", "mai"), ("誠", "マコト", "makoto"),
)  # fmt: skip
_PLACES = (
    ("100-0001", "東京都", "千代田区", "千代田", "Tokyo", "Chiyoda-ku", "Chiyoda"),
    ("150-0002", "東京都", "渋谷区", "渋谷", "Tokyo", "Shibuya-ku", "Shibuya"),
    ("220-0012", "神奈川県", "横浜市西区", "みなとみらい", "Kanagawa", "Yokohama", "Minatomirai"),
    ("530-0001", "大阪府", "大阪市北区", "梅田", "Osaka", "Osaka", "Umeda"),
    ("600-8216", "京都府", "京都市下京区", "東塩小路町", "Kyoto", "Kyoto", "Higashishiokoji-cho"),
    ("460-0008", "愛知県", "名古屋市中区", "栄", "Aichi", "Nagoya", "Sakae"),
    ("810-0001", "福岡県", "福岡市中央区", "天神", "Fukuoka", "Fukuoka", "Tenjin"),
    ("060-0001", "北海道", "札幌市中央区", "北一条西", "Hokkaido", "Sapporo", "Kita 1-jo Nishi"),
    ("980-0021", "宮城県", "仙台市青葉区", "中央", "Miyagi", "Sendai", "Chuo"),
    ("730-0011", "広島県", "広島市中区", "基町", "Hiroshima", "Hiroshima", "Motomachi"),
)
_ABROAD = (
    ("Anna Schmidt", "", "anna.schmidt"), ("Michael Brown", "", "michael.brown"),
    ("Sofia Rossi", "", "sofia.rossi"), ("David Nguyen", "", "david.nguyen"),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A customer of the demo; `given` is what an import would give."""

    given: GivenCustomer

    @property
    def ref(self) -> str:
        return self.given.shop_ref

    @property
    def english(self) -> bool:
        return self.given.language == "en"

    @property
    def address(self) -> Address:
        return self.given.addresses[0]


def people() -> list[Person]:
    """The cast first, then the others; the same at every call."""
    return [*_cast(), *_others(), *_colleagues()]


def address_for(name: str, kana: str, step: int, *, latin: bool, phone: str) -> Address:
    """A home in Japan, in the script of its owner."""
    postal, region, city, street, region_en, city_en, street_en = _PLACES[step % len(_PLACES)]
    block = f"{step % 5 + 1}-{step % 9 + 1}-{step % 7 + 2}"
    flat = step % 3 == 0
    return Address(
        name=name,
        kana=kana,
        postal_code=postal,
        region=region_en if latin else region,
        city=city_en if latin else city,
        line1=f"{block} {street_en}" if latin else f"{street}{block}",
        line2="" if not flat else f"Apt. {step % 12 + 101}" if latin else f"みどりハイツ{step % 12 + 101}号",
        phone=phone,
    )


def _person(
    step: int,
    ref: str,
    name: str,
    kana: str,
    email: str,
    segments: list[Segment],
    language: str = "ja",
    company: str = "",
) -> Person:
    phone = f"090-0000-{step:04d}"  # no subscriber's number starts with 0000
    home = address_for(name, kana, step, latin=language not in ("ja", "zh-Hans"), phone=phone)
    return Person(
        GivenCustomer(
            shop_ref=ref,
            name=name,
            kana=kana,
            email=email,
            phone=phone,
            language=language,
            segments=segments,
            company=company,
            addresses=[home],
            registration_number=cast.BUSINESS_NUMBER if ref == cast.BUSINESS else "",
        )
    )


def _cast() -> list[Person]:
    single: list[Segment] = ["individual"]
    rows: list[tuple[str, str, str, str, list[Segment], str, str]] = [
        (cast.MISAKI, "佐藤 美咲", "サトウ ミサキ", cast.MISAKI_EMAIL, ["individual", "member"], "ja", ""),
        (cast.JOHN, "John Miller", "ジョン ミラー", cast.JOHN_EMAIL, ["individual", "foreign_resident"], "en", ""),
        (cast.BUSINESS, "田中 健一", "タナカ ケンイチ", "tanaka@tanaka-shoji.example.jp", ["business"], "ja", "田中商事株式会社"),
        (cast.SENIOR, "鈴木 トメ", "スズキ トメ", "tome.suzuki@example.jp", ["individual", "senior"], "ja", ""),
        (cast.VICTIM, "高橋 翔", "タカハシ ショウ", "sho.takahashi@example.jp", single, "ja", ""),
        (cast.CHARGED_TWICE, "伊藤 さくら", "イトウ サクラ", "sakura.ito@example.jp", single, "ja", ""),
        (cast.WAITING_FOR_REFUND, "渡辺 大輔", "ワタナベ ダイスケ", "daisuke.watanabe@example.jp", single, "ja", ""),
        (cast.NOT_THERE, "山本 結衣", "ヤマモト ユイ", "yui.yamamoto@example.jp", ["individual", "member"], "ja", ""),
        (cast.CONVENIENCE, "中村 亮", "ナカムラ リョウ", "ryo.nakamura@example.jp", single, "ja", ""),
        (cast.SPLIT_TENDER, "小林 恵", "コバヤシ メグミ", "megumi.kobayashi@example.jp", ["individual", "member"], "ja", ""),
        (cast.MARKETPLACE, "加藤 直樹", "カトウ ナオキ", "naoki.kato@example.jp", single, "ja", ""),
        (cast.LOST, "吉田 陽子", "ヨシダ ヨウコ", "yoko.yoshida@example.jp", single, "ja", ""),
        (cast.TWO_PARCELS, "井上 真央", "イノウエ マオ", "mao.inoue@example.jp", single, "ja", ""),
        (cast.UNDELIVERABLE, "木村 悠", "キムラ ユウ", "yu.kimura@example.jp", single, "ja", ""),
        (cast.EXCHANGED, "松本 蓮", "マツモト レン", "ren.matsumoto@example.jp", ["individual", "student"], "ja", ""),
        (cast.CHINESE, "李 娜", "リ ナ", "li.na@example.com", ["individual", "foreign_resident"], "zh-Hans", ""),
        (cast.KOREAN, "김 민지", "キム ミンジ", "minji.kim@example.com", ["individual", "foreign_resident"], "ko", ""),
        (cast.ENGLISH_CANCELLED_BY, "Emily Clark", "エミリー クラーク", "emily.clark@example.com", ["individual", "foreign_resident"], "en", ""),
    ]  # fmt: skip
    return [
        _person(step, ref, name, kana, email, segments, language, company)
        for step, (ref, name, kana, email, segments, language, company) in enumerate(rows, 1)
    ]


def _colleagues() -> list[Person]:
    """More people of 田中商事: one who buys and one who only looks."""
    rows = (
        (cast.BUSINESS_BUYER, "大野 由美", "オオノ ユミ", "ono@tanaka-shoji.example.jp", "buyer"),
        (cast.BUSINESS_VIEWER, "平野 学", "ヒラノ マナブ", "hirano@tanaka-shoji.example.jp", "viewer"),
    )
    return [
        Person(
            _person(
                180 + step, ref, name, kana, mail, ["business"], company="田中商事株式会社"
            ).given.model_copy(update={"registration_number": cast.BUSINESS_NUMBER, "company_role": role})
        )
        for step, (ref, name, kana, mail, role) in enumerate(rows)
    ]


def _others() -> list[Person]:
    dice = random.Random("midori/people")
    found = []
    segments: tuple[list[Segment], ...] = (
        ["individual"],
        ["individual", "member"],
        ["individual"],
        ["individual", "student"],
        ["individual", "senior"],
        ["individual"],
        ["business"],
        ["individual", "member"],
    )
    for step in range(50):
        family, family_kana, family_mail = _FAMILY[step % len(_FAMILY)]
        given, given_kana, given_mail = dice.choice(_GIVEN)
        segment = segments[step % len(segments)]
        business = "business" in segment
        found.append(
            _person(
                100 + step,
                f"C{2001 + step}",
                f"{family} {given}",
                f"{family_kana} {given_kana}",
                f"{given_mail}.{family_mail}{step + 1}@example.jp",
                segment,
                company=f"{family}{('商店', '建設株式会社', '工業株式会社')[step % 3]}" if business else "",
            )
        )
    for step, (name, kana, mail) in enumerate(_ABROAD):
        found.append(
            _person(
                160 + step,
                f"C{2101 + step}",
                name,
                kana,
                f"{mail}@example.com",
                ["individual", "foreign_resident"],
                "en",
            )
        )
    return found
