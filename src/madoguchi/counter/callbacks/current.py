"""The rules as they stand at this moment: the settings, with the telephone's hours of the shop's calendars (QUE-001)."""

from __future__ import annotations

from dataclasses import replace

from madoguchi.counter.calendars.loading import load
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases.ways.keeping import laid_over
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings


def rules_now(tx: Transaction, settings: Settings, *, rings_agents: bool = False) -> Rules:
    """`rings_agents`: the engine calls agents first."""
    laid = laid_over(tx, settings)
    return replace(Rules.of(laid, rings_agents=rings_agents), hours=load(tx, settings).phone)
