"""The house's own statuses: made, changed, switched off; each stands on one that routing knows."""

from __future__ import annotations

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.counter.routing import status_kinds
from madoguchi.counter.routing.status_kinds import StatusKind
from madoguchi.engine.database import Database

LEAD = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))


def save(database: Database, kind_id: str = "training", **values: object) -> StatusKind:
    given = {"name": {"ja": "研修中", "en": "Training"}, "base": "break", **values}
    return database.write(status_kinds.save, LEAD, kind_id=kind_id, **given)  # type: ignore[arg-type]


def test_a_status_is_made_named_ordered_and_switched_off(database: Database) -> None:
    save(database, position=2)
    lunch = save(database, "lunch", name={"ja": "昼休み"}, position=1, remind_minutes=60)
    assert [each.id for each in database.read(status_kinds.kinds)] == ["lunch", "training"]
    assert (lunch.label("ja"), lunch.label("en")) == ("昼休み", "昼休み")
    save(database, "lunch", name={"ja": "昼休み"}, version=lunch.version, active=False)
    assert [each.id for each in database.read(status_kinds.kinds)] == ["training"]
    with pytest.raises(Invalid, match="unknown_status"):
        database.read(status_kinds.chosen, "lunch")
    assert database.read(status_kinds.chosen, "training").base == "break"


def test_what_cannot_be_a_status_is_refused_at_its_field(sqlite_database: Database) -> None:
    for field, values in (
        ("id", {"kind_id": "A b"}),
        ("name", {"name": {"ja": " "}}),
        ("base", {"base": "gone"}),
    ):
        with pytest.raises(Invalid) as refused:
            save(sqlite_database, **values)  # type: ignore[arg-type]
        assert refused.value.params["field"] == field


def test_two_who_change_the_same_status_are_told(sqlite_database: Database) -> None:
    save(sqlite_database)
    save(sqlite_database, version=1, base="busy")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        save(sqlite_database, version=1)
