"""What places calls: an engine that dials, joins and hangs up, and tells what happens on its lines.

IVR, hours, queue and call-backs live above it, once. `docs/decisions/0031-call-backs.md` says how an engine that has
lines of its own plugs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Side = Literal["agent", "customer"]
HeardKind = Literal["answered", "busy", "no_answer", "failed", "ended"]


@dataclass(frozen=True)
class Leg:
    """One telephone of a call. `call`: the number of the line within the call-back, a new one each time an agent takes
    it. `target`: E.164, or the agent's id. Dialling the same leg again is dialling it once.
    """

    callback_id: str
    call: int
    side: Side
    target: str
    caller_id: str = ""

    @property
    def id(self) -> str:
        return f"{self.callback_id}/{self.call}/{self.side}"


@dataclass(frozen=True)
class Heard:
    """What happened on a leg."""

    callback_id: str
    call: int
    side: Side
    kind: HeardKind


class VoiceEngine(Protocol):
    """Called outside of transactions, possibly twice for the same thing. What it knows at once it returns; what it
    hears later it gives to `CallDesk.heard`.
    """

    name: str
    rings_agents: bool  # False: an agent who has taken the contact is ready
    dials_by_itself: (
        bool  # True: the customer is dialled as soon as the agent is ready; False: the agent says when
    )

    def dial(self, leg: Leg, timeout_s: int) -> Sequence[Heard]: ...

    def bridge(self, agent: Leg, customer: Leg) -> Sequence[Heard]: ...

    def hang_up(self, callback_id: str, call: int) -> Sequence[Heard]:
        """Both legs, whatever they are doing; of a call that is over, nothing."""
        ...
