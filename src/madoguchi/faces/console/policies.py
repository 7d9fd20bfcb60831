"""The shop's rules as a table, and a box that asks them: 「この注文なら？」. Asking does nothing to the order (ux S2).

What is to be seen are the rules that decide in this house now; they are changed in `rule_versions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated, TypeVar, get_args

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import OFFERED_NAMES, Action
from madoguchi.counter.orders.model import Condition, Decision, Order, Product, ReturnReason, Seller
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.counter.orders.rule_book import queries
from madoguchi.counter.orders.rule_wording import RuleRow, looked_at, rule_table
from madoguchi.counter.orders.rules import Rules, RulesError
from madoguchi.counter.orders.supposing import ASKERS, NoSuchDeed, Wish, asker_of, deed_of
from madoguchi.counter.orders.wording import action_label, effect_text, reason_text, return_reason_label
from madoguchi.counter.problems import NotFound
from madoguchi.counter.team.policy import may
from madoguchi.faces.console.doors import door
from madoguchi.faces.console.rule_versions import TOPIC_OF, tried
from madoguchi.faces.customer.visit import Visit
from madoguchi.kit.languages import NAMES

HOME = "/console/policies"
router = APIRouter(prefix=HOME)
Reading = Annotated[Visit, Depends(door("figures.read", HOME))]
LONGEST = 1500  # characters of changes to try
Name = TypeVar("Name", bound=str)

VERDICTS = {
    "allowed": "Allowed",
    "needs_approval": "Allowed after a person has approved it",
    "refused": "Not allowed by the rules",
}
PROOFS = {
    "fresh": "Signed in and checked again just now",
    "signed_in": "Signed in",
    "order": "Order number and mailed code",
    "visitor": "No proof",
}
WHO = {
    "customer": "The customer",
    "assistant": "The AI assistant",
    "agent": "An agent",
    "supervisor": "A supervisor",
}
CONDITIONS = {
    "unopened": "Not opened",
    "opened_unused": "Opened, not used",
    "used": "Used",
    "defective": "Defective",
}


@dataclass(frozen=True)
class Asked:
    """What a decision is made from."""

    deed: Action
    order: Order
    sellers: dict[str, Seller]
    products: dict[str, Product]


@dataclass(frozen=True)
class Answer:
    """What the policy says, in words. `why`: a reason and the rule it comes from, None where it comes from none."""

    verdict: str
    verdict_text: str
    order_number: str
    action_text: str
    why: list[tuple[str, RuleRow | None]]
    effects: list[str]
    alternatives: list[str]
    looked_at: list[RuleRow]
    language: str  # of what the customer would read
    to_customer: list[str]


@router.get("")
def page(visit: Reading) -> Response:
    asked = visit.request.query_params
    visit.form.start_with(**dict(asked))
    may_ask = may(visit.actor, "orders.read")
    tried = _tried(visit) if may_ask else None
    answers = _answers(visit, tried) if may_ask and "number" in asked else []
    language, t = visit.language, visit.t
    return visit.page(
        "console/policies.html",
        422 if visit.form.errors else 200,
        topics=rule_table(visit.house.orders.rules, language),
        file=visit.settings.data.policy,
        edition=visit.house.book.edition.number,
        waiting=len(visit.house.database.read(queries.drafts)),
        may_change=may(visit.actor, "rules.change"),
        addresses={visit.t(topic): address for address, topic in TOPIC_OF.items()},
        may_ask=may_ask,
        answer=answers[0] if answers else None,
        tried_answer=answers[1] if len(answers) > 1 else None,
        changes=_changes(visit, tried) if tried else None,
        longest=LONGEST,
        actions=[(name, action_label(name, language)) for name in OFFERED_NAMES],
        reasons=[(name, return_reason_label(name, language)) for name in get_args(ReturnReason)],
        conditions=[(name, t(CONDITIONS[name])) for name in get_args(Condition)],
        askers=[(name, t(WHO[name])) for name in ASKERS],
        languages=[(each, NAMES[each]) for each in visit.settings.shop.languages],
        proofs=[(name, t(words)) for name, words in PROOFS.items()],
    )


def _tried(visit: Visit) -> Rules | None:
    """The rules with the changes that were entered; None without any, or where they cannot be used."""
    draft = visit.form.value("draft")
    if draft.isdecimal() and len(draft) < 9:
        return _of_version(visit, int(draft))
    text = visit.form.value("changes").strip()
    if not text:
        return None
    if len(text) > LONGEST:
        visit.form.wrong("changes", "Please keep this within {limit} characters", limit=LONGEST)
        return None
    try:
        return visit.house.orders.rules.changed(text)
    except RulesError as error:
        visit.form.wrong("changes", "These rules cannot be used: {why}", why=str(error))
        return None


def _of_version(visit: Visit, number: int) -> Rules | None:
    try:
        return tried(visit, number)
    except RulesError as error:
        visit.form.wrong("changes", "These rules cannot be used: {why}", why=str(error))
        return None


def _changes(visit: Visit, tried: Rules) -> list[RuleRow]:
    table = rule_table(tried, visit.language, before=visit.house.orders.rules)
    return [row for rows in table.values() for row in rows if row.shipped]


def _answers(visit: Visit, tried: Rules | None) -> list[Answer]:
    """What the rules say, then what the changed ones would. Empty: something that was entered cannot be used."""
    form, rules = visit.form, visit.house.orders.rules
    number, name = form.value("number").strip(), form.value("action")
    at = _moment(visit)
    if not number:
        form.wrong("number", "Enter the order number")
    if name not in OFFERED_NAMES:
        form.wrong("action", "Choose what is to be done")
    if form.errors or at is None:
        return []
    asked = _asked(visit, number, name)
    if asked is None:
        return []
    actor = asker_of(_one_of(visit, "who", ASKERS), _one_of(visit, "proof", PROOFS))
    found = []
    for each in [rules, tried] if tried else [rules]:
        decision = policy.decide(
            asked.deed, asked.order, each, actor, now=at, sellers=asked.sellers, products=asked.products
        )
        rows = [looked_at(key, each, asked.sellers, visit.language) for key in decision.rules]
        found.append(_in_words(visit, asked.order, name, decision, rows))
    return found


def _asked(visit: Visit, number: str, name: str) -> Asked | None:
    """The deed and everything around it, as the order desk sees it; None: the form says why not."""
    form, desk = visit.form, visit.house.orders
    try:
        order = desk.order(visit.actor, number)
        sellers, products = desk.sellers(visit.actor, number), desk.products(visit.actor, number)
        return Asked(deed_of(name, order, _wish(visit)), order, sellers, products)
    except NotFound:
        form.wrong("number", "There is no order with this number")
    except ShopUnreachable:
        form.wrong("number", "The shop does not answer at the moment. Please try again later.")
    except NoSuchDeed:
        form.wrong("action", "This order has nothing that this could be done to")
    return None


def _in_words(visit: Visit, order: Order, name: str, decision: Decision, rows: list[RuleRow]) -> Answer:
    language = visit.language
    by_key = {row.key: row for row in rows}
    offered = visit.settings.shop.languages
    theirs = visit.form.value("language")
    theirs = theirs if theirs in offered else language
    effects = [effect_text(effect, theirs) for effect in decision.effects]
    return Answer(
        verdict=decision.verdict,
        verdict_text=visit.t(VERDICTS[decision.verdict]),
        order_number=order.number,
        action_text=action_label(name, language),
        why=[(reason_text(reason, language), by_key.get(reason.rule)) for reason in decision.reasons],
        effects=[effect_text(effect, language) for effect in decision.effects],
        alternatives=[action_label(each, language) for each in decision.alternatives],
        looked_at=rows,
        language=theirs,
        to_customer=[reason_text(reason, theirs) for reason in decision.reasons] + effects,
    )


def _wish(visit: Visit) -> Wish:
    form = visit.form
    reasons, conditions = get_args(ReturnReason), get_args(Condition)
    return Wish(
        reason=form.value("reason") if form.value("reason") in reasons else "no_longer_wanted",
        condition=form.value("condition") if form.value("condition") in conditions else "unopened",
    )


def _one_of(visit: Visit, field: str, known: Iterable[Name]) -> Name:
    """What was chosen; else the first of the known ones."""
    names = list(known)
    return next((name for name in names if name == visit.form.value(field)), names[0])


def _moment(visit: Visit) -> datetime | None:
    """Noon of the day that was entered, on the policy's clock; now without one. None: it is no day."""
    text = visit.form.value("on").strip()
    if not text:
        return visit.clock()
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        visit.form.wrong("on", "Write the day like 2027-03-31")
        return None
    return datetime.combine(day, time(12), visit.house.orders.rules.zone).astimezone(UTC)
