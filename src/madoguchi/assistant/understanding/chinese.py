"""Traditional Chinese characters in their simplified form, so that what is learnt in one script holds in both.

The table `traditional.txt` (one line each) holds the characters of Big5 whose simplified form is another one,
from OpenCC's TSCharacters (Apache-2.0, github.com/BYVoid/OpenCC).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


def simplified(text: str) -> str:
    """For matching only: one character for one, whatever the language of the text."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, int]:
    file = Path(__file__).with_name("traditional.txt")
    traditional, plain = file.read_text(encoding="utf-8").split()
    return str.maketrans(traditional, plain)
