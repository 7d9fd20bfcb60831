"""Card numbers and secrets leave a text before its first write (PCI DSS 3.3.1 and 4.2.2, PRIV-003, S-35).

What is removed is replaced by a mark that tells what stood there; order and tracking numbers stay.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

CARD = "[カード番号は保存していません / card number removed]"
SECRET = "[秘密の情報は保存していません / secret removed]"

_SEPARATOR = r"[ \t\u00a0\u3000.·・_/ー−–—‐‑﹣－-]"
_RUN = re.compile(rf"[0-9]+(?:{_SEPARATOR}{{1,3}}[0-9]+)*")
_DIGIT = re.compile(r"\d")  # of any script
_GROUP = re.compile(r"[0-9]+")
_ORDER_SHAPE = re.compile(rf"(?<![0-9])\d{{3}}{_SEPARATOR}{{1,3}}\d{{7}}{_SEPARATOR}{{1,3}}\d{{7}}(?![0-9])")
_SHORTEST, _LONGEST = 13, 19
_ISSUER = re.compile(
    r"^(?:4\d{12}(?:\d{3}){0,2}"
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11,16}|35\d{14,17}"
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d|60\d\d|81\d\d|9792|50\d\d|5[6-9]\d\d|6[37]\d\d)\d{8,15})$"
)
# An id of ours is passed over whole: chance may write cvv and three digits into it, and a pressed button must arrive.
_CODE_NEAR_CARD = re.compile(
    r"(?<=_)01[0-9a-hjkmnp-tv-z]{24}(?![0-9a-z])|((?:cvv2?|cvc2?|cid|security\s*code|セキュリティ\s*コード|暗証番号)\s*(?:は|が|[:：=]|is)?\s*)([0-9０-９]{3,6})",
    re.IGNORECASE,
)
_NAMED_SECRET = re.compile(
    r"((?:パスワード|ぱすわーど|passwords?|passwd|passcode|pass\s?phrase|api[ _-]?key|secret(?:[ _-]?key)?|access[ _-]?token)"
    r"\s*(?:は|が|[:：=＝]|is)\s*[「『\"'“]?)([!-~！-～]{4,})",
    re.IGNORECASE,
)
_MY_NUMBER = re.compile(
    rf"((?:マイナンバー|個人番号)\D{{0,8}})([0-9０-９](?:{_SEPARATOR}?[0-9０-９]){{11}})(?![0-9０-９])"
)
_TOKEN = re.compile(
    r"\b(?:eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|sk[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}|mdg_[A-Za-z0-9_-]{20,})"
)
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)


def redact(text: str) -> str:
    """The text without card numbers, security codes, named passwords, private keys and well-known tokens."""
    if len(text) < 4:
        return text
    text = _PEM.sub(SECRET, text)
    text = _TOKEN.sub(SECRET, text)
    text = _NAMED_SECRET.sub(lambda found: found[1] + SECRET, text)
    text = _MY_NUMBER.sub(lambda found: found[1] + SECRET, text)
    text = _CODE_NEAR_CARD.sub(lambda found: found[1] + SECRET if found[1] else found[0], text)
    return _without_cards(text)


def redact_values(value: Any) -> Any:
    """The same for every string inside a JSON value."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: redact_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_values(item) for item in value]
    return value


def _without_cards(text: str) -> str:
    if _DIGIT.search(text) is None:
        return text
    plain = "".join(_plain_digit(character) for character in text)
    plain = _ORDER_SHAPE.sub(lambda found: "x" * len(found[0]), plain)
    parts: list[str] = []
    end = 0
    for run in _RUN.finditer(plain):
        for start, stop in _cards_in(run[0]):
            parts += [text[end : run.start() + start], CARD]
            end = run.start() + stop
    return "".join([*parts, text[end:]]) if parts else text


def _cards_in(run: str) -> list[tuple[int, int]]:
    """Places of card numbers in a run of digit groups: whole groups only, the longest first, from the left."""
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(run)]
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(groups):
        last = next(
            (last for last in range(len(groups) - 1, first - 1, -1) if _is_card(run, groups, first, last)),
            None,
        )
        if last is None:
            first += 1
            continue
        found.append((groups[first][0], groups[last][1]))
        first = last + 1
    return found


def _plain_digit(character: str) -> str:
    """Full-width and other decimal digits as ASCII, one character for one, so that places stay the same."""
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_card(run: str, groups: list[tuple[int, int]], first: int, last: int) -> bool:
    if last - first >= _LONGEST:
        return False
    digits = "".join(run[start:stop] for start, stop in groups[first : last + 1])
    return _SHORTEST <= len(digits) <= _LONGEST and bool(_ISSUER.match(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
