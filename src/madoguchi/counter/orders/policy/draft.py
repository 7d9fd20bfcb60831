"""A decision in the making: reasons and rules in the order they were met, then identity and limits. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.orders import pricing, refund_clock
from madoguchi.counter.orders.model import (
    Decision,
    Effect,
    Line,
    Method,
    Order,
    Product,
    Reason,
    Seller,
    Wallet,
)
from madoguchi.counter.orders.rules import Answer, Rules

RUNGS = {"visitor": Rung.VISITOR, "order": Rung.ORDER, "signed_in": Rung.SIGNED_IN, "fresh": Rung.FRESH}
PAID_OUT_BY_HAND = frozenset({"convenience_store", "bank_transfer", "cash_on_delivery"})


@dataclass(frozen=True)
class Question:
    """Everything that a decision is made from."""

    order: Order
    rules: Rules
    actor: Actor
    now: datetime
    sellers: Mapping[str, Seller]
    products: Mapping[str, Product]
    wallet: Wallet | None = None

    @property
    def today(self) -> date:
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """The shop's calendar day of a moment."""
        return moment.astimezone(self.rules.zone).date()

    def sold_by_shop(self, line: Line) -> bool:
        seller = self.sellers.get(line.seller_id)
        return seller.is_shop if seller else line.seller_id == "shop"

    def marketplace_seller(self, line: Line) -> str:
        seller = self.sellers.get(line.seller_id)
        return seller.name if seller else line.seller_id


