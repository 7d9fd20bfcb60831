"""What the customer's standing and language mean for a hand-over: members' own desk, one class sooner, an interpreter.

Emergencies and the supervisor's desk are the same for everybody (PRM-001, HND-012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.routing import queues, skills
from madoguchi.counter.routing.queues import Queue
from madoguchi.engine.database import Transaction

Way = Literal["speaks", "interpreter", "relay"]
# What the members' desk takes over; the others need their own people whoever asks.
_ORDINARY = frozenset({"orders", "payments", "returns", "digital_devices", queues.GENERAL})
_FOR_EVERYBODY = frozenset({queues.SECURITY, queues.SUPERVISOR})
_SOONEST = 2  # below the emergencies


@dataclass(frozen=True)
class Standing:
    """Where a contact goes. `way`: somebody there speaks its language, an interpreter does, or words are translated."""

    queue: Queue
    priority: int
    way: Way


def standing(tx: Transaction, contact: Contact, queue_id: str, priority: int | None) -> Standing:
    """The queue that serves this contact best, and its class there; of one that is switched off, the general one.

    Raises Invalid("unknown_queue").
    """
    asked = queues.in_use(tx, queue_id)
    queue_id = asked.id
    given = priority or asked.priority
    if queue_id in _FOR_EVERYBODY:
        return Standing(asked, given, _way(tx, contact.language, asked.id))
    member = _is_member(tx, contact)
    queue = _members_desk(tx, asked) if member else asked
    sooner = min(given, max(_SOONEST, asked.priority - 1)) if member else given
    way = _way(tx, contact.language, queue.id)
    if way == "interpreter":
        queue = queues.get(tx, queues.INTERPRETER)
    return Standing(queue, sooner, way)


def _members_desk(tx: Transaction, asked: Queue) -> Queue:
    """Their own desk, where the shop has opened one and somebody works at it."""
    own = queues.find(tx, queues.MEMBERS)
    served = own is not None and own.active and any(each.serve(own.id) for each in skills.of_the_team(tx))
    return own if own is not None and served and asked.id in _ORDINARY else asked


def _is_member(tx: Transaction, contact: Contact) -> bool:
    if contact.customer_id is None or contact.customer_rung < Rung.SIGNED_IN:
        return False
    found = customers.find(tx, contact.customer_id)
    return found is not None and "member" in found.segments


def _way(tx: Transaction, language: str, queue_id: str) -> Way:
    speakers = [each for each in skills.of_the_team(tx) if language in each.languages]
    if any(each.serve(queue_id) for each in speakers):
        return "speaks"
    interprets = queue_id not in _FOR_EVERYBODY and any(each.serve(queues.INTERPRETER) for each in speakers)
    return "interpreter" if interprets else "relay"
