"""What people type, brought to one shape: widths, kana, digits, hyphens, white space. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Everything that Japanese and other keyboards offer where a hyphen was meant, the long-vowel mark included.
_HYPHENS = "-ー−–‐‑‒—―﹣－ｰ~〜～"
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT_CONTROLS = "\n\t\r"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d)\s*[{re.escape(_HYPHENS)}]\s*(?=\d)")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Without lone surrogates, control characters, joiners and unassigned code points; line ends stay."""
    if text.isprintable():
        return text
    return "".join(
        c for c in text if c in _KEPT_CONTROLS or (c.isascii() and c.isprintable()) or not _is_unwanted(c)
    )


def normalise(text: str) -> str:
    """NFKC (full and half width become one), ASCII digits, cleaned; letters, kana and lines stay as written.

    Idempotent. Lone surrogates, which UTF-8 cannot carry, disappear, so the result can always be stored.
    """
    return _settle(text, _normalise_once)


def fold(text: str) -> str:
    """The shape in which texts are compared: normalised, lower case, katakana as hiragana, single spaces.

    Idempotent. For matching only; never show it to a person.
    """
    return _settle(text, _fold_once)


def kana_fold(text: str) -> str:
    """Katakana as hiragana; the long-vowel mark and everything else stay."""
    return text.translate(_KATAKANA_TO_HIRAGANA)


def ascii_hyphens(text: str) -> str:
    """Hyphen look-alikes that stand between two digits become `-`: `503ー1234567` is `503-1234567`."""
    return _BETWEEN_DIGITS.sub("-", text)


def single_spaces(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _is_unwanted(character: str) -> bool:
    return unicodedata.category(character) in _UNWANTED


def _normalise_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", clean(text))
    if text.isascii():
        return text
    return "".join(_ascii_digit(c) if c.isdigit() and not c.isascii() else c for c in text)


def _ascii_digit(character: str) -> str:
    return str(unicodedata.digit(character))


def _fold_once(text: str) -> str:
    return single_spaces(kana_fold(_normalise_once(text).casefold()))


def _settle(text: str, once: Callable[[str], str]) -> str:
    """Repeat until nothing changes: dropping or folding one character can let its neighbours compose."""
    for _ in range(8):
        changed = once(text)
        if changed == text:
            return text
        text = changed
    return text
