"""Named places where a test may make the process die, fail or stall; inert otherwise.

`MADOGUCHI_FAILPOINT=contacts.say.before_commit:3:kill` kills the process the third time that it passes there.
Modes: `kill` (SIGKILL to self), `raise`, `sleep` (200 ms). Names are registered by the call itself, so that
`madoguchi dev torture` can enumerate every place that a workload passes (`MADOGUCHI_FAILPOINT_LOG`).
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter

_plan: tuple[str, int, str] | None = None
_passed: Counter[str] = Counter()
_lock = threading.Lock()


class FailpointReached(RuntimeError):
    """Raised by a fail-point in mode `raise`."""


def arm(plan: str | None) -> None:
    """Set the plan `name:nth:mode`, or disarm with None. Counting starts again at zero."""
    global _plan
    _passed.clear()
    if not plan:
        _plan = None
        return
    name, nth, mode = plan.split(":")
    _plan = (name, int(nth), mode)


def passed() -> dict[str, int]:
    """How often each fail-point was passed since `arm`."""
    return dict(_passed)


def failpoint(name: str) -> None:
    """A place worth dying at. Costs one comparison when nothing is armed."""
    if _plan is None:
        return
    with _lock:
        _passed[name] += 1
        count = _passed[name]
    wanted, nth, mode = _plan
    if wanted != name or nth != count:
        return
    if mode == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == "raise":
        raise FailpointReached(name)
    time.sleep(0.2)


arm(os.environ.get("MADOGUCHI_FAILPOINT"))
