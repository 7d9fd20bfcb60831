"""Reading surveys and feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from madoguchi.counter.problems import NotFound
from madoguchi.counter.surveys.model import (
    Feedback,
    FeedbackState,
    Survey,
    feedback,
    feedback_of,
    survey,
    survey_of,
)
from madoguchi.engine.database import Transaction


def get(tx: Transaction, survey_id: str) -> Survey:
    """Raises NotFound("survey_not_found")."""
    row = tx.first(select(survey).where(survey.c.id == survey_id))
    if row is None:
        raise NotFound("survey_not_found")
    return survey_of(row)


def of_case(tx: Transaction, case_id: str) -> Survey | None:
    row = tx.first(select(survey).where(survey.c.case_id == case_id))
    return survey_of(row) if row else None


def answered_of_cases(tx: Transaction, case_ids: Sequence[str]) -> list[Survey]:
    """The answers to the surveys of these cases, newest first."""
    here = (survey.c.case_id.in_(list(case_ids)), survey.c.state == "answered")
    return [
        survey_of(row) for row in tx.all(select(survey).where(*here).order_by(survey.c.answered_at.desc()))
    ]


def solved_between(tx: Transaction, since: datetime, until: datetime) -> list[Survey]:
    """Of the cases solved in this time, answered or not, newest first."""
    here = survey.c.solved_at.between(since, until)
    return [survey_of(row) for row in tx.all(select(survey).where(here).order_by(survey.c.solved_at.desc()))]


def get_feedback(tx: Transaction, feedback_id: str) -> Feedback:
    """Raises NotFound("feedback_not_found")."""
    row = tx.first(select(feedback).where(feedback.c.id == feedback_id))
    if row is None:
        raise NotFound("feedback_not_found")
    return feedback_of(row)


def feedback_in(
    tx: Transaction, states: Sequence[FeedbackState], *, limit: int = 50, offset: int = 0
) -> list[Feedback]:
    """What waits longest comes first; what is done, newest first."""
    order = feedback.c.done_at.desc() if tuple(states) == ("done",) else feedback.c.at
    query = select(feedback).where(feedback.c.state.in_(states)).order_by(order)
    return [feedback_of(row) for row in tx.all(query.limit(limit).offset(offset))]
