"""Changing the shop's rules: a form for each topic, drafts that somebody else puts in force, and all earlier versions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.orders import rule_rows
from madoguchi.counter.orders.rule_book import queries, service
from madoguchi.counter.orders.rule_book.model import RuleVersion
from madoguchi.counter.orders.rule_book.writing import piece
from madoguchi.counter.orders.rule_wording import RuleRow, rule_table
from madoguchi.counter.orders.rules import Rules, RulesError, laid_over
from madoguchi.counter.problems import NotFound, Problem
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.faces import rule_fields
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.refusals import tell

HOME = "/console/policies"
VERSIONS = "/console/policies/versions"
router = APIRouter(prefix=HOME)
Reading = Annotated[Visit, Depends(door("figures.read", VERSIONS))]
Changing = Annotated[Visit, Depends(door("rules.change", VERSIONS))]

STATES = {
    "draft": "Draft, waits for somebody else",
    "in_force": "In force",
    "superseded": "Was in force",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True)
class VersionView:
    """A version as people read it. `changes`: what it changes of the version before it."""

    version: RuleVersion
    state: str
    by: str
    decided_by: str
    changes: list[RuleRow]
    unusable: str = ""  # why it cannot be read with the file of today


def slug(topic: str) -> str:
    """The address of a topic."""
    return re.sub(r"[^a-z]+", "-", topic.lower()).strip("-")


TOPIC_OF = {slug(topic): topic for topic in rule_rows.TOPICS}


@router.get("/versions")
def versions(visit: Reading) -> Response:
    def read(tx: Transaction) -> list[VersionView]:
        return [_view(tx, visit, each) for each in queries.newest(tx)]

    return visit.page("console/rule_versions.html", versions=visit.house.database.read(read))


@router.get("/versions/{number}")
def version(visit: Reading, number: int) -> Response:
    return _version(visit, number)


@router.get("/change/{topic}")
def change(visit: Changing, topic: str) -> Response:
    """`draft`: go on with one's own draft instead of beginning another."""
    asked = visit.request.query_params.get("draft", "")
    return _change(visit, topic, _own_draft(visit, int(asked)) if asked.isdecimal() else None)


@router.post("/change/{topic}")
def save(visit: Changing, topic: str) -> Response:
    form, house = visit.form, visit.house
    written = form.value("draft")
    own = _own_draft(visit, int(written)) if written.isdecimal() and len(written) < 9 else None
    base = own.text if own else _text_in_force(visit)
    rules = house.book.file.changed(base)
    asked = _fields(visit, topic, rules)
    changed = rule_fields.entered(form, asked, rules)
    more, why = _more(visit), form.value("why")
    if form.errors:
        return _change(visit, topic, own)
    text = piece(laid_over(laid_over(tomllib.loads(base), changed), more))
    if text == piece(tomllib.loads(base)):
        form.wrong("form", "Nothing was changed")
        return _change(visit, topic, own)
    seen = _seen(visit)
    try:
        if own:
            made = house.database.write(
                service.redraft, visit.actor, own.number, text, why, seen=seen, file=house.book.file
            )
        else:
            made = house.database.write(
                service.draft, visit.actor, text, why, seen=seen, file=house.book.file
            )
    except Problem as problem:
        tell(form, problem, "form")
        return _change(visit, topic, own, problem.status)
    return visit.redirect(f"{VERSIONS}/{made.number}")


@router.post("/versions/{number}/in-force")
def put_in_force(visit: Changing, number: int) -> Response:
    by_two = visit.settings.supervision.rules_by_two
    return _decide(
        visit,
        number,
        lambda tx: service.put_in_force(
            tx, visit.actor, number, seen=_seen(visit), file=visit.house.book.file, by_two=by_two
        ),
    )


@router.post("/versions/{number}/withdraw")
def withdraw(visit: Changing, number: int) -> Response:
    return _decide(visit, number, lambda tx: service.withdraw(tx, visit.actor, number, seen=_seen(visit)))


@router.post("/versions/{number}/renew")
def renew(visit: Changing, number: int) -> Response:
    file = visit.house.book.file
    return _decide(
        visit, number, lambda tx: service.renew(tx, visit.actor, number, seen=_seen(visit), file=file)
    )


@router.post("/versions/{number}/go-back")
def go_back(visit: Changing, number: int) -> Response:
    why, file = visit.form.value("why"), visit.house.book.file
    return _decide(
        visit,
        number,
        lambda tx: service.go_back(tx, visit.actor, number, why, seen=_seen(visit), file=file),
    )