@dataclass
class Draft:
    """Collects what the rules say; `decision` closes it."""

    question: Question
    action: str
    refused: bool = False
    for_a_person: bool = False
    against: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    refund: int = 0
    charge: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)
    worth: int = 0  # what the limits are held against
    rung: Rung = Rung.SIGNED_IN
    needs_proof: bool = True  # of the customer's identity; not where the shop's own people decide

    def look(self, key: str) -> None:
        """A rule was looked at."""
        if key not in self.rules:
            self.rules.append(key)

    def note(self, code: str, rule: str = "", **params: Any) -> None:
        """A reason that speaks for the deed, or explains it; not told when the deed is refused."""
        self._add(self.notes, code, rule, params)

    def refuse(
        self, code: str, rule: str = "", *, instead: tuple[str, ...] = (), person: bool = False, **params: Any
    ) -> None:
        self.refused = True
        self.for_a_person = self.for_a_person or person
        self.alternatives += [name for name in instead if name not in self.alternatives]
        self._add(self.against, code, rule, params)

    def person_decides(self, code: str, rule: str = "", **params: Any) -> None:
        """Not for the assistant to decide: an agent may, everybody else is offered one."""
        if self.question.actor.is_staff:
            self.note(code, rule, **params)
        else:
            self.refuse(code, rule, person=True, **params)

    def answer(self, answer: Answer, no: str, person: str, rule: str, **params: Any) -> None:
        """What a yes | no | person rule says: nothing to say for yes."""
        self.look(rule)
        if answer == "no":
            self.refuse(no, rule, person=True, **params)
        elif answer == "person":
            self.person_decides(person, rule, **params)

    def effect(self, code: str, **params: Any) -> None:
        named = {"item": self._item(params["line_id"])} if "line_id" in params else {}
        self.effects.append(Effect(code=code, params={**self._readable(params), **named}))

    def needs_fresh(self, rule: str, rung: str) -> None:
        self.look(rule)
        self.rung = max(self.rung, RUNGS[rung])

    # ── money ─────────────────────────────────────────────────────────────────────────────────────

    def give_back(
        self,
        amount: int,
        *,
        to_gift_card: bool = False,
        to: Method | None = None,
        after_arrival: bool = False,
    ) -> None:
        """Refund `amount`, split over its tenders or to a named method, each with its clock (PAY-009 to PAY-012)."""
        if amount <= 0:
            return
        question = self.question
        if to is not None:
            self.refund += amount
            self._add_part(pricing.Part(None, to.tender, to.label, amount), after_arrival, to.id)
            return
        self.look("refund.split")
        split = question.rules.refund.split
        parts = pricing.split_refund(question.order, amount, split, to_gift_card=to_gift_card)
        self.refund += sum(part.amount for part in parts)
        for part in parts:
            self._add_part(part, after_arrival)

    def settle(
        self,
        worth: int,
        still_owed: int,
        *,
        to_gift_card: bool = False,
        to: Method | None = None,
        after_arrival: bool = False,
    ) -> None:
        """Give back of `worth` what was taken; what was only held is released, what is unpaid is not asked for."""
        order = self.question.order
        back = pricing.money_back(order, worth, max(0, still_owed))
        self.give_back(back, to_gift_card=to_gift_card, to=to, after_arrival=after_arrival)
        rest = worth - back
        held = min(rest, pricing.held(order))
        if held:
            self.effect("release_hold", amount=held)
        if rest > held and order.state == "awaiting_payment":
            self.effect("nothing_charged")
        elif rest > held and pricing.not_all_charged(order):
            self.effect("not_charged", amount=rest - held)

    def give_back_to(self, part: pricing.Part) -> None:
        """Refund to one payment, whatever the split says (a second charge goes back where it came from)."""
        self.refund += part.amount
        self._add_part(part, after_arrival=False)

    def _add_part(self, part: pricing.Part, after_arrival: bool, method_id: str = "") -> None:
        question = self.question
        self.look(f"refund.tenders.{part.tender}")
        clock = question.rules.refund.tenders[part.tender]
        by = refund_clock.expected(part.tender, question.now, question.rules)
        entry = {
            "payment_id": part.payment_id,
            "tender": part.tender,
            "label": part.label,
            "amount": part.amount,
            "days": [clock.low, clock.high],
            "business_days": clock.business_days,
            "by": "" if after_arrival else by.latest.isoformat(),
            "statement_by": by.statement_by.isoformat() if by.statement_by and not after_arrival else "",
        }
        if method_id:
            entry["method_id"] = method_id
        self.parts.append(entry)
        self.effect("refund_to", **entry)
        if part.tender in PAID_OUT_BY_HAND:
            self.effect("ask_payout_route", tender=part.tender)

    # ── the end ───────────────────────────────────────────────────────────────────────────────────

    def decision(self) -> Decision:
        """Hold the draft against the identity ladder and the limits."""
        self._check_identity()
        verdict = "refused" if self.refused else "needs_approval" if self._over_limit() else "allowed"
        return Decision.model_validate(
            {
                "verdict": verdict,
                "reasons": self.against if self.refused else self.notes,
                "rules": self.rules,
                "effects": [] if self.refused else self.effects,
                "refund": 0 if self.refused else self.refund,
                "charge": 0 if self.refused else self.charge,
                "refund_parts": [] if self.refused else self.parts,
                "rung": int(self.rung),
                "offers_person": self.for_a_person,
                "alternatives": self.alternatives,
            }
        )

    def _check_identity(self) -> None:
        rules, actor = self.question.rules, self.question.actor
        key = f"identity.actions.{self.action}"
        self.look(key)
        if not self.needs_proof:
            self.rung = Rung.VISITOR
            return
        self.rung = max(RUNGS[rules.identity.actions[self.action]], self.rung)  # type: ignore[index]
        if actor.kind != "system" and actor.rung < self.rung:
            # Who has not proved who they are learns that, and nothing about the order's policy.
            self.against.clear()
            self.alternatives.clear()
            self.refuse("identity", key, rung=int(self.rung), staff=actor.is_staff)

    def _over_limit(self) -> bool:
        rules, actor, currency = self.question.rules, self.question.actor, self.question.order.currency
        self.look("approval.actions")
        if self.action not in rules.approval.actions or actor.kind == "system" or actor.may("supervisor"):
            return False
        by_agent = actor.kind in ("agent", "integrator")
        key = "agent_limit" if by_agent else "assistant_limit"
        limits = rules.approval.agent_limit if by_agent else rules.approval.assistant_limit
        limit = limits.get(currency, 0)
        self.look(f"approval.{key}.{currency}")
        if self.worth <= limit:
            return False
        who = "supervisor" if by_agent else "agent"
        self.note("over_limit", f"approval.{key}.{currency}", amount=self.worth, limit=limit, who=who)
        return True

    def _add(self, reasons: list[Reason], code: str, rule: str, params: dict[str, Any]) -> None:
        if rule:
            self.look(rule)
        reason = Reason(code=code, rule=rule, params=self._readable(params))
        if reason not in reasons:
            reasons.append(reason)

    def _readable(self, params: dict[str, Any]) -> dict[str, Any]:
        """With what the words need beside: the currency of amounts, the names of lines."""
        order = self.question.order
        if {"amount", "limit", "price"} & params.keys():
            params = {**params, "currency": order.currency}
        if "lines" in params:
            named = [{**piece, "item": self._item(piece["line_id"])} for piece in params["lines"]]
            return {**params, "lines": named}
        if "line_id" in params and len(order.lines) > 1:
            return {**params, "item": self._item(params["line_id"])}
        return params

    def _item(self, line_id: str) -> dict[str, str]:
        line = self.question.order.line(line_id)
        return {language: line.label(language) for language in ("ja", "en", *line.name)} if line else {}
