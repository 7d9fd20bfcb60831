"""Nothing of the customer's own survives, however it was written; what the message is about does."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.assistant.learning.veil import Own, bare, says_something, veil
from madoguchi.kit.text import fold, kana_fold

MISAKI = Own(
    names=("佐藤 美咲", "サトウ ミサキ"),
    addresses=("160-0023", "東京都", "新宿区", "西新宿2-8-1", "サンプルビル301"),
    others=("misaki@example.com", "090-1234-5678", "株式会社みらい"),
)
PLACEHOLDER = re.compile(r"\{[a-z]+\}")

HAN = "佐藤鈴木高橋田中渡辺伊東山本美咲健太翔陽菜結衣蓮"
KANA = "サトウスズキタカハシミサキケンショウユイ"
han = st.text(HAN, min_size=2, max_size=3)
kana = st.text(KANA, min_size=2, max_size=5)
latin = st.text("bcdfghjkmpqvwxz", min_size=4, max_size=9).map(str.capitalize)
names = st.one_of(
    st.tuples(han, han).map(" ".join),
    st.tuples(kana, kana).map("　".join),
    st.tuples(latin, latin).map(" ".join),
)
digits = st.text("0123456789", min_size=7, max_size=7)
SENTENCES = (
    "{}です。注文した商品が届きません",
    "返品したいのですが、{}の名前で買いました",
    "hello, it is {} again. where is my parcel?",
    "{}",
    "我的包裹还没到，{}，请查一下",
    "{}인데요, 환불해 주세요",
)
WAYS = {
    "as it stands": lambda text: text,
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "half-width kana": lambda text: unicodedata.normalize("NFKC", text),
    "hiragana": kana_fold,
    "capitals": str.upper,
    "without spaces": lambda text: re.sub(r"\s", "", text),
    "spaced out": " ".join,
    "hyphens": lambda text: re.sub(r"\s", "ー", text),
}


def squeezed(text: str) -> str:
    return re.sub(r"[\s\-ー]", "", PLACEHOLDER.sub("\0", fold(text)))


@given(name=names, sentence=st.sampled_from(SENTENCES), way=st.sampled_from(sorted(WAYS)))
def test_no_name_survives(name: str, sentence: str, way: str) -> None:
    left = squeezed(veil(sentence.format(WAYS[way](name)), Own(names=(name,))))
    for piece in (name, *name.split()):
        assert squeezed(piece) not in left


@given(first=digits, second=digits, sentence=st.sampled_from(SENTENCES), way=st.sampled_from(sorted(WAYS)))
def test_no_number_survives_though_nobody_knows_it(first: str, second: str, sentence: str, way: str) -> None:
    for number in (f"503-{first}-{second}", f"090-{first[:4]}-{second[:4]}", f"1Z{first}AB{second}"):
        left = veil(sentence.format(WAYS[way](number)))
        assert not re.search(r"\d{4}", squeezed(left)), left


@given(
    local=st.text("abcdefghijklmnopqrstuvwxyz0123456789._+-", min_size=1, max_size=20).filter(str.isalnum),
    sentence=st.sampled_from(SENTENCES),
    way=st.sampled_from(["as it stands", "full width", "capitals"]),
)
def test_no_mail_address_survives_though_nobody_knows_it(local: str, sentence: str, way: str) -> None:
    left = veil(sentence.format(" " + WAYS[way](f"{local}@mail.example.co.jp") + " "))
    assert "@" not in left
    assert "example" not in fold(left)


@given(
    value=st.sampled_from([*MISAKI.names, *MISAKI.addresses, *MISAKI.others]),
    sentence=st.sampled_from(SENTENCES),
    way=st.sampled_from(sorted(WAYS)),
)
def test_nothing_that_we_know_of_a_customer_survives(value: str, sentence: str, way: str) -> None:
    assert squeezed(value) not in squeezed(veil(sentence.format(WAYS[way](value)), MISAKI))


@given(st.text(max_size=300))
def test_any_text_can_be_veiled_and_a_veiled_one_stays(text: str) -> None:
    once = veil(text, MISAKI)
    assert "\n" not in once
    assert squeezed("佐藤") not in squeezed(once)


@pytest.mark.parametrize(
    ("text", "veiled"),
    [
        ("山田太郎と申します。返品したいです", "{name}と申します。返品したいです"),
        ("My name is John Smith and my parcel is late", "My name is {name} and my parcel is late"),
        ("我叫王小明,要退款", "我叫{name},要退款"),
        ("저는 김민수입니다", "저는 {name}입니다"),
        ("3月5日に3,000円が引かれました", "{date}に{amount}が引かれました"),
        ("charged $49.99 on 3 March", "charged {amount} on {date}"),
        ("大阪府堺市堺区南瓦町3-1に送って", "{address}に送って"),
        ("send it to 12 Baker Street, flat 4b", "send it to {address}, {address}"),
        ("ORD-88213が届かない", "{number}が届かない"),
        ("https://shop.example/o?token=abc を見て", "{link} を見て"),
        ("カードは[カード番号は保存していません / card number removed]です", "カードは{number}です"),
    ],
)
def test_what_is_theirs_is_known_by_its_shape(text: str, veiled: str) -> None:
    assert veil(text) == veiled


@pytest.mark.parametrize(
    "text",
    [
        "サイズ28を2点返品したい",
        "10日間待っています",
        "I'm angry about this",
        "住所を変更したいと言います",
        "林檎ジュースが割れていた",
        "どうすればいいですか",
        "what do I do now?",
        "为什么还没有退款",
    ],
)
def test_what_the_message_is_about_stays(text: str) -> None:
    assert veil(text, Own(names=("林 桂",))) == text


def test_a_name_of_one_character_is_taken_out_where_it_stands_alone() -> None:
    assert veil("林です。返品したい", Own(names=("林 桂",))) == "{name}です。返品したい"


def test_what_is_learnt_has_no_placeholders() -> None:
    assert (
        bare("{name}です。{number}の件、{date}に届くはずが届きません")
        == "です。 の件、 に届くはずが届きません"
    )
    assert says_something("届きません {number}")
    assert not says_something("{number} {name} ?")