def tried(visit: Visit, number: int) -> Rules:
    """The rules of a version, to be asked beside those in force. Raises NotFound, RulesError."""
    return visit.house.database.read(visit.house.book.numbered_anew, number)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _decide(visit: Visit, number: int, verb: Callable[[Transaction], RuleVersion]) -> Response:
    try:
        made = visit.house.database.write(verb)
    except Problem as problem:
        tell(visit.form, problem, "form")
        return _version(visit, number, problem.status)
    return visit.redirect(f"{VERSIONS}/{made.number}")


def _version(visit: Visit, number: int, status: int = 200) -> Response:
    house = visit.house

    def read(tx: Transaction) -> tuple[VersionView, int]:
        return _view(tx, visit, queries.version(tx, number)), queries.number_in_force(tx)

    view, in_force = house.database.read(read)
    found = view.version
    mine = found.drafted_by == visit.actor.id
    return visit.page(
        "console/rule_version.html",
        status,
        view=view,
        in_force=in_force,
        may_change=may(visit.actor, "rules.change"),
        may_ask=may(visit.actor, "orders.read"),
        is_mine=mine,
        needs_another=mine and visit.settings.supervision.rules_by_two,
        topics=[(address, visit.t(topic)) for address, topic in TOPIC_OF.items()],
        longest_why=service.LONGEST_WHY,
    )


def _change(visit: Visit, topic: str, own: RuleVersion | None, status: int = 422) -> Response:
    base = own.text if own else _text_in_force(visit)
    asked = _fields(visit, topic, visit.house.book.file.changed(base))
    newest = own.revision if own else visit.house.book.edition.number
    if own and not visit.form.sent:
        visit.form.start_with(why=own.why)
    visit.form.start_with(**{name: value for each in asked for name, value in each.chosen.items()})
    return visit.page(
        "console/rule_change.html",
        status if visit.form.errors else 200,
        topic=visit.t(TOPIC_OF[topic]),
        address=topic,
        fields=[each for each in asked if each.kind.shape != "text"],
        as_text=[each for each in asked if each.kind.shape == "text"],
        draft=own,
        # What the first form has shown stays, until somebody has been told of a change in between.
        seen=visit.form.value("seen") if visit.form.sent and status == 422 else newest,
        by_two=visit.settings.supervision.rules_by_two,
        longest_why=service.LONGEST_WHY,
    )


def _fields(visit: Visit, topic: str, rules: Rules) -> list[rule_fields.RuleField]:
    if topic not in TOPIC_OF:
        raise NotFound("not_found")
    keys = rule_rows.by_topic(rules)[TOPIC_OF[topic]]
    return rule_fields.fields(keys, rules, visit.settings.shop.currency, visit.language)


def _more(visit: Visit) -> dict[str, Any]:
    """What was written as in the policy file, beside the inputs."""
    text = visit.form.value("more")
    if len(text) > service.LONGEST:
        visit.form.wrong("more", "Please keep this within {limit} characters", limit=service.LONGEST)
        return {}
    try:
        visit.house.book.file.changed(text)
        return tomllib.loads(text)
    except RulesError as error:
        visit.form.wrong("more", "These rules cannot be used: {why}", why=str(error))
        return {}


def _own_draft(visit: Visit, number: int) -> RuleVersion:
    found = visit.house.database.read(queries.version, number)
    if found.state != "draft" or found.drafted_by != visit.actor.id:
        raise NotFound("rule_version_not_found")
    return found


def _text_in_force(visit: Visit) -> str:
    number = visit.house.book.edition.number
    return visit.house.database.read(queries.version, number).text


def _seen(visit: Visit) -> int:
    seen = visit.form.value("seen")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else -1


def _view(tx: Transaction, visit: Visit, found: RuleVersion) -> VersionView:
    book, changes, unusable = visit.house.book, list[RuleRow](), ""
    try:
        before = book.numbered_anew(tx, found.based_on) if found.based_on else book.file
        table = rule_table(book.file.changed(found.text), visit.language, before=before)
        changes = [row for rows in table.values() for row in rows if row.shipped]
    except RulesError as error:
        unusable = str(error)
    return VersionView(
        found,
        visit.t(STATES[found.state]),
        _name(tx, visit, found.drafted_by),
        _name(tx, visit, found.decided_by or ""),
        changes,
        unusable,
    )


def _name(tx: Transaction, visit: Visit, agent_id: str) -> str:
    if agent_id == "system":
        return visit.t("The shop's file")
    found = team.find(tx, agent_id) if agent_id else None
    return found.name if found else agent_id
