"""What a torture found: tried, acknowledged, lost, doubled, out of order, and how fast it was well again."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LOCAL_SERVER = "postgresql://postgres@127.0.0.1:5432/test"


@dataclass
class Report:
    """Counts of one run; `ok` when nothing was lost, doubled, misordered, left unknown or illegal.

    `tried` counts what the case is about (crash points, cuts, contests). The line adds `bound`, the 95 % upper bound
    of the failure share when none was seen (rule of three, 3 / tried).
    """

    test: str
    database: str
    seed: int
    tried: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    misordered: int = 0
    unknown: int = 0
    illegal: int = 0
    crashes: int = 0
    extra: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def ok(self) -> bool:
        return not (self.lost or self.duplicated or self.misordered or self.unknown or self.illegal)

    def count(self, name: str, more: int = 1) -> None:
        """Add to a count of the case's own."""
        self.extra[name] = self.extra.get(name, 0) + more

    def note_illegal(self, what: str) -> None:
        """Count a state that must not be, and keep the first few in words."""
        self.illegal += 1
        self.note(what)

    def note(self, what: str) -> None:
        if len(self.examples) < 5:
            self.examples.append(what)

    def times(self, name: str, seconds: list[float]) -> None:
        """Keep the median and the 99th percentile, in milliseconds."""
        if not seconds:
            return
        ordered = sorted(seconds)
        for percent in (50, 99):
            place = min(len(ordered) - 1, len(ordered) * percent // 100)
            self.extra[f"{name}_p{percent}_ms"] = round(ordered[place] * 1000)

    def line(self) -> str:
        """One line of JSON, as CI and people read it."""
        shown = {
            key: value for key, value in vars(self).items() if key not in ("started", "extra", "examples")
        }
        shown |= self.extra
        shown["seconds"] = round(time.monotonic() - self.started, 1)
        if self.ok and self.tried:
            shown["bound"] = f"{3 / self.tried:.1e}"
        if self.examples:
            shown["examples"] = self.examples
        return json.dumps({**shown, "ok": self.ok}, ensure_ascii=False)


def check_set(report: Report, acknowledged: Iterable[str], present: Iterable[str]) -> None:
    """Jepsen's set-full: what was acknowledged is there, and nothing is there twice."""
    found = Counter(present)
    for item in sorted(set(acknowledged)):
        if not found[item]:
            report.lost += 1
            report.note(f"lost: {item}")
    for item, times in found.items():
        if times > 1:
            report.duplicated += times - 1
            report.note(f"{times} times: {item}")


def check_dense(report: Report, sequences: Mapping[str, list[int]]) -> None:
    """Every contact's sequence is dense from 1 and in order."""
    for contact_id, numbers in sequences.items():
        if numbers != list(range(1, len(numbers) + 1)):
            report.misordered += 1
            report.note(f"not dense: {contact_id} {numbers[:40]}")
