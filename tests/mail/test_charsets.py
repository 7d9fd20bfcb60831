"""Mails say one charset and write another; people must be able to read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.mail.reading.charsets import decode

JA = "お荷物がまだ届きません。どうなっていますか"
EN_JA = "RE: order 249-1234567 お荷物の件"
HANS = "我的包裹还没有到，请帮我查一下物流"
HANT = "我的包裹還沒有到，請幫我查一下物流"
KO = "주문한 상품이 아직 도착하지 않았습니다"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "iso2022_jp", "utf-8"])
@pytest.mark.parametrize("label", ["", "unknown-8bit", "us-ascii", "iso-8859-1", "utf-8", "nonsense-1"])
@pytest.mark.parametrize("text", [JA, EN_JA])
def test_japanese_is_read_whatever_its_label_says(codec: str, label: str, text: str) -> None:
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(
    ("text", "codec", "labels"),
    [
        (HANS, "gb18030", ["", "gb2312", "GBK", "utf-8", "iso-8859-1"]),
        (HANT, "big5", ["", "big5", "utf-8"]),
        (KO, "cp949", ["", "ks_c_5601-1987", "euc-kr", "utf-8", "us-ascii"]),
        (KO, "iso2022_kr", ["", "iso-2022-kr", "us-ascii"]),
        (JA, "cp932", ['"Shift_JIS"', "x-sjis", "Windows-31J", "MS932"]),
        (JA, "euc_jp", ["EUC-JP", "x-euc-jp", "shift_jis"]),
        ("Grüße, café – “naïve”", "cp1252", ["iso-8859-1", "windows-1252"]),
        ("Grüße", "utf-8", ["iso-8859-1", "us-ascii"]),
    ],
)
def test_other_languages_are_read_by_their_label_or_without(text: str, codec: str, labels: list[str]) -> None:
    for label in labels:
        assert decode(text.encode(codec), label) == text, label


def test_characters_of_vendors_are_read() -> None:
    """NEC's and IBM's rows, which RFC 1468 does not have and every Japanese mail program sends."""
    vendor = "①②㈱№髙﨑彅"
    assert decode(vendor.encode("cp932"), "shift_jis") == vendor
    jis = b"\x1b$B" + b"".join(_jis(each) for each in "①②㈱") + b"\x1b(B"
    assert decode(jis, "iso-2022-jp") == "①②㈱"


def _jis(character: str) -> bytes:
    """The JIS cell of a character that Shift_JIS holds (inverse of JIS X 0208 annex 1)."""
    lead, trail = character.encode("cp932")
    row = (lead - (0x71 if lead < 0xA0 else 0xB1)) * 2 + 1
    if trail > 0x9E:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x20 if trail > 0x7F else 0x1F)))


@pytest.mark.parametrize(
    "content",
    [
        b"\x1b(IC=D\x1b(B",  # by escape
        b"\x1b(B\x0eC=D\x0f\x1b(B",  # by shift-out
        "ﾃｽﾄ".encode("iso2022_jp_ext"),
        "ﾃｽﾄ".encode("cp932"),
    ],
)
def test_half_width_kana_is_read_in_every_way_of_sending_it(content: bytes) -> None:
    assert decode(content, "iso-2022-jp" if content[0] == 0x1B else "shift_jis") == "ﾃｽﾄ"


def test_a_text_cut_in_the_middle_or_without_its_last_escape_is_read_as_far_as_it_goes() -> None:
    assert decode("お荷物".encode("iso2022_jp").removesuffix(b"\x1b(B")) == "お荷物"
    assert decode("お荷物が".encode("iso2022_jp")[:-4]).startswith("お荷物")
    assert decode(JA.encode("utf-8")[:-1], "utf-8").startswith(JA[:-1])
    assert decode(JA.encode("cp932")[:-1], "shift_jis").startswith(JA[:-1])


def test_a_line_end_inside_kanji_leads_back_to_ascii() -> None:
    """Programs that fold lines forget the escape before the line end (RFC 1468)."""
    assert decode(b"\x1b$B$*2YJ*\nabc") == "お荷物\nabc"


def test_labels_that_are_codecs_but_no_charsets_do_nothing() -> None:
    for label in ("rot13", "zlib", "base64", "unicode_escape", "idna", "punycode", "undefined"):
        assert decode(b"caf\xc3\xa9 \\u0041", label) == "café \\u0041", label


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "iso-2022-jp", "shift_jis", "gb2312", "utf-7", "utf-16", "x"]),
)
def test_whatever_the_bytes_are_a_text_comes_out(content: bytes, label: str) -> None:
    decode(content, label).encode("utf-8")


@given(st.text("お荷物が届きませんのでご確認くださいテスト①㈱注文番号249-1ABC。、", min_size=1, max_size=80))
def test_what_japanese_write_is_read_back_by_its_label(text: str) -> None:
    for codec, label in (("cp932", "shift_jis"), ("utf-8", "utf-8"), ("utf-8", "iso-2022-jp")):
        assert decode(text.encode(codec), label) == text
