"""The verbs of versions: draft, renew, put in force, withdraw. They take a transaction, write the audit line, and never commit.

Who drafts does not put in force, unless the house says that one person is enough. What is put in force is what its
approver has seen, laid over what was in force when it was drafted: nobody undoes another's change unawares.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders.rule_book import queries
from madoguchi.counter.orders.rule_book.model import RuleVersion, rule_version
from madoguchi.counter.orders.rule_book.writing import moved, piece, values_of
from madoguchi.counter.orders.rules import Rules, RulesError
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed
from madoguchi.counter.team.policy import may
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction

LONGEST_WHY = 500
LONGEST = 20_000  # characters of a version


def draft(tx: Transaction, actor: Actor, text: str, why: str, *, seen: int, file: Rules) -> RuleVersion:
    """A new draft on the rules in force. `seen`: the version that was in force when the form was shown.

    Raises NotAllowed, Invalid (`why_missing`, `rules_unusable` with `why`), Conflict("changed_meanwhile").
    """
    _check(actor, text, why, file)
    tx.lock("rule_version")
    if queries.number_in_force(tx) != seen:
        raise Conflict("changed_meanwhile")
    number = int(tx.scalar(select(func.max(rule_version.c.number))) or 0) + 1
    made = RuleVersion(number, text, why.strip(), seen, "draft", 1, actor.id, tx.now, None, None)
    tx.execute(insert(rule_version).values(**asdict(made)))
    _note(tx, actor, made, "rules.drafted")
    return made


def redraft(
    tx: Transaction, actor: Actor, number: int, text: str, why: str, *, seen: int, file: Rules
) -> RuleVersion:
    """The drafter writes on. `seen`: the revision that the form has shown.

    Raises as `draft` does; NotAllowed("rules_not_yours") for anybody else, whose change would then be nobody's to check.
    """
    _check(actor, text, why, file)
    found = _open_draft(tx, number, seen)
    if found.drafted_by != actor.id:
        raise NotAllowed("rules_not_yours")
    made = replace(found, text=text, why=why.strip(), revision=seen + 1, drafted_at=tx.now)
    tx.execute(
        update(rule_version)
        .where(rule_version.c.number == number)
        .values(text=made.text, why=made.why, revision=made.revision, drafted_at=made.drafted_at)
    )
    _note(tx, actor, made, "rules.redrafted")
    return made


def renew(tx: Transaction, actor: Actor, number: int, *, seen: int, file: Rules) -> RuleVersion:
    """Other rules came into force since it was drafted: its changes, and only those, on them. By its drafter.

    Raises as `redraft` does.
    """
    _need(actor)
    found = _open_draft(tx, number, seen)
    if found.drafted_by != actor.id:
        raise NotAllowed("rules_not_yours")
    onto = queries.version(tx, queries.number_in_force(tx))
    base = queries.version(tx, found.based_on)
    text = piece(moved(values_of(found.text), values_of(base.text), values_of(onto.text)))
    _read(text, file)
    made = replace(found, text=text, based_on=onto.number, revision=seen + 1, drafted_at=tx.now)
    tx.execute(
        update(rule_version)
        .where(rule_version.c.number == number)
        .values(text=text, based_on=onto.number, revision=made.revision, drafted_at=made.drafted_at)
    )
    _note(tx, actor, made, "rules.renewed")
    return made


def put_in_force(
    tx: Transaction, actor: Actor, number: int, *, seen: int, file: Rules, by_two: bool = True
) -> RuleVersion:
    """From now on these rules hold. `seen`: the revision that was read; `by_two`: not by its drafter.

    Raises NotAllowed (`role_missing`, `rules_need_another`), Conflict (`changed_meanwhile`, `draft_elsewhere`,
    `rules_moved_on` where others are in force than it was drafted on), Invalid("rules_unusable").
    """
    _need(actor)
    found = _open_draft(tx, number, seen)
    if by_two and found.drafted_by == actor.id:
        raise NotAllowed("rules_need_another")
    _read(found.text, file)
    before = queries.number_in_force(tx)
    if before != found.based_on:
        raise Conflict("rules_moved_on", number=before)
    tx.execute(update(rule_version).where(rule_version.c.state == "in_force").values(state="superseded"))
    made = _decide(tx, actor, found, "in_force")
    _note(tx, actor, made, "rules.put_in_force", before=before, drafted_by=found.drafted_by)
    return made


def withdraw(tx: Transaction, actor: Actor, number: int, *, seen: int) -> RuleVersion:
    """Nobody puts this draft in force any more. Raises NotAllowed, Conflict."""
    _need(actor)
    made = _decide(tx, actor, _open_draft(tx, number, seen), "withdrawn")
    _note(tx, actor, made, "rules.withdrawn", drafted_by=made.drafted_by)
    return made


def go_back(tx: Transaction, actor: Actor, number: int, why: str, *, seen: int, file: Rules) -> RuleVersion:
    """A new draft with the text of an earlier version. Raises as `draft` does, and NotFound."""
    return draft(tx, actor, queries.version(tx, number).text, why, seen=seen, file=file)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _check(actor: Actor, text: str, why: str, file: Rules) -> None:
    _need(actor)
    if not why.strip() or len(why.strip()) > LONGEST_WHY:
        raise Invalid("why_missing", field="why", longest=LONGEST_WHY)
    _read(text, file)


def _need(actor: Actor) -> None:
    if not may(actor, "rules.change"):
        raise NotAllowed("role_missing")


def _read(text: str, file: Rules) -> Rules:
    if len(text) > LONGEST:
        raise Invalid("rules_unusable", field="text", why=f"> {LONGEST}")
    try:
        return file.changed(text)
    except RulesError as error:
        raise Invalid("rules_unusable", field="text", why=str(error)) from error


def _open_draft(tx: Transaction, number: int, seen: int) -> RuleVersion:
    tx.lock("rule_version")
    found = queries.version(tx, number)
    if found.state != "draft":
        raise Conflict("draft_elsewhere")
    if found.revision != seen:
        raise Conflict("changed_meanwhile")
    return found


def _decide(tx: Transaction, actor: Actor, found: RuleVersion, state: Any) -> RuleVersion:
    made = replace(found, state=state, decided_by=actor.id, decided_at=tx.now)
    tx.execute(
        update(rule_version)
        .where(rule_version.c.number == found.number)
        .values(state=state, decided_by=actor.id, decided_at=tx.now)
    )
    return made


def _note(tx: Transaction, actor: Actor, made: RuleVersion, action: str, **detail: Any) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="rules",
        object_id=str(made.number),
        based_on=made.based_on,
        revision=made.revision,
        **detail,
    )
