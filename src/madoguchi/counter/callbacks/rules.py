"""What the settings say about call-backs, as the room uses it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

from madoguchi.counter.hours import Hours, phone_hours
from madoguchi.engine.settings import Settings


@dataclass(frozen=True)
class Tries:
    """`most`: tries in all, the first included; `pause`: between two; `target`: by when "call me now" begins."""

    most: int = 3
    pause: timedelta = timedelta(minutes=5)
    delay: timedelta = timedelta(0)
    target: timedelta = timedelta(minutes=10)
    lead: timedelta = timedelta(minutes=2)


@dataclass(frozen=True)
class Rules:
    """`rings_agents`: the engine calls agents first. `resting`: who owns a contact whose call is still to come; `language`: in which staff are told."""

    on: bool
    caller_id: str
    tries: Tries
    hours: Hours
    slot: timedelta
    horizon_days: int
    earliest: timedelta
    calls_per_agent: int
    share: float
    warn: timedelta
    remind: timedelta
    prefixes: tuple[str, ...]
    only_on_file: bool
    per_number: int
    per_person: int
    confirm: timedelta
    keep: timedelta
    resting: str
    rings_agents: bool
    language: str
    country: str
    reopen_days: int

    @classmethod
    def of(cls, settings: Settings, *, rings_agents: bool = False) -> Self:
        wanted = settings.callback
        return cls(
            on=is_on(settings),
            caller_id=wanted.caller_id,
            tries=Tries(
                most=wanted.retries + 1,
                pause=timedelta(seconds=wanted.retry_delay_seconds),
                delay=timedelta(seconds=wanted.initial_delay_seconds),
                target=timedelta(seconds=wanted.target_seconds),
                lead=timedelta(seconds=wanted.lead_seconds),
            ),
            hours=phone_hours(settings),
            slot=timedelta(minutes=wanted.slot_minutes),
            horizon_days=wanted.horizon_days,
            earliest=timedelta(minutes=wanted.earliest_minutes),
            calls_per_agent=wanted.calls_per_agent,
            share=wanted.slot_share,
            warn=timedelta(seconds=wanted.warn_seconds),
            remind=timedelta(minutes=wanted.remind_minutes),
            prefixes=tuple(wanted.allowed_prefixes),
            only_on_file=wanted.numbers == "on_file",
            per_number=wanted.per_number_day,
            per_person=wanted.per_person_day,
            confirm=timedelta(minutes=wanted.confirm_minutes),
            keep=timedelta(days=wanted.keep_number_days),
            resting="assistant" if settings.assistant.enabled else "none",
            rings_agents=rings_agents,
            language=settings.shop.languages[0],
            country=settings.shop.country,
            reopen_days=settings.desk.reopen_days,
        )

    @property
    def zone(self) -> ZoneInfo:
        return self.hours.timezone


def is_on(settings: Settings) -> bool:
    """Whether this shop calls customers back at all."""
    return bool(settings.callback.caller_id) and "callback" not in settings.ways.off
