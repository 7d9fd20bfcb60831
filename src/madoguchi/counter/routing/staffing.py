"""Members of staff as the console and imports change them: the account, skills, profile; before and after are audited."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import update

from madoguchi.counter.actors import Actor, Role
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import presence, profiles, queues
from madoguchi.counter.routing.policy import EVERY_QUEUE
from madoguchi.counter.team import queries, service
from madoguchi.counter.team.model import Agent, agent
from madoguchi.counter.team.policy import ROLES
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.languages import NAMES
from madoguchi.kit.seen import seen_mark
from madoguchi.kit.text import normalise

HIGHEST = 5


@dataclass(frozen=True)
class Member:
    """What of an account is changed here. `languages`, `queues`: skill → proficiency 1 to 5; `profile_id` "": own skills.

    A seller's account has only names; it serves no queue.
    """

    login: str
    name: str
    display_name: str
    roles: list[Role] = field(default_factory=lambda: ["agent"])
    languages: dict[str, int] = field(default_factory=lambda: {"ja": HIGHEST})
    queues: dict[str, int] = field(default_factory=lambda: {EVERY_QUEUE: HIGHEST})
    capacity: int = 3
    profile_id: str = ""
    active: bool = True

    @classmethod
    def of(cls, found: Agent) -> Member:
        return cls(
            found.login,
            found.name,
            found.display_name,
            list(found.roles),
            {each: found.levels.get(f"language:{each}", HIGHEST) for each in found.languages},
            {each: found.levels.get(f"queue:{each}", HIGHEST) for each in found.queues},
            found.capacity,
            found.profile_id,
            found.active,
        )

    @property
    def levels(self) -> dict[str, int]:
        """As the table keeps them: only those below the highest."""
        skills = {
            **{f"language:{each}": level for each, level in self.languages.items()},
            **{f"queue:{each}": level for each, level in self.queues.items()},
        }
        return {skill: level for skill, level in skills.items() if level != HIGHEST}


def mark_of(found: Agent | None) -> str:
    """What a form carries to say which account it has seen; "" for a new one."""
    return seen_mark(asdict(Member.of(found))) if found else ""


def hire(
    tx: Transaction,
    actor: Actor,
    wanted: Member,
    password: str,
    *,
    shortest_password: int,
    seller_id: str = "",
    password_hash: str = "",
) -> Agent:
    """Add a member of staff, or a seller's account. `password_hash` as in `team.service.add_agent`. Raises Conflict("login_taken"), Invalid with the field."""
    member = wanted if seller_id else checked(tx, wanted)
    found = service.add_agent(
        tx,
        login=member.login,
        password=password,
        name=member.name,
        display_name=member.display_name,
        roles=["seller"] if seller_id else member.roles,
        languages=list(member.languages),
        queues=[] if seller_id else list(member.queues),
        capacity=member.capacity,
        seller_id=seller_id,
        shortest_password=shortest_password,
        password_hash=password_hash,
        by=actor,
    )
    if seller_id:
        return found
    _set(tx, found.id, levels=member.levels, profile_id=member.profile_id)
    after = asdict(Member.of(queries.get(tx, found.id)))
    _audit(tx, actor, found.id, before={}, after=after)
    return queries.get(tx, found.id)


def change(tx: Transaction, actor: Actor, agent_id: str, wanted: Member, seen: str) -> Agent:
    """Change everything but login and password, as `seen` (`mark_of`). Routing reads it at the next offer (QUE-015).

    Switching off signs out and puts contacts in hand back into their queues. Raises Conflict("changed_meanwhile"),
    Conflict("yourself") for switching oneself off or giving up one's own operator's rights, Invalid with the field.
    """
    before = queries.get(tx, agent_id)
    if mark_of(before) != seen:
        raise Conflict("changed_meanwhile")
    own = actor.kind == "agent" and actor.id == agent_id
    if own and (not wanted.active or ("operator" in before.roles and "operator" not in wanted.roles)):
        raise Conflict("yourself")
    member = replace(wanted, roles=before.roles) if before.seller_id else checked(tx, wanted)
    if not before.seller_id:
        service.set_roles(tx, agent_id, member.roles, by=actor)
        service.set_skills(
            tx,
            agent_id,
            languages=list(member.languages),
            queues=list(member.queues),
            capacity=member.capacity,
            by=actor,
        )
        _set(tx, agent_id, levels=member.levels, profile_id=member.profile_id)
    _set(tx, agent_id, name=_name(member.name), display_name=_name(member.display_name or member.name))
    _switch(tx, actor, before, member.active)
    found = queries.get(tx, agent_id)
    _audit(tx, actor, agent_id, before=asdict(Member.of(before)), after=asdict(Member.of(found)))
    tx.wake("routing", "inbox", f"agent:{agent_id}")
    return found


def _switch(tx: Transaction, actor: Actor, before: Agent, active: bool) -> None:
    if before.active and not active:
        service.deactivate(tx, before.id, by=actor)
        presence.release(tx, before.id, by=actor)
    elif active and not before.active:
        service.reactivate(tx, before.id, by=actor)


def checked(tx: Transaction, wanted: Member) -> Member:
    """What an account may be changed to. Raises Invalid with the field."""
    if not wanted.name.strip():
        raise Invalid("name_missing", field="name")
    if not wanted.languages:
        raise Invalid("language_missing", field="languages")
    for language in wanted.languages:
        if language not in NAMES:
            raise Invalid("unknown_language", field="languages", language=language)
    for queue_id in wanted.queues:
        if queue_id != EVERY_QUEUE and queues.find(tx, queue_id) is None:
            raise Invalid("unknown_queue", field="queues", queue=queue_id)
    if any(not 1 <= level <= HIGHEST for level in (*wanted.languages.values(), *wanted.queues.values())):
        raise Invalid("out_of_range", field="queues", low=1, high=HIGHEST)
    if not wanted.roles:
        raise Invalid("unknown_role", field="roles", roles=", ".join(ROLES))
    if "seller" in wanted.roles:
        raise Invalid("seller_unbound", field="roles")
    profile = profiles.find(tx, wanted.profile_id) if wanted.profile_id else None
    if wanted.profile_id and (profile is None or not profile.active):
        raise Invalid("unknown_profile", field="profile", profile=wanted.profile_id)
    return wanted


def _name(text: str) -> str:
    return normalise(text).strip()[:120]


def _set(tx: Transaction, agent_id: str, **values: Any) -> None:
    tx.execute(update(agent).where(agent.c.id == agent_id).values(**values))


def _audit(
    tx: Transaction, actor: Actor, agent_id: str, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    changed = [key for key in after if before.get(key) != after[key]]
    if not changed:
        return
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="agent.changed",
        object_kind="agent",
        object_id=agent_id,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed},
    )
