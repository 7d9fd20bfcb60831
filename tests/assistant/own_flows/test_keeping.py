"""Versions of an own dialogue: drafted, put in force by another person, superseded, withdrawn, back."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.checking import Known
from madoguchi.assistant.own_flows.model import Dialogue, from_table, to_table
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, Problem
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database

KIND = "order_delivery.delivery_delay"
ANNE = Actor(kind="agent", id="agt_anne", roles=("supervisor",))
BEN = Actor(kind="agent", id="agt_ben", roles=("supervisor",))
KNOWN = Known(languages=("ja", "en"))


def dialogue(text: str = "お待ちください。") -> Dialogue:
    steps: list[dict[str, Any]] = [
        {"name": "say", "does": "say", "words": {"ja": text, "en": "Please wait."}},
        {"name": "person", "does": "hand_over"},
    ]
    return from_table({"kind": KIND, "steps": steps})


def put(database: Database, by: Actor, seen: int, *, four_eyes: bool = True) -> keeping.Version:
    return database.write(lambda tx: keeping.put_in_force(tx, by, KIND, seen, KNOWN, four_eyes=four_eyes))


def test_another_person_puts_it_in_force_unless_the_shop_says_otherwise(database: Database) -> None:
    draft = database.write(keeping.begin, ANNE, dialogue())
    with pytest.raises(NotAllowed):
        put(database, ANNE, draft.revision)
    assert database.read(keeping.in_force) == []
    assert put(database, BEN, draft.revision).state == keeping.IN_FORCE
    again = database.write(keeping.begin, ANNE, dialogue("別の言葉です。"))
    assert put(database, ANNE, again.revision, four_eyes=False).version == 2
    assert [(each.version, each.state) for each in database.read(keeping.versions, KIND)] == [
        (2, "in_force"),
        (1, "superseded"),
    ]


def test_whoever_has_changed_a_draft_is_one_of_its_writers(database: Database) -> None:
    draft = database.write(keeping.begin, ANNE, dialogue())
    changed = database.write(keeping.save, BEN, dialogue("直しました。"), draft.revision)
    assert changed.writers == ["agt_anne", "agt_ben"]
    with pytest.raises(NotAllowed):
        put(database, BEN, changed.revision)


def test_two_who_write_the_same_are_told(database: Database) -> None:
    draft = database.write(keeping.begin, ANNE, dialogue())
    with pytest.raises(Conflict):
        database.write(keeping.begin, BEN, dialogue())
    database.write(keeping.save, ANNE, dialogue("一"), draft.revision)
    with pytest.raises(Conflict):
        database.write(keeping.save, BEN, dialogue("二"), draft.revision)
    with pytest.raises(Conflict):
        put(database, BEN, draft.revision)


def test_what_the_checks_refuse_does_not_come_in_force(database: Database) -> None:
    unready = from_table({"kind": KIND, "steps": []})
    draft = database.write(keeping.begin, ANNE, unready)
    with pytest.raises(Invalid):
        put(database, BEN, draft.revision)


def test_back_is_a_new_version_and_every_step_is_noted(database: Database) -> None:
    for text in ("一つ目です。", "二つ目です。"):
        draft = database.write(keeping.begin, ANNE, dialogue(text))
        put(database, BEN, draft.revision)
    third = database.write(lambda tx: keeping.back(tx, ANNE, KIND, 1, KNOWN))
    assert (third.version, third.state, third.dialogue) == (3, "in_force", dialogue("一つ目です。"))
    database.write(keeping.withdraw, ANNE, KIND, 3)
    assert database.read(keeping.in_force) == []
    with pytest.raises(Conflict):
        database.write(keeping.withdraw, ANNE, KIND, 3)
    with pytest.raises(NotFound):
        database.write(lambda tx: keeping.back(tx, ANNE, KIND, 9, KNOWN))
    noted = database.read(lambda tx: tx.all(select(audit).where(audit.c.object_kind == "own_flow")))
    assert [(row.action, row.actor_id, row.detail["version"]) for row in noted] == [
        ("own_flow.drafted", "agt_anne", 1),
        ("own_flow.in_force", "agt_ben", 1),
        ("own_flow.drafted", "agt_anne", 2),
        ("own_flow.in_force", "agt_ben", 2),
        ("own_flow.back", "agt_anne", 3),
        ("own_flow.withdrawn", "agt_anne", 3),
    ]


DEEDS = st.lists(
    st.tuples(st.sampled_from(["begin", "save", "put", "withdraw", "back", "discard"]), st.booleans(), st.integers(1, 4)),
    max_size=25,
)  # fmt: skip


_houses = itertools.count(1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_whatever_is_done_one_version_is_in_force_at_most_and_what_was_never_changes(
    sqlite_database: Database, deeds: list[tuple[str, bool, int]]
) -> None:
    about = from_table({"kind": KIND, "topic": {"id": f"topic{next(_houses)}"}, "steps": []})
    was: dict[int, dict[str, Any]] = {}
    for count, (deed, ben, number) in enumerate(deeds):
        with contextlib.suppress(Problem):
            _do(sqlite_database, about, deed, BEN if ben else ANNE, number, count)
        every = sqlite_database.read(keeping.versions, about.id)
        states = [each.state for each in every]
        assert states.count("in_force") <= 1 and states.count("draft") <= 1
        for each in every:
            if each.state != "draft":
                assert was.setdefault(each.version, each.content) == each.content


def _do(database: Database, about: Dialogue, deed: str, by: Actor, number: int, count: int) -> None:
    draft = database.read(keeping.draft_of, about.id)
    seen = draft.revision if draft else 0
    topic = {
        "id": about.id.removeprefix("own."),
        "name": {"ja": "題"},
        "examples": {"ja": ["一つ", "二つ", "三つ"]},
    }
    wanted = from_table({**to_table(dialogue(f"{count}番です。")), "topic": topic})
    if deed == "begin":
        database.write(keeping.begin, by, wanted)
    elif deed == "save":
        database.write(keeping.save, by, wanted, seen)
    elif deed == "put":
        database.write(lambda tx: keeping.put_in_force(tx, by, about.id, seen, KNOWN, four_eyes=True))
    elif deed == "withdraw":
        database.write(keeping.withdraw, by, about.id, number)
    elif deed == "back":
        database.write(lambda tx: keeping.back(tx, by, about.id, number, KNOWN))
    else:
        database.write(keeping.discard, by, about.id, seen)
