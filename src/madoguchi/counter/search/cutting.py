"""Words cut for finding what was said: letters and digits as words, Han, kana and Hangul as pairs; numbers also in one piece. Pure.

Unlike articles, conversations are looked through for exactly what stands there: no stems, no stop words, and pairs keep
their order, so that a phrase is found as a phrase.
"""

from __future__ import annotations

import re
from itertools import pairwise

from madoguchi.kit.text import ascii_hyphens, fold

VERSION = "1"  # counted up with every change of what is cut how: the index is then made anew
MOST_TERMS = 16_000  # PostgreSQL numbers no more places in one text
LONGEST_WORD = 64
GAP = "◇"  # between the text and what is added to it: no phrase leads across
CARD = "◆"  # the mark of a contact's cards

_SCRIPT = (
    r"\u3041-\u3096\u309d\u309e\u30fc\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e\u3105-\u312f"
)
_RUN = re.compile(rf"(?P<script>[{_SCRIPT}]+)|(?P<word>[^\W_{_SCRIPT}][^\W_{_SCRIPT}\u0300-\u036f]*)")
_HYPHENS = re.compile(r"(?<=[a-z0-9])\s?[−–‐‑‒—―ー](?=\d)|(?<=\d)[−–‐‑‒—―](?=[a-z0-9])")
_CODE = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:-[a-z0-9]+)+(?![a-z0-9])")
_SHORTEST_CODE = 5


def folded(text: str) -> str:
    """One shape for every width, case, kana and hyphen."""
    return _HYPHENS.sub("-", ascii_hyphens(fold(text)))


def runs(plain: str) -> list[str]:
    """The words and unbroken stretches of script of a folded text, in order."""
    return [found[0] for found in _RUN.finditer(plain)]


def is_script(run: str) -> bool:
    """Whether a run is written without spaces, and therefore cut into pairs."""
    found = _RUN.match(run)
    return found is not None and found["script"] is not None


def cut_run(run: str, *, whole: bool = True) -> list[str]:
    """Pairs of a stretch of script, with its last character alone behind them (`whole`); a word as it is."""
    if not is_script(run):
        return [run[:LONGEST_WORD]]
    pairs = [first + second for first, second in pairwise(run)]
    return [*pairs, run[-1]] if whole or not pairs else pairs


def cut(text: str) -> list[str]:
    """The terms of `text` in order, and behind a gap its numbers in one piece: 503-1234567 also as 5031234567."""
    plain = folded(text)
    terms: list[str] = []
    for run in runs(plain):
        terms += cut_run(run)
        if len(terms) > MOST_TERMS:
            break
    glued = glued_codes(plain)
    return terms[: MOST_TERMS - len(glued) - 1] + ([GAP, *glued] if glued else [])


def glued_codes(plain: str) -> list[str]:
    """Numbers written with hyphens, without them, each once."""
    found = (code.replace("-", "") for code in _CODE.findall(plain))
    kept = (
        code[:LONGEST_WORD] for code in found if len(code) >= _SHORTEST_CODE and any(map(str.isdigit, code))
    )
    return list(dict.fromkeys(kept))[:200]
