"""The engine without any lines: agents call from a telephone of their own and say what happened.

The desk shows the number with a `tel:` link; the agent reports connected, no answer, busy, voicemail, wrong number.
"""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.counter.callbacks.ports import Heard, Leg


class OwnTelephone:
    name = "own_telephone"
    rings_agents = False
    dials_by_itself = False

    def dial(self, leg: Leg, timeout_s: int) -> Sequence[Heard]:
        """The agent's own hand does it."""
        return ()

    def bridge(self, agent: Leg, customer: Leg) -> Sequence[Heard]:
        """They hear each other already."""
        return ()

    def hang_up(self, callback_id: str, call: int) -> Sequence[Heard]:
        return ()
