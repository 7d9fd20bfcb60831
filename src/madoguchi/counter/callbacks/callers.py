"""In whose name a call is booked by others: staff for a case, our telephone system for whoever calls it."""

from __future__ import annotations

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.callbacks.numbers import callable_number
from madoguchi.counter.callbacks.rules import Rules
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys

_NUMBER = "callback-number"


def in_name_of(tx: Transaction, label: str) -> Actor:
    """For whom staff book: whoever the case belongs to, with what was proved in it. Raises NotFound("case_not_found")."""
    case = case_queries.by_number(tx, label)
    if case is None:
        raise NotFound("case_not_found")
    proved = max((each.customer_rung for each in contacts.of_case(tx, case.id)), default=0)
    rung = min(Rung(proved), Rung.SIGNED_IN)
    return Actor(kind="customer", id=case.visitor_id, customer_id=case.customer_id, rung=rung)


def caller_of(keys: Keys, phone: str, rules: Rules) -> Actor:
    """Whoever calls from this number, as far as a telephone can tell: nobody known."""
    return Actor(kind="customer", id=f"phone_{number_hash(keys, phone, rules)[:26]}")


def number_hash(keys: Keys, phone: str, rules: Rules) -> str:
    """One spelling of a number, hashed with the house's key. Raises Invalid."""
    return hash_of(keys, callable_number(phone, rules.country, rules.prefixes))


def hash_of(keys: Keys, e164: str) -> str:
    """Of a number that is read already."""
    return keys.sign(_NUMBER, e164)
