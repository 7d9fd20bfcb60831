"""Routing profiles: what a group of agents serves, how well, and how much of it at once (QUE-003, QUE-015)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.model import routing_profile
from madoguchi.counter.routing.policy import EVERY_QUEUE
from madoguchi.counter.team import queries as team
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.seen import seen_mark
from madoguchi.kit.text import normalise

CHANNELS = ("chat", "mail", "form", "phone", "callback")
_LEVELS = range(1, 6)
_CAPACITIES = range(1, 51)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")


@dataclass(frozen=True)
class Profile:
    """`queues`: queue, or `*` for all, → proficiency 1 to 5. `channels`: channel → contacts in hand at once, 0 for none."""

    id: str
    name: str
    queues: dict[str, int]
    capacity: int
    channels: dict[str, int] = field(default_factory=dict)
    active: bool = True


def profiles(tx: Transaction, *, active_only: bool = False) -> list[Profile]:
    """By name."""
    query = select(routing_profile).order_by(routing_profile.c.name, routing_profile.c.id)
    if active_only:
        query = query.where(routing_profile.c.active.is_(True))
    return [Profile(**row._mapping) for row in tx.all(query)]


def find(tx: Transaction, profile_id: str) -> Profile | None:
    row = tx.first(select(routing_profile).where(routing_profile.c.id == profile_id))
    return Profile(**row._mapping) if row else None


def team_names(tx: Transaction) -> dict[str, str]:
    """What each group of agents is called, by `team/<profile>`, as alerts name it."""
    return {f"team/{each.id}": each.name for each in profiles(tx)}


def mark_of(found: Profile | None) -> str:
    """What a form carries to say which profile it has seen; "" for a new one."""
    return seen_mark(asdict(found)) if found else ""


def users_of(tx: Transaction, profile_id: str) -> list[str]:
    """The names of the active agents who have this profile."""
    return [each.name for each in team.agents(tx, active_only=True) if each.profile_id == profile_id]


def save(tx: Transaction, actor: Actor, wanted: Profile, seen: str) -> Profile:
    """Make a profile, or change the one that was `seen` (`mark_of`); its agents are routed by it from now on.

    Raises Invalid with the field, Conflict("changed_meanwhile"), Conflict("profile_in_use") for one that is switched
    off while somebody has it.
    """
    tx.lock("profiles")
    before = find(tx, wanted.id)
    if mark_of(before) != seen:
        raise Conflict("changed_meanwhile")
    if not wanted.active and (names := users_of(tx, wanted.id)):
        raise Conflict("profile_in_use", names="、".join(names[:5]))
    found = _checked(tx, wanted)
    values = asdict(found)
    if before is None:
        tx.execute(insert(routing_profile).values(**values))
    else:
        tx.execute(update(routing_profile).where(routing_profile.c.id == found.id).values(**values))
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="profile.saved",
        object_kind="routing_profile",
        object_id=found.id,
        before=asdict(before) if before else {},
        after=values,
    )
    tx.wake("routing", "inbox")
    return found


def _checked(tx: Transaction, wanted: Profile) -> Profile:
    if not _ID.fullmatch(wanted.id):
        raise Invalid("id_unusable", field="id")
    name = normalise(wanted.name).strip()[:120]
    if not name:
        raise Invalid("name_missing", field="name")
    if not wanted.queues:
        raise Invalid("queue_missing", field="queues")
    for queue_id, level in wanted.queues.items():
        if queue_id != EVERY_QUEUE and queues.find(tx, queue_id) is None:
            raise Invalid("unknown_queue", field="queues", queue=queue_id)
        if level not in _LEVELS:
            raise Invalid("out_of_range", field="queues", low=_LEVELS[0], high=_LEVELS[-1])
    if wanted.capacity not in _CAPACITIES:
        raise Invalid("out_of_range", field="capacity", low=_CAPACITIES[0], high=_CAPACITIES[-1])
    for channel, most in wanted.channels.items():
        if channel not in CHANNELS or not 0 <= most <= _CAPACITIES[-1]:
            raise Invalid("out_of_range", field="channels", low=0, high=_CAPACITIES[-1])
    return replace(wanted, name=name)
