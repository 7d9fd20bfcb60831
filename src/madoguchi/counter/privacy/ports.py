"""What erasure and retention need from rooms that this one may not import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from madoguchi.engine.database import Transaction


class Forgetting(Protocol):
    """Whoever keeps words of the ledger elsewhere: indexes, what is learnt, what is held in memory."""

    def __call__(self, tx: Transaction, contact_id: str, seqs: Sequence[int] | None) -> None:
        """Forget these messages of a contact; None: all of it."""


class SentFiles(Protocol):
    """Whoever keeps copies of mails that have left."""

    def forget(self, errand_ids: Sequence[int]) -> None:
        """Remove the copies of what these errands sent; outside any transaction."""
