"""The ways as they were changed at the console: over the settings file, read anew by every process (CH-001, CH-003). None commits.

One row is one version of what was said about one way, or (under `ORDER`) about their order; the newest holds. A change
that would leave customers without any way to a person is refused; one that would leave one matter without is made only
by somebody who was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, Integer, String, Table, func, insert, select

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.ways.channels import NAMES_OF_WAYS, serving, switched_on
from madoguchi.counter.problems import Conflict, Invalid, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.engine.ownership import OfHouse, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata
from madoguchi.engine.sections import WayName
from madoguchi.engine.settings import Settings
from madoguchi.kit.languages import NAMES

ORDER = "order"
LONGEST = 200
LONGEST_SEGMENT = 40
MOST_SEGMENTS = 20

way_version = Table(
    "way_version",
    metadata,
    Column("way", String(20), primary_key=True),  # or ORDER
    Column("version", Integer, primary_key=True),
    Column("rule", JsonText, nullable=False),  # `WayRule` as JSON; {"order": [...]} under ORDER
    Column("changed_by", String(60), nullable=False),
    Column("changed_at", Moment, nullable=False),
    info=belongs(OfHouse("What the shop has said at the console about the ways to reach it.")),
)


@dataclass(frozen=True)
class WayRule:
    """What is laid over the settings for one way. `on`: None as in the file. `until`: when it is on again by itself.

    `reason`, `answer`, `cost`: words by language. `only_for`: customer segments; None as in the file, empty: everybody.
    `serves`: group or kind → whether this way serves it; what is not named is as in the file.
    """

    on: bool | None = None
    until: datetime | None = None
    reason: Mapping[str, str] = field(default_factory=dict)
    only_for: tuple[str, ...] | None = None
    serves: Mapping[str, bool] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)
    cost: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> WayRule:
        until, only_for = kept.get("until"), kept.get("only_for")
        return cls(
            **{
                **kept,
                "until": datetime.fromisoformat(until) if until else None,
                "only_for": tuple(only_for) if only_for is not None else None,
            }
        )

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **asdict(self),
            "until": self.until.isoformat() if self.until else None,
            "only_for": list(self.only_for) if self.only_for is not None else None,
        }

    def at(self, now: datetime) -> WayRule:
        """As it holds at a moment: off only until its time."""
        over = self.on is False and self.until is not None and self.until <= now
        return replace(self, on=True, until=None) if over else self


@dataclass(frozen=True)
class Version:
    """Columns as in the table. Version 0, which is in no row, is the settings file."""

    way: str
    version: int
    rule: Mapping[str, Any]
    changed_by: str
    changed_at: datetime | None


def newest(tx: Transaction) -> dict[str, Version]:
    """The version that holds of each way that was ever changed, and of `ORDER`."""
    last = (
        select(way_version.c.way, func.max(way_version.c.version).label("version"))
        .group_by(way_version.c.way)
        .subquery()
    )
    asked = select(way_version).join(
        last, (way_version.c.way == last.c.way) & (way_version.c.version == last.c.version)
    )
    return {row.way: Version(**row._mapping) for row in tx.all(asked)}


def history(tx: Transaction, way: str, limit: int = 50) -> list[Version]:
    """Every version, the newest first."""
    asked = (
        select(way_version)
        .where(way_version.c.way == way)
        .order_by(way_version.c.version.desc())
        .limit(limit)
    )
    return [Version(**row._mapping) for row in tx.all(asked)]


def laid_over(tx: Transaction, settings: Settings) -> Settings:
    """The settings with what holds now at the console laid over `ways`."""
    kept = newest(tx)
    return lay(settings, rules_of(kept), order_of(kept), tx.now) if kept else settings


def rules_of(kept: Mapping[str, Version]) -> dict[WayName, WayRule]:
    return {name: WayRule.of(kept[name].rule) for name in NAMES_OF_WAYS if name in kept}


def order_of(kept: Mapping[str, Version]) -> list[WayName]:
    return list(kept[ORDER].rule["order"]) if ORDER in kept else []


def lay(
    settings: Settings, rules: Mapping[WayName, WayRule], order: list[WayName], now: datetime
) -> Settings:
    """Pure."""
    ways = settings.ways
    off, only_for, serves = set(ways.off), dict(ways.only_for), dict(ways.serves)
    reasons, until = dict(ways.off_reasons), dict(ways.off_until)
    answers, costs = dict(ways.answers), dict(ways.costs)
    for name, kept in rules.items():
        rule = kept.at(now)
        if rule.on is not None:
            off.discard(name)
            reasons.pop(name, None)
            until.pop(name, None)
        if rule.on is False:
            off.add(name)
            reasons[name] = dict(rule.reason)
            if rule.until is not None:
                until[name] = rule.until
        if rule.only_for is not None:
            only_for[name] = list(rule.only_for)
        for subject, yes in rule.serves.items():
            there = serves.get(subject, list(serving(settings, subject)))
            serves[subject] = [each for each in NAMES_OF_WAYS if (yes if each == name else each in there)]
        answers[name] = {**answers.get(name, {}), **rule.answer}
        costs[name] = {**costs.get(name, {}), **rule.cost}
    laid = ways.model_copy(
        update={
            "off": [name for name in NAMES_OF_WAYS if name in off],
            "off_reasons": reasons,
            "off_until": until,
            "only_for": only_for,
            "serves": serves,
            "answers": answers,
            "costs": costs,
            "order": order or ways.order,
        }
    )
    return settings.model_copy(update={"ways": laid})


def to_a_person(settings: Settings) -> list[WayName]:
    """The ways on which everybody reaches a person."""
    return [
        name for name in switched_on(settings) if name != "assistant" and not settings.ways.only_for.get(name)
    ]


def left_alone(settings: Settings) -> list[str]:
    """Groups and kinds of enquiries that no way to a person serves, for everybody."""
    there = to_a_person(settings)
    known = [*group_labels(), *(kind for kind in categories() if kind in settings.ways.serves)]
    return [each for each in known if not any(way in there for way in serving(settings, each))]


def change(
    tx: Transaction,
    actor: Actor,
    way: str,
    rule: WayRule,
    seen: int,
    settings: Settings,
    *,
    sure: bool = False,
) -> Version:
    """From the next request on `rule` holds for the way, in every process. `seen`: version that the form showed.

    Raises NotFound, Invalid with the field, Conflict("changed_meanwhile"), Conflict("last_way_to_a_person"), and unless
    `sure` Conflict("ways_leave_alone") with how many groups or kinds would have no way to a person any more.
    """
    name = _name(way)
    _check(rule, settings, tx.now)
    tx.lock("ways")
    kept = newest(tx)
    before = lay(settings, rules_of(kept), order_of(kept), tx.now)
    after = lay(settings, {**rules_of(kept), name: rule}, order_of(kept), tx.now)
    if not to_a_person(after):
        raise Conflict("last_way_to_a_person", field="on")
    alone = [each for each in left_alone(after) if each not in left_alone(before)]
    if alone and not sure:
        raise Conflict("ways_leave_alone", field="sure", n=len(alone), subjects=alone)
    return _write(tx, actor, name, rule.plain(), seen, kept)


def arrange(tx: Transaction, actor: Actor, order: list[WayName], seen: int) -> Version:
    """List the ways in this order; an empty one: by what fits. Raises Invalid, Conflict("changed_meanwhile")."""
    if order and sorted(order) != sorted(NAMES_OF_WAYS):
        raise Invalid("ways_order", field="order")
    tx.lock("ways")
    return _write(tx, actor, ORDER, {"order": order}, seen, newest(tx))


def _write(
    tx: Transaction,
    actor: Actor,
    way: str,
    rule: Mapping[str, Any],
    seen: int,
    kept: Mapping[str, Version],
) -> Version:
    before = kept.get(way) or Version(way, 0, {}, "", None)
    if before.version != seen:
        raise Conflict("changed_meanwhile")
    if before.rule == rule:
        return before
    made = Version(way, seen + 1, rule, actor.id, tx.now)
    tx.execute(insert(way_version).values(**asdict(made)))
    changed = [key for key in rule if before.rule.get(key) != rule[key]]
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="way.changed",
        object_kind="way",
        object_id=way,
        version=made.version,
        before={key: before.rule.get(key) for key in changed},
        after={key: rule[key] for key in changed},
    )
    return made


def _check(rule: WayRule, settings: Settings, now: datetime) -> None:
    main = settings.shop.languages[0]
    if rule.on is False and not rule.reason.get(main, "").strip():
        raise Invalid("way_reason_missing", field=f"reason_{main}")
    if rule.until is not None and rule.until <= now:
        raise Invalid("way_until_past", field="until")
    for what in ("reason", "answer", "cost"):
        for language, words in cast("Mapping[str, str]", getattr(rule, what)).items():
            if language not in NAMES or len(words) > LONGEST or "\n" in words:
                raise Invalid("way_words_long", field=f"{what}_{language}", limit=LONGEST)
    segments = rule.only_for or ()
    if len(segments) > MOST_SEGMENTS or any(not each or len(each) > LONGEST_SEGMENT for each in segments):
        raise Invalid("way_segments", field="only_for")
    known = {*group_labels(), *categories()}
    if unknown := [each for each in rule.serves if each not in known]:
        raise Invalid("unknown_category", field="serves", subject=unknown[0])


def _name(way: str) -> WayName:
    for name in NAMES_OF_WAYS:
        if name == way:
            return name
    raise NotFound("not_found")
