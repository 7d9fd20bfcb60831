"""Every table says whose rows it holds; a rule that does not fit its table is found (PRIV-004, PRIV-005)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, Text

from madoguchi.building import metadata
from madoguchi.counter.privacy import wording
from madoguchi.engine.ownership import OfHouse, OfPerson, Owner, Through, belongs, defects, owner_of
from madoguchi.engine.schema import JsonText

pytestmark = pytest.mark.req("PRIV-004", "PRIV-005")


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_table_says_whose_rows_it_holds(name: str) -> None:
    assert defects(metadata.tables[name], metadata.tables) == []


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "zh-Hant", "ko"])
def test_what_is_erased_and_what_stays_is_named_in_the_readers_words(language: str) -> None:
    for name, table in metadata.tables.items():
        rule = owner_of(table)
        if isinstance(rule, OfPerson):
            assert wording.label(name, language) not in (name.replace("_", " "), wording.label(name, "en")), (
                name
            )
            if rule.erase == "keep":
                assert wording.reason(rule.why, language) != rule.why, name


def _table(owner: Owner | None, *columns: Column[Any]) -> list[str]:
    """The defects of a table of this rule, beside a table of people."""
    house = MetaData()
    Table("person", house, Column("id", String(60)), info=belongs(OfPerson(customer="id")))
    Table("thing", house, Column("id", String(60)), info=belongs(OfHouse("Things.")))
    info = {} if owner is None else belongs(owner)
    table = Table(
        "new", house, Column("id", String(60)), Column("person_id", String(60)), *columns, info=info
    )
    return defects(table, house.tables)


THROUGH = Through("person_id", "person")


@pytest.mark.parametrize(
    ("owner", "columns", "found"),
    [
        (None, [], "has no rule"),
        (OfHouse(""), [], "says not what its rows are about"),
        (OfPerson(), [], "names no way to a person"),
        (OfPerson(customer="nobody"), [], "nobody, which does not exist"),
        (OfPerson(customer="person_id", withheld=("x",)), [], "x, which does not exist"),
        (OfPerson(customer="person_id", files=("x",)), [], "x, which does not exist"),
        (OfPerson(through=Through("x", "person")), [], "goes through x"),
        (OfPerson(through=Through("person_id", "x")), [], "goes to x.id"),
        (OfPerson(through=Through("person_id", "person", "x")), [], "goes to person.x"),
        (OfPerson(through=Through("person_id", "thing")), [], "thing belongs to nobody"),
        (OfPerson(through=THROUGH, erase="keep"), [], "does not say why"),
        (OfPerson(through=THROUGH, erase="blank", why="y"), [], "blanks nothing"),
        (OfPerson(through=THROUGH, blank={"id": ""}), [], "does not blank"),
        (OfPerson(through=THROUGH, erase="keep", why="y"), [Column("said", Text)], "keeps the text said"),
        (OfPerson(through=THROUGH, erase="keep", why="y"), [Column("said", JsonText)], "keeps the text said"),
        (OfPerson(through=THROUGH, erase="keep", why="y"), [Column("said", String(500))], "keeps the text said"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_is_found(owner: Owner | None, columns: list[Any], found: str) -> None:
    assert any(found in each for each in _table(owner, *columns)), _table(owner, *columns)


@pytest.mark.parametrize(
    "rule",
    [
        OfPerson(through=THROUGH),
        OfPerson(through=THROUGH, erase="keep", why="y", withheld=("said",)),
        OfPerson(through=THROUGH, erase="keep", why="y", stays={"said": "because"}),
        OfPerson(through=THROUGH, erase="blank", why="y", blank={"said": ""}),
    ],
)
def test_a_rule_that_fits_has_no_defect(rule: OfPerson) -> None:
    assert _table(rule, Column("said", Text)) == []
