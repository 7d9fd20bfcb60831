"""Whether a form looks like an advertisement: a score that only lowers its place in the queue. Pure.

Nobody is refused for it and nothing is dropped; links are no sign where the enquiry is about links.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from madoguchi.kit.text import fold

_FILE = Path(__file__).with_name("spam.toml")
_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s", re.I)
_ABOUT_LINKS = ("phishing_impersonation.", "account_security.")
_LINKS_ARE_MANY = 3
LIKELY = 2


def score(text: str, category: str = "") -> int:
    """0: nothing; from LIKELY on it probably is one."""
    folded = fold(text)
    found = sum(word in folded for word in _words())
    if category.startswith(_ABOUT_LINKS):
        return min(found, LIKELY - 1)
    links = len(_LINK.findall(text))
    return found + (2 if links >= _LINKS_ARE_MANY else 0) + (1 if links and len(text) < 200 else 0)


def is_likely(text: str, category: str = "") -> bool:
    return score(text, category) >= LIKELY


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return tuple(fold(word) for word in tomllib.loads(_FILE.read_text("utf-8"))["words"])
