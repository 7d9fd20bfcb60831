"""What became of forms: how many were sent, and how many an article solved before (HLP-003)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, insert, select

from madoguchi.channels.form.model import form_outcome
from madoguchi.engine.database import Transaction

Outcome = Literal["sent", "solved"]


@dataclass(frozen=True)
class Deflection:
    """`share` of the forms that were not needed any more; None where nothing was counted."""

    sent: int
    solved: int
    by_article: dict[str, int]

    @property
    def share(self) -> float | None:
        everything = self.sent + self.solved
        return self.solved / everything if everything else None


def note(tx: Transaction, outcome: Outcome, category: str, article_id: str = "") -> None:
    tx.execute(
        insert(form_outcome).values(outcome=outcome, category=category, article_id=article_id, at=tx.now)
    )


def deflection(tx: Transaction, since: datetime) -> Deflection:
    """Since a moment; articles with the most solved first."""
    number = func.count().label("number")
    rows = tx.all(
        select(form_outcome.c.outcome, form_outcome.c.article_id, number)
        .where(form_outcome.c.at >= since)
        .group_by(form_outcome.c.outcome, form_outcome.c.article_id)
        .order_by(number.desc(), form_outcome.c.article_id)
    )
    solved = {row.article_id: row.number for row in rows if row.outcome == "solved"}
    sent = sum(row.number for row in rows if row.outcome == "sent")
    return Deflection(sent, sum(solved.values()), solved)
