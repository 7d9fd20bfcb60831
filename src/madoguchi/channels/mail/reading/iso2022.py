"""ISO-2022-JP as it is really written, and ISO-2022-KR: vendor characters, half-width kana, missing ends. Pure.

RFC 1468 knows ASCII, JIS X 0201 Roman and JIS X 0208. Mail programs add half-width kana (by escape, shift-out or the
eighth bit), JIS X 0212, and the rows of NEC and IBM, which Python's own codec refuses; Windows' tables know them.
"""

from __future__ import annotations

import re

_ESCAPES = {
    b"(B": "ascii",
    b"(J": "ascii",  # JIS X 0201 Roman: yen and overline are read as their ASCII places, as every program does
    b"(H": "ascii",  # a common mistake for (J
    b"(I": "kana",
    b"$@": "jis",
    b"$B": "jis",
    b"$(B": "jis",
    b"$(D": "jis0212",
    b"$(C": "korean",
    b"$(Q": "jis",  # JIS X 0213: its first plane is nearly JIS X 0208
    b"$(O": "jis",
    b"$A": "chinese",
}
_ESCAPE = re.compile(rb"\x1b(\([BJHI]|\$[@BA]|\$\([BCDOQ])")
_KOREAN_HEADER = b"\x1b$)C"
_SHIFT_OUT, _SHIFT_IN = 0x0E, 0x0F


def speaks(content: bytes) -> bool:
    """Does it switch character sets with escapes? Then no label is needed."""
    return b"\x1b" in content and (_ESCAPE.search(content) is not None or _KOREAN_HEADER in content)


def decode(content: bytes) -> str:
    """The text. Never raises; what cannot be read becomes `\\ufffd`."""
    if _KOREAN_HEADER in content:
        return content.decode("iso2022_kr", "replace")
    pieces: list[str] = []
    state, at = "ascii", 0
    for escape in _ESCAPE.finditer(content):
        pieces.append(_piece(content[at : escape.start()], state))
        state, at = _ESCAPES[escape.group(1)], escape.end()
    pieces.append(_piece(content[at:], state))
    return "".join(pieces)


def _piece(content: bytes, state: str) -> str:
    """One stretch in one character set; a line end always leads back to ASCII (RFC 1468)."""
    if state in ("ascii", "kana"):
        return _single(content, state)
    lines = re.split(rb"(\r?\n)", content)
    return "".join(
        _double(line, state) if place == 0 else _single(line, "ascii") for place, line in enumerate(lines)
    )


def _single(content: bytes, state: str) -> str:
    """Bytes of one character each: ASCII, half-width kana in seven bits, by shift-out, or in eight bits."""
    told = bytearray()
    kana = state == "kana"
    for byte in content:
        if byte in (_SHIFT_OUT, _SHIFT_IN):
            kana = byte == _SHIFT_OUT
        elif kana and 0x21 <= byte <= 0x5F:
            told.append(byte | 0x80)
        else:
            told.append(byte)
    return bytes(told).decode("cp932", "replace")


def _double(content: bytes, state: str) -> str:
    told: list[str] = []
    at = 0
    while at < len(content):
        first = content[at]
        if first <= 0x20 or first == 0x7F or at + 1 >= len(content):
            told.append(chr(first) if first < 0x80 else "\ufffd")
            at += 1
            continue
        told.append(_character(first & 0x7F, content[at + 1] & 0x7F, state))
        at += 2
    return "".join(told)


def _character(first: int, second: int, state: str) -> str:
    if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
        return "\ufffd"
    high = bytes((first | 0x80, second | 0x80))
    if state == "korean":
        return high.decode("cp949", "replace")
    if state == "chinese":
        return high.decode("gb18030", "replace")
    if state == "jis0212":
        return (b"\x8f" + high).decode("euc_jp", "replace")
    return _shift_jis(first, second).decode("cp932", "replace")


def _shift_jis(first: int, second: int) -> bytes:
    """The place of a JIS X 0208 cell in Shift_JIS (JIS X 0208:1997, annex 1)."""
    lead = ((first - 0x21) >> 1) + 0x81
    if lead > 0x9F:
        lead += 0x40
    odd_row = 0x1F if second < 0x60 else 0x20
    return bytes((lead, second + (odd_row if first & 1 else 0x7E)))
