"""The live board for readers: one snapshot for all screens of this process, and for each screen only what has changed.

A board is a table of cells by name. A cell is a text, or a moment since which something lasts: the screen itself counts
the seconds, so that time alone sends nothing. Rows that come or go change the stamp of their part; the screen then
fetches that part of the page anew.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.counter.reports.families import figure_names
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.profiles import team_names
from madoguchi.counter.routing.wording import duration_text, status_label
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.board import AgentNow, Board, Kept, QueueNow, board
from madoguchi.counter.supervision.model import Alert
from madoguchi.counter.supervision.wording import alert_text
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

Cell = str | dict[str, int]  # {"since": seconds since 1970}
Cells = dict[str, Cell]
NOTHING = "–"


@dataclass(frozen=True)
class Seen:
    """The board at one moment, with what is amiss."""

    board: Board
    alerts: Sequence[Alert]
    teams: Mapping[str, str] = field(default_factory=dict)  # by `team/<profile>`

    @property
    def names(self) -> dict[str, str]:
        """Agents by id; queues have a name for each language."""
        return {row.agent_id: row.name for row in self.board.agents}


class LiveBoard:
    """Reads the board at most once in `board_seconds`, whoever looks; any thread may ask."""

    def __init__(self, settings: Settings, tick: Callable[[], float] = time.monotonic) -> None:
        self._rules = Rules.of(settings)
        self._zone = ZoneInfo(settings.shop.timezone)
        self._tick = tick
        self.pause_s = settings.supervision.board_seconds
        self._lock = threading.Lock()
        self._seen: Seen | None = None
        self._at = 0.0
        self._cells: dict[str, Cells] = {}

    def look(self, tx: Transaction) -> Seen:
        return self._fresh(tx)[0]

    def read(self, tx: Transaction, language: str) -> tuple[Seen, Cells]:
        """The board and its cells in one language, made once for all its readers."""
        seen, made = self._fresh(tx)
        if language not in made:
            made[language] = cells(seen.board, language)
        return seen, made[language]

    def forget(self) -> None:
        """Read anew at the next look: somebody has just changed something and wants to see it."""
        with self._lock:
            self._seen = None

    def _fresh(self, tx: Transaction) -> tuple[Seen, dict[str, Cells]]:
        with self._lock:
            if self._seen is None or self._tick() - self._at >= self.pause_s:
                self._seen = Seen(board(tx, self._rules, self._zone), alerts.open_alerts(tx), team_names(tx))
                self._cells = {}
                self._at = self._tick()
            return self._seen, self._cells


class BoardFeed:
    """What one screen has been told; `frame` is the next thing to tell it."""

    def __init__(self, live: LiveBoard, language: str) -> None:
        self._live = live
        self._language = language
        self._told: Cells | None = None
        self._stamps: Mapping[str, str] = {}
        self._alerts: frozenset[str] = frozenset()
        self.pause_s = live.pause_s

    def frame(self, tx: Transaction) -> dict[str, Any] | None:
        """None when nothing has changed."""
        seen, now = self._live.read(tx, self._language)
        marks = stamps(seen)
        changed = {
            name: cell for name, cell in now.items() if self._told is None or self._told.get(name) != cell
        }
        if not changed and marks == self._stamps:
            return None
        first, self._told, self._stamps = self._told is None, now, marks
        open_ids = frozenset(each.id for each in seen.alerts)
        new = [] if first else [each for each in seen.alerts if each.id not in self._alerts]
        self._alerts = open_ids
        names = names_of(seen, self._language)
        return {
            "type": "board",
            "at": seen.board.at.isoformat(),
            "cells": changed,
            "parts": dict(marks),
            "alerts": [alert_text(each, names, self._language) for each in new],
        }


def stamps(seen: Seen) -> dict[str, str]:
    """Part of the page → a mark that changes when its rows do."""
    alerting = [(each.id, each.value, each.acknowledged_by) for each in seen.alerts]
    return {
        "alerts": _mark(alerting),
        "queues": _mark([row.queue.id for row in seen.board.queues]),
        "agents": _mark([row.agent_id for row in seen.board.agents]),
    }


def names_of(seen: Seen, language: str) -> dict[str, str]:
    """Queues, agents and figures as people call them, by id."""
    queues = {row.queue.id: row.queue.label(language) for row in seen.board.queues}
    return {**seen.names, **seen.teams, **queues, **figure_names(language)}


def cells(found: Board, language: str) -> Cells:
    """Every cell of the board in one language."""
    made: Cells = {
        "waiting": str(found.waiting),
        "longest": _since(found.since),
        "in_hand": f"{found.in_hand}/{found.places}",
        "assistant": str(found.assistant),
        "abandoned": percent(found.today.abandoned),
        "level": percent(found.today.level),
    }
    for queue in found.queues:
        made |= {
            f"queue.{queue.queue.id}.{name}": cell for name, cell in _queue_cells(queue, language).items()
        }
    for agent in found.agents:
        made |= {
            f"agent.{agent.agent_id}.{name}": cell for name, cell in _agent_cells(agent, language).items()
        }
    return made


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.0f}%"


def _queue_cells(row: QueueNow, language: str) -> Cells:
    return {
        "waiting": str(row.waiting),
        "longest": _since(row.since),
        "in_hand": str(row.in_hand),
        "free": str(row.free),
        "expected": _expected(row, language),
        "level": _level(row.today, language),
    }


def _agent_cells(row: AgentNow, language: str) -> Cells:
    status = status_label(row.status, language, row.kind)
    if row.status != "offline" and not row.present:
        status = tr(language, "{status} (desk silent)", status=status)
    average = NOTHING if row.average_s is None else clock_text(row.average_s, language)
    return {
        "status": status,
        "since": _since(row.since),
        "in_hand": f"{row.in_hand}/{row.capacity}",
        "average": average,
    }


def _expected(row: QueueNow, language: str) -> str:
    if not row.open:
        return tr(language, "Closed")
    found = row.expected
    if found.low_s is None or found.high_s is None:
        return NOTHING
    high = duration_text(found.high_s, language)
    if found.low_s == found.high_s:
        return high
    return tr(language, "{low} to {high}", low=duration_text(found.low_s, language), high=high)


def _level(today: Kept, language: str) -> str:
    if today.level is None:
        return NOTHING
    return tr(language, "{share} of {n}", share=percent(today.level), n=today.served + today.left)


def clock_text(seconds: int, language: str) -> str:
    """`4:12`, `1:04:12`, from the second day on `5日 18時間`: as the script of the page writes them too."""
    hours, rest = divmod(max(0, seconds), 3600)
    if hours >= 48:
        return tr(language, "{days} d {hours} h", days=hours // 24, hours=hours % 24)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _since(moment: datetime | None) -> Cell:
    return NOTHING if moment is None else {"since": int(moment.timestamp())}


def _mark(rows: Sequence[Any]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
