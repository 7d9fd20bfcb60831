"""How an agent has set up the desk: keys, switches, sections of the customer's pane; they follow to every machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select

from madoguchi.counter.inbox.model import desk_setting
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.database import Transaction

_NAME = re.compile(r"[a-z][a-zA-Z0-9-]{0,39}")
_STROKE = r"(?:Mod\+)?(?:Shift\+)?[A-Z][A-Za-z0-9]{1,19}"
_CHORD = re.compile(rf"{_STROKE}(?: {_STROKE})?")
MOST = 100


@dataclass(frozen=True)
class Setup:
    """`keys`: command → chord, `switches`: name → on, as far as they differ from what is usual.

    `sections`: (name, open) in the agent's order.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=dict)
    sections: Sequence[tuple[str, bool]] = ()


def of_agent(tx: Transaction, agent_id: str) -> Setup:
    row = tx.first(select(desk_setting).where(desk_setting.c.agent_id == agent_id))
    if row is None:
        return Setup()
    return Setup(dict(row.keys), dict(row.switches), [(name, bool(shown)) for name, shown in row.sections])


def save(tx: Transaction, agent_id: str, setup: Setup) -> None:
    """Raises Invalid for what is no key or is named twice, Conflict("key_taken") where one key would do two things."""
    for name, chord in setup.keys.items():
        if not _NAME.fullmatch(name) or not _CHORD.fullmatch(chord):
            raise Invalid("unusable_key", field="keys", command=name)
    if len(set(setup.keys.values())) != len(setup.keys):
        raise Conflict("key_taken")
    _check_names(list(setup.switches), "switches")
    _check_names([name for name, _ in setup.sections], "sections")
    if len(setup.keys) > MOST:
        raise Invalid("invalid", field="keys")
    tx.execute(delete(desk_setting).where(desk_setting.c.agent_id == agent_id))
    values = {
        "keys": dict(setup.keys),
        "switches": dict(setup.switches),
        "sections": [[name, shown] for name, shown in setup.sections],
    }
    tx.execute(insert(desk_setting).values(agent_id=agent_id, saved_at=tx.now, **values))


def _check_names(names: Sequence[str], field_name: str) -> None:
    usable = len(names) <= MOST and len(set(names)) == len(names)
    if not usable or not all(_NAME.fullmatch(name) for name in names):
        raise Invalid("invalid", field=field_name)
