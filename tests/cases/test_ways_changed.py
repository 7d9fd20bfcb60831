"""Ways as they are changed at the console: laid over the settings, until when, for whom, never without a way to a person."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import group_labels
from madoguchi.counter.cases.ways import keeping, wording
from madoguchi.counter.cases.ways.channels import NAMES_OF_WAYS, serving, switched_on
from madoguchi.counter.cases.ways.keeping import WayRule, laid_over, lay, left_alone, to_a_person
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Database
from madoguchi.engine.sections import WayName
from tests.cases.test_ways import DAY, asking, found, shop
from tests.conftest import StillClock

LEAD = Actor(kind="agent", id="agt_lead", roles=frozenset({"supervisor"}))
SHOP = shop()
WHY = {"ja": "設備の点検中です。", "en": "Maintenance."}
OFF = WayRule(on=False, reason=WHY)


def change(
    database: Database, way: str, rule: WayRule, seen: int = 0, *, sure: bool = False
) -> keeping.Version:
    return database.write(lambda tx: keeping.change(tx, LEAD, way, rule, seen, SHOP, sure=sure))


@pytest.mark.req("CH-001", "CH-003")
def test_a_way_that_is_switched_off_is_shown_closed_with_the_reason_and_when_it_is_expected() -> None:
    until = DAY + timedelta(hours=3)
    laid = lay(SHOP, {"phone": WayRule(on=False, reason=WHY, until=until)}, [], DAY)
    way = found(laid, asking())["phone"]
    assert (way.open, way.usable, way.why, way.offered) == (False, False, "off", True)
    assert wording.why_text(way, asking()).startswith("設備の点検中です。")
    assert "17:00" in wording.why_text(way, asking())
    assert "phone" not in switched_on(laid)
    assert wording.why_text(way, asking(language="ko")).startswith("Maintenance.")


@given(minutes=st.integers(-600, 600))
def test_it_is_on_again_by_itself_at_its_time(minutes: int) -> None:
    until = DAY + timedelta(minutes=minutes)
    laid = lay(SHOP, {"phone": WayRule(on=False, reason=WHY, until=until)}, [], DAY)
    assert ("phone" in switched_on(laid)) == (minutes <= 0)


def test_what_nobody_has_changed_is_as_in_the_file() -> None:
    own = shop(
        ways={"off": ["callback"], "only_for": {"mail": ["member"]}, "serves": {"sustainability": ["form"]}}
    )
    assert lay(own, {}, [], DAY).ways == own.ways
    same = lay(own, {name: WayRule() for name in NAMES_OF_WAYS}, [], DAY).ways
    assert (same.off, same.only_for, same.serves) == (own.ways.off, own.ways.only_for, own.ways.serves)
    assert "callback" in switched_on(lay(own, {"callback": WayRule(on=True)}, [], DAY))


def test_for_whom_for_what_cost_answer_and_order() -> None:
    group = next(iter(group_labels()))
    rule = WayRule(
        only_for=("member",), serves={group: False}, answer={"ja": "30分以内"}, cost={"ja": "1分10円"}
    )
    laid = lay(SHOP, {"mail": rule}, ["mail", "form", "callback", "phone", "person", "assistant"], DAY)
    assert "mail" not in serving(laid, group) and "form" in serving(laid, group)
    assert found(laid, asking())["mail"].why == "not_you"
    way = found(laid, asking(segments=("member",)))["mail"]
    assert way.why == ""
    assert wording.cost_text(way.channel, laid, "ja") == "1分10円"
    assert wording.cost_text(way.channel, laid, "en").startswith("Free")
    assert laid.ways.order[0] == "mail"


_rules = st.builds(
    WayRule,
    on=st.sampled_from([None, True, False]),
    reason=st.just(WHY),
    only_for=st.sampled_from([None, (), ("member",)]),
    serves=st.dictionaries(st.sampled_from(list(group_labels())), st.booleans(), max_size=4),
)


@given(steps=st.lists(st.tuples(st.sampled_from(NAMES_OF_WAYS), _rules), max_size=8))
def test_whatever_is_changed_somebody_can_be_reached(steps: list[tuple[WayName, WayRule]]) -> None:
    """The guard of `change`, step by step: what it lets through never leaves customers without any way to a person."""
    rules: dict[WayName, WayRule] = {}
    for way, rule in steps:
        after = lay(SHOP, {**rules, way: rule}, [], DAY)
        if to_a_person(after):
            rules[way] = rule
    assert to_a_person(lay(SHOP, rules, [], DAY))
    assert WayRule.of(OFF.plain()) == OFF


@pytest.mark.req("CH-003")
def test_the_last_way_to_a_person_cannot_be_switched_off(database: Database) -> None:
    people = [name for name in NAMES_OF_WAYS if name != "assistant"]
    for name in people[:-1]:
        change(database, name, OFF, sure=True)
    with pytest.raises(Conflict, match="last_way_to_a_person"):
        change(database, people[-1], OFF, sure=True)
    with pytest.raises(Conflict, match="last_way_to_a_person"):
        change(database, people[-1], WayRule(only_for=("member",)), sure=True)
    assert to_a_person(database.read(laid_over, SHOP)) == [people[-1]]


def test_a_matter_without_a_way_to_a_person_is_made_only_by_who_was_told(sqlite_database: Database) -> None:
    group = next(iter(group_labels()))
    serving_now = [name for name in serving(SHOP, group) if name in to_a_person(SHOP)]
    for name in serving_now[:-1]:
        change(sqlite_database, name, WayRule(serves={group: False}))
    last = WayRule(serves={group: False})
    with pytest.raises(Conflict, match="ways_leave_alone") as told:
        change(sqlite_database, serving_now[-1], last)
    assert group in told.value.params["subjects"]
    change(sqlite_database, serving_now[-1], last, sure=True)
    assert group in left_alone(sqlite_database.read(laid_over, SHOP))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (WayRule(on=False), "way_reason_missing"),
        (WayRule(on=False, reason={"en": "x"}), "way_reason_missing"),
        (WayRule(cost={"ja": "長" * 201}), "way_words_long"),
        (WayRule(answer={"xx": "?"}), "way_words_long"),
        (WayRule(only_for=("",)), "way_segments"),
        (WayRule(serves={"nothing": True}), "unknown_category"),
    ],
)
def test_what_cannot_be_used_is_refused(sqlite_database: Database, rule: WayRule, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        change(sqlite_database, "mail", rule)
    with pytest.raises(NotFound):
        change(sqlite_database, "fax", WayRule())


def test_changes_are_versions_with_an_audit_row_and_none_is_lost(
    database: Database, clock: StillClock
) -> None:
    with pytest.raises(Invalid, match="way_until_past"):
        change(database, "mail", WayRule(on=False, reason=WHY, until=clock.now))
    assert change(database, "mail", OFF).version == 1
    with pytest.raises(Conflict, match="changed_meanwhile"):
        change(database, "mail", WayRule())
    assert change(database, "mail", OFF, 1).version == 1  # nothing new
    assert change(database, "mail", WayRule(), 1).version == 2
    assert [each.version for each in database.read(keeping.history, "mail")] == [2, 1]
    rows = database.read(lambda tx: tx.all(select(audit.c.detail).where(audit.c.action == "way.changed")))
    assert [row.detail["after"]["on"] for row in rows] == [False, None]
    order: list[WayName] = list(reversed(NAMES_OF_WAYS))
    assert database.write(keeping.arrange, LEAD, order, 0).version == 1
    assert database.read(laid_over, SHOP).ways.order == order
    with pytest.raises(Invalid, match="ways_order"):
        database.write(keeping.arrange, LEAD, ["mail"], 1)


def test_a_switch_and_its_opposite_leave_nothing_behind() -> None:
    for way, on in product(NAMES_OF_WAYS, (True, None)):
        assert lay(SHOP, {way: WayRule(on=on)}, [], DAY).ways.off == []
