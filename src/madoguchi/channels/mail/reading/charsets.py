"""Bytes of mails as text, whatever they claim to be: the charset zoo of Japanese, Chinese and Korean mail. Pure.

A label is a hint. ISO-2022 escapes and valid UTF-8 speak for themselves; a label is believed when the bytes fit it;
otherwise the bytes are tried as what the region's mail programs write. Labels are read as browsers do (WHATWG Encoding):
`shift_jis` is cp932, `gb2312` is gb18030, `ks_c_5601-1987` is cp949, `iso-8859-1` is cp1252.
"""

from __future__ import annotations

import codecs
import re

from madoguchi.channels.mail.reading import iso2022

_ALIASES = {
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "windows-31j", "ms_kanji", "cp932"),
    "euc_jis_2004": ("euc-jp", "x-euc-jp", "eucjp", "eucjp-ms", "cp51932", "euc_jp"),
    "gb18030": ("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "euc-cn", "gb18030", "chinesegb"),
    "cp949": ("euc-kr", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "ks_c_5601-1989", "cp949", "uhc"),
    "cp950": ("big5", "x-x-big5", "cn-big5", "cp950", "big5-hkscs"),
    "cp1252": ("iso-8859-1", "latin1", "latin-1", "windows-1252", "us-ascii", "ascii", "ansi_x3.4-1968"),
    "utf-8": ("utf-8", "utf8", "utf-8n", "utf8mb4", "unicode-1-1-utf-8"),
}
_CODEC = {alias: codec for codec, aliases in _ALIASES.items() for alias in aliases}
_UNDECIDED = {"", "unknown", "unknown-8bit", "x-unknown", "8bit", "binary", "default"}
_GUESSES = ("cp932", "euc_jis_2004", "gb18030", "cp949", "cp950")
_LABEL_NOISE = re.compile(r"[\s\"'<>;,]+")
_SAMPLE = 32_768  # bytes from which a charset is guessed
_LATIN = re.compile(r"[\x00-\xff]*")
# What is often written in each language weighs most, any letter of it little, what nobody writes against it.
_COMMON = frozenset(
    "のにをはがでとたしてすまいなかっられもあうこよくさけりせんおだるきちみ、。？！「」・ー"
    "ンスルトイリドクラアッテカマシプレ"
    "的一是了我不在有这个们到没请帮查还要吗你好么为什收货单订退款想能把和就都会过给"
    "這個們沒請幫還嗎麼為什收貨單訂會過給可以，"
    "다이는을의가에하고지기로어리사요니습까은도를해시서세주문보안상한있없아제"
)
_LETTER = re.compile(r"[぀-ヿ一-鿿가-힣]")
_STRANGE = re.compile(r"[｡-･\ue000-\uf8ff\ufffd\u0080-\u009f\u0400-\u04ff\u2500-\u257f\u00a1-\u00ff]")
_LABELS_WORTH = 0.6  # by how much another charset must read more naturally than the one on the label


def decode(content: bytes, label: str = "") -> str:
    """The text of `content`, which claims the charset `label`. Never raises; what cannot be read becomes `\\ufffd`."""
    label = _LABEL_NOISE.sub("", label).lower()
    if iso2022.speaks(content):
        return iso2022.decode(content)
    if content.isascii() and not label.startswith(("utf-7", "utf-16", "utf-32", "hz", "unicode-1-1-utf-7")):
        return content.decode("ascii")
    claimed = _codec(label)
    unicode = _strictly(content, "utf-8")
    if unicode is not None and not _looks_accidental(unicode, claimed):
        return unicode
    return content.decode(_most_natural(content, claimed), "replace")


def _codec(label: str) -> str:
    """Python's name for a label, or nothing if the label says nothing."""
    if label in _UNDECIDED:
        return ""
    known = _CODEC.get(label)
    if known:
        return known
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    return info.name if _is_charset(info) else ""


def _is_charset(info: codecs.CodecInfo) -> bool:
    """Not `rot13`, `zlib`, `unicode_escape` or `idna`, which are codecs but no charsets of a text."""
    return bool(getattr(info, "_is_text_encoding", True)) and not info.name.replace("-", "_").startswith(
        ("unicode_escape", "raw_unicode", "idna", "punycode", "undefined", "mbcs", "oem")
    )


def _strictly(content: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _looks_accidental(text: str, claimed: str) -> bool:
    """Two half-width kana of Shift_JIS can be one accented letter of UTF-8; only the label can tell."""
    return claimed == "cp932" and _LATIN.fullmatch(text) is not None


def _most_natural(content: bytes, claimed: str) -> str:
    """The codec on the label, unless another reads a sample far more naturally; "utf-8" if none reads it at all."""
    sample = content[:_SAMPLE]
    scores: dict[str, float] = {}
    for codec in dict.fromkeys(filter(None, (claimed, *_GUESSES))):
        text = sample.decode(codec, "replace")
        if codec == claimed or text.count("\ufffd") <= 1 + len(text) // 50:
            scores[codec] = _naturalness(text) + (_LABELS_WORTH if codec == claimed else 0.0)
    return max(scores, key=scores.__getitem__, default="utf-8")


def _naturalness(text: str) -> float:
    """Near 1 for what people write, below 0 for what a wrong charset makes of it."""
    beyond = [c for c in text if not c.isascii()]
    common = sum(c in _COMMON for c in beyond)
    return (common + 0.3 * len(_LETTER.findall(text)) - 2 * len(_STRANGE.findall(text))) / (len(beyond) or 1)
