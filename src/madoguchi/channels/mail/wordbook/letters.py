"""Every letter that the house sends, by id and by what it is about. Pure."""

from __future__ import annotations

from functools import lru_cache

from madoguchi.channels.mail.wordbook import accounts, enquiries, others
from madoguchi.channels.mail.wordbook.model import LetterKind

GROUPS: dict[str, tuple[LetterKind, ...]] = {
    "About enquiries": enquiries.LETTERS,
    "About orders": others.ORDERS,
    "Call-backs": others.CALLBACKS,
    "Account, safety and privacy": accounts.LETTERS,
    "Marketplace": others.SELLERS,
    "Staff": others.STAFF,
}


@lru_cache(maxsize=1)
def letters() -> dict[str, LetterKind]:
    """By id, in the order of the list."""
    return {each.id: each for found in GROUPS.values() for each in found}
