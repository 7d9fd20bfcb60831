"""Alerts: what is amiss at the desk now, and from which threshold on it counts as amiss."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import Moment, metadata

AlertKind = Literal[
    "wait_over",
    "nobody_there",
    "level_under",
    "promises_near",
    "callbacks_late",
    "offers_passed",
    "upset",
    "channel_down",
    "goal_missed",
    "mail_unfetched",
    "webhook_refused",
    "model_failing",
    "chat_silent",
    "calls_failed",
    "step_failing",
]
KINDS: tuple[AlertKind, ...] = get_args(AlertKind)

alert_rule = Table(
    "alert_rule",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("threshold", Integer, nullable=False),  # in the unit of the kind, see conditions.py
    Column("by_mail", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    info=belongs(OfHouse("From when on the desk alarms its supervisors.")),
)

alert = Table(
    "alert",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column(
        "subject", String(80), nullable=False
    ),  # a queue, an agent, a channel, a figure; "" for the whole house
    Column("value", Integer, nullable=False),  # the newest, in the unit of the kind
    Column("threshold", Integer, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", String(60), nullable=False),
    Column("ended_at", Moment),
    Index("ix_alert_ended", "ended_at", "raised_at"),
    info=belongs(OfHouse("What was amiss at the desk, when, and who looked after it.")),
)


@dataclass(frozen=True)
class AlertRule:
    """One rule as it holds now: the house's own, or as it is delivered."""

    kind: AlertKind
    active: bool
    threshold: int
    by_mail: bool


@dataclass(frozen=True)
class Alert:
    """Columns as in the table."""

    id: str
    kind: AlertKind
    subject: str
    value: int
    threshold: int
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    ended_at: datetime | None


@dataclass(frozen=True)
class Signal:
    """Something that is amiss at this moment."""

    kind: AlertKind
    subject: str
    value: int
