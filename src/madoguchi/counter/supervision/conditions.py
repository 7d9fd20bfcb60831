"""When something at the desk is amiss: the kinds of alerts with their units and delivered thresholds. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from madoguchi.counter.supervision.board import Board, QueueNow
from madoguchi.counter.supervision.model import KINDS, AlertKind, AlertRule, Signal

FEWEST_FOR_LEVEL = 10  # with fewer contacts a day one late one would alarm


@dataclass(frozen=True)
class Delivered:
    """A rule as it is delivered. `low`, `high`: what the threshold may be."""

    threshold: int
    low: int
    high: int


DELIVERED: Mapping[AlertKind, Delivered] = {
    "wait_over": Delivered(100, 10, 1000),  # per cent of the queue's target that the longest wait has reached
    "nobody_there": Delivered(1, 1, 1000),  # people who wait in an open queue for which nobody is on duty
    "level_under": Delivered(80, 1, 100),  # per cent of today's contacts taken within the target
    "promises_near": Delivered(3, 1, 1000),  # promises that break within the quarter of an hour
    "callbacks_late": Delivered(1, 1, 1000),  # call-backs whose time has passed
    "offers_passed": Delivered(3, 1, 100),  # contacts that an agent let pass within the hour
    "upset": Delivered(1, 1, 100),  # open contacts in which the customer is abusive
    "channel_down": Delivered(3, 1, 10_000),  # errands of a channel or connector that failed again and again
    "goal_missed": Delivered(1, 1, 1000),  # per cent by which a figure of the reports misses its goal
    "mail_unfetched": Delivered(10, 1, 1440),  # minutes since mails were last fetched
    "webhook_refused": Delivered(3, 1, 10_000),  # facts that a listener has not taken
    "model_failing": Delivered(3, 1, 50),  # calls to the language model that failed, the newest ones in a row
    "chat_silent": Delivered(
        2, 1, 1440
    ),  # minutes since a process that carries chats has last said that it lives
    "calls_failed": Delivered(3, 1, 1000),  # calls within the hour that the telephone did not place
    "step_failing": Delivered(1, 1, 1440),  # minutes for which a regular step of the house has failed
}


@dataclass(frozen=True)
class Facts:
    """What the rules look at. Counts; `passed` by agent, `stuck` by channel; `missed`: per cent off its goal, by figure.

    `parts`: what is known of the house's own parts, as signals already.
    """

    board: Board
    promises: int = 0
    callbacks: int = 0
    abusive: int = 0
    passed: Mapping[str, int] = field(default_factory=dict)
    stuck: Mapping[str, int] = field(default_factory=dict)
    missed: Mapping[str, int] = field(default_factory=dict)
    parts: Sequence[Signal] = ()


def delivered_rule(kind: AlertKind) -> AlertRule:
    return AlertRule(kind, active=True, threshold=DELIVERED[kind].threshold, by_mail=False)


def amiss(facts: Facts, rules: Mapping[AlertKind, AlertRule]) -> list[Signal]:
    """Everything that is amiss now under these rules, in the order of the kinds."""
    found = sorted(_measured(facts), key=lambda signal: (KINDS.index(signal.kind), signal.subject))
    return [signal for signal in found if _counts(signal, rules[signal.kind])]


def _counts(signal: Signal, rule: AlertRule) -> bool:
    if not rule.active:
        return False
    if signal.kind == "level_under":
        return signal.value < rule.threshold
    return signal.value >= rule.threshold


def _measured(facts: Facts) -> Iterator[Signal]:
    for row in facts.board.queues:
        yield from _of_queue(row, facts.board.at)
    yield Signal("promises_near", "", facts.promises)
    yield Signal("callbacks_late", "", facts.callbacks)
    yield Signal("upset", "", facts.abusive)
    for agent_id, count in facts.passed.items():
        yield Signal("offers_passed", agent_id, count)
    for channel, count in facts.stuck.items():
        yield Signal("channel_down", channel, count)
    for figure, off in facts.missed.items():
        yield Signal("goal_missed", figure, off)
    yield from facts.parts


def _of_queue(row: QueueNow, now: datetime) -> Iterator[Signal]:
    if row.since is not None and row.open:
        waited = (now - row.since).total_seconds()
        yield Signal("wait_over", row.queue.id, int(100 * waited / max(1, row.queue.target_seconds)))
    if row.open and not row.on_duty:
        yield Signal("nobody_there", row.queue.id, row.waiting)
    level = row.today.level
    if level is not None and row.today.served + row.today.left >= FEWEST_FOR_LEVEL:
        yield Signal("level_under", row.queue.id, int(100 * level))
