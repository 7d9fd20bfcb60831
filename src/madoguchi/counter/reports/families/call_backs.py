"""Call-backs: booked, called in time or late, promises missed, tries, reached, waits, talks, ends (CB-002, CB-003, SLA-006)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from madoguchi.counter.reports.call_backs import CallRow
from madoguchi.counter.reports.definitions import Family, Figure, Sums, Value
from madoguchi.engine.report_sections import Reports
from madoguchi.kit.percentile import percentile

Measure = Callable[[Sums, Reports], Value]
_KEPT = "Share of call-backs whose first call began by the time that was promised, of those that were called or should have been; one whose promise was missed once is not in time."
_WAIT = "From asking, or from the beginning of the booked slot, until the first call."


def _count(of: Callable[[CallRow], int]) -> Measure:
    def measure(sums: Sums, _: Reports) -> Value:
        found = sum(map(of, sums.calls))
        return Value(found, found)

    return measure


def _share(part: Callable[[CallRow], bool], whole: Callable[[CallRow], bool]) -> Measure:
    def measure(sums: Sums, _: Reports) -> Value:
        all_of = [row for row in sums.calls if whole(row)]
        return Value(sum(map(part, all_of)) / len(all_of) if all_of else None, len(all_of))

    return measure


def _mean(of: Callable[[CallRow], int | None]) -> Measure:
    def measure(sums: Sums, _: Reports) -> Value:
        found = _known(sums.calls, of)
        return Value(sum(found) / len(found) if found else None, len(found))

    return measure


def _percentile(of: Callable[[CallRow], int | None], at: float) -> Measure:
    def measure(sums: Sums, _: Reports) -> Value:
        found = sorted(_known(sums.calls, of))
        return Value(percentile(found, at) if found else None, len(found))

    return measure


def _known(rows: Sequence[CallRow], of: Callable[[CallRow], int | None]) -> list[int]:
    return [value for value in map(of, rows) if value is not None]


def _kind(name: str) -> Callable[[CallRow], bool]:
    return lambda row: row.due and row.kind == name


_CALLED: Callable[[CallRow], bool] = lambda row: row.calls > 0  # noqa: E731

FAMILY = Family(
    "call_backs",
    "Call-backs",
    (
        Figure("calls_booked", "Call-backs asked for", "Call-backs that were booked and, where a code was needed, confirmed.",
               "count", "CB-001", _count(lambda _: 1), behind="calls"),
        Figure("calls_kept", "Called in time", _KEPT, "share", "CB-002",
               _share(lambda row: row.kept, lambda row: row.due), better="higher", behind="calls_late"),
        Figure("calls_kept_now", "Called in time, as soon as possible", _KEPT, "share", "SLA-006",
               _share(lambda row: row.kept, _kind("now")), better="higher", behind="calls_late"),
        Figure("calls_kept_slot", "Called in time, booked slots", _KEPT, "share", "CB-003",
               _share(lambda row: row.kept, _kind("slot")), better="higher", behind="calls_late"),
        Figure("calls_late", "Called late", "Call-backs that were not called in time.", "count", "CB-003",
               _count(lambda row: row.late), better="lower", behind="calls_late"),
        Figure("calls_broken", "Missed promises of a call",
               "Times by which a call was promised and had not begun; one call-back can miss several.", "count",
               "CB-003", _count(lambda row: row.broken), better="lower", behind="calls_broken"),
        Figure("calls_tries", "Calls for each call-back", "Calls of call-backs that were called at least once, mean.",
               "number", "CB-003", _mean(lambda row: row.calls or None), better="lower", behind="calls_made"),
        Figure("calls_reached", "Share reached", "Share of call-backs in which the customer answered, of those that were called.",
               "share", "CB-003", _share(lambda row: row.reached, _CALLED), better="higher", behind="calls_missed"),
        Figure("call_wait_p50", "Wait for the call: half within", _WAIT, "seconds", "CB-002",
               _percentile(lambda row: row.wait_s, 0.5), better="lower", behind="calls_made"),
        Figure("call_wait_p90", "Wait for the call: nine of ten within", _WAIT, "seconds", "CB-002",
               _percentile(lambda row: row.wait_s, 0.9), better="lower", behind="calls_made"),
        Figure("call_talk", "Talk, mean", "Seconds of talking, all calls of a call-back together, of those with a talk that is over.",
               "seconds", "CB-003", _mean(lambda row: row.talk_s), behind="calls_talked"),
        Figure("calls_talked", "Ended with a talk", "Call-backs in which we have talked.", "count", "CB-003",
               _count(lambda row: row.end == "talked"), behind="calls_talked"),
        Figure("calls_missed", "Ended without reaching anybody",
               "Call-backs that ended after the last try, or because the number was wrong.", "count", "CB-003",
               _count(lambda row: row.end not in ("", "talked", "cancelled", "replaced")), better="lower",
               behind="calls_missed"),
        Figure("calls_cancelled", "Called off", "Call-backs that were cancelled.", "count", "CB-001",
               _count(lambda row: row.end == "cancelled"), behind="calls_cancelled"),
        Figure("calls_replaced", "Not needed any more", "The customer called or wrote first, or it was solved without a call.",
               "count", "CB-001", _count(lambda row: row.end == "replaced"), behind="calls_replaced"),
    ),
)  # fmt: skip
