"""The time of staff: kept to the schedule, in which statuses, after contacts (QUE-015). Told for 100 days at most."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.reports.definitions import Family, Figure, StaffTime, Sums, Value
from madoguchi.engine.report_sections import Reports


def _of(pick: Callable[[StaffTime], float | None]) -> Callable[[Sums, Reports], Value]:
    """Of everybody together; the count says of how many agents."""

    def measure(sums: Sums, _: Reports) -> Value:
        if not sums.staff:
            return Value(None, 0)
        return Value(pick(sum(sums.staff.values(), StaffTime())), len(sums.staff))

    return measure


def _after_contact(sums: Sums, _: Reports) -> Value:
    everybody = sum((sums.staff or {}).values(), StaffTime())
    pieces = everybody.after_contacts
    return Value(everybody.after_contact_s / pieces if pieces else None, pieces)


FAMILY = Family(
    "staff",
    "Time of staff",
    (
        Figure("adherence", "Kept to the schedule",
               "Share of the planned time, breaks left out, in which agents said to be available or busy.",
               "share", "QUE-015", _of(lambda time: time.plan.share), better="higher"),
        Figure("planned_time", "Planned time", "Shifts of all agents without their breaks.", "working_hours", "QUE-015",
               _of(lambda time: time.plan.planned_s / 3600)),
        Figure("unplanned_time", "There without being planned",
               "Time in which agents who have a schedule said to be available or busy outside of it.", "working_hours",
               "QUE-015", _of(lambda time: time.plan.unplanned_s / 3600)),
        Figure("available_time", "Time available", "Time in the status available, after-contact work included.",
               "working_hours", "QUE-015", _of(lambda time: time.in_status("available") / 3600)),
        Figure("busy_time", "Time busy",
               "Time in the status busy, or in one of the house's own that stands on it.", "working_hours", "QUE-015",
               _of(lambda time: time.in_status("busy") / 3600)),
        Figure("break_time", "Time on breaks",
               "Time on breaks, or in one of the house's own statuses that stands on them.", "working_hours", "QUE-015",
               _of(lambda time: time.in_status("break") / 3600)),
        Figure("after_contact", "After-contact work, mean",
               "Seconds of after-contact work for each contact after which there was some.", "seconds", "QUE-015",
               _after_contact, better="lower"),
    ),
)  # fmt: skip
