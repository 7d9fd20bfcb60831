"""The section of the settings about those who lead the desk: where alerts go, how fresh the live board is."""

from __future__ import annotations

from pydantic import Field

from madoguchi.engine.sections import Section


class Supervision(Section):
    """Alerts, the live board, reviews."""

    alert_addresses: list[str] = Field(
        default_factory=list,
        description="Mail addresses that get the alerts whose rule says so (/console/alerts); empty: no mails.",
    )
    alert_seconds: int = Field(
        10, ge=2, le=300, description="Seconds between two looks at whether something at the desk is amiss."
    )
    board_seconds: float = Field(
        1.0,
        ge=0.2,
        le=60,
        description="The live board is read at most once in so many seconds, whoever looks at it.",
    )
    rules_by_two: bool = Field(
        True,
        description="Changed rules of the shop are put in force by somebody else than who drafted them "
        "(/console/policies); false where only one person leads.",
    )
    review_sample: int = Field(
        10, ge=1, le=100, description="Conversations of the last seven days drawn by lot for review."
    )
