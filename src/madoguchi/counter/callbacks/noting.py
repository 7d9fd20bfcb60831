"""Who did what to a call-back, in the audit; the number stands in no line."""

from __future__ import annotations

from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.callbacks.model import Callback
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction


def note_deed(tx: Transaction, by: Actor, action: str, about: Callback, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=by.kind,
        actor_id=by.id,
        action=action,
        object_kind="callback",
        object_id=about.id,
        state=about.state,
        **detail,
    )
