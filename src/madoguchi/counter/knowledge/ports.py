"""What searching articles asks of others: which kinds of enquiry words may be about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class KindGuesser(Protocol):
    """Reads kinds of enquiry out of words. Safe to use from any thread."""

    def likely(self, words: str, language: str) -> Mapping[str, float]:
        """Kinds with their shares (together at most 1); none where the words are none of our trade."""
        ...
