"""The changes of state that staff make by hand, each with the verb of the cases' room that makes it."""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import service
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.policy import Deed
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

STATE_VERBS: dict[Deed, Callable[[Transaction, str, Actor, Settings], Case]] = {
    "wait_for_us": lambda tx, case_id, actor, settings: service.wait_for_us(tx, case_id, actor),
    "wait_for_customer": lambda tx, case_id, actor, settings: service.wait_for_customer(tx, case_id, actor),
    "wait_for_third_party": lambda tx, case_id, actor, settings: service.wait_for_third_party(
        tx, case_id, actor
    ),
    "investigate": lambda tx, case_id, actor, settings: service.investigate(tx, case_id, actor),
    "resolve": lambda tx, case_id, actor, settings: service.resolve(tx, case_id, actor),
    "close": lambda tx, case_id, actor, settings: service.close(tx, case_id),
    "reopen": lambda tx, case_id, actor, settings: service.reopen(
        tx, case_id, settings.desk.reopen_days, actor
    ),
}
