"""The section of the settings that says with what figures are compared, and what a contact costs."""

from __future__ import annotations

from pydantic import Field

from madoguchi.engine.sections import Section


class Reports(Section):
    """Goals of the reports' figures, and costs. The goals are those that customers of large shops know (CMP-002)."""

    short_abandon_seconds: int = Field(
        10, ge=0, description="Who leaves a queue sooner than this is counted apart from those who gave up."
    )
    service_level: float = Field(
        0.8,
        ge=0,
        le=1,
        description="Share of waiting contacts that people should take within their queue's target.",
    )
    abandoned: float = Field(0.05, ge=0, le=1, description="Share of waiting contacts that may give up.")
    chat_first_seconds: int = Field(
        120, ge=1, description="Seconds until the first words in chat, on average (SLA-001)."
    )
    chat_reply_seconds: int = Field(
        180, ge=1, description="Seconds until people reply in chat, on average (SLA-002)."
    )
    phone_answer_seconds: int = Field(
        600, ge=1, description="Seconds within which nine of ten calls are answered (SLA-003)."
    )
    hand_over_seconds: int = Field(
        90, ge=1, description="Seconds from the assistant to a person's first word, on average (HND-005)."
    )
    mail_median_hours: float = Field(
        12, gt=0, description="Hours within which half of all mails and forms are answered (SLA-004)."
    )
    mail_most_hours: float = Field(
        24, gt=0, description="Hours within which 95 % of all mails and forms are answered (SLA-004)."
    )
    within_day: float = Field(
        0.95, ge=0, le=1, description="Share of enquiries that are answered within 24 hours (QLT-001)."
    )
    alert_days: int = Field(
        7,
        ge=1,
        le=90,
        description="Goals that were missed over so many days, today's included, raise an alert.",
    )
    currency: str = Field("JPY", pattern=r"^[A-Z]{3}$", description="Currency of the costs.")
    cost_per_contact: dict[str, float] = Field(
        {},
        description="What one contact costs by channel, without people's time, e.g. chat = 3. A channel that is not listed has an unknown cost.",
    )
    cost_per_agent_minute: dict[str, float] = Field(
        {}, description="What a minute of an agent costs by channel, e.g. chat = 45."
    )
