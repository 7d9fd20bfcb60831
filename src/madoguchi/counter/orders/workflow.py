"""The order desk: every way to look at an order or to change it. Customer pages, assistant, agents and the API use it.

Its methods are synchronous, run in worker threads, and are never called inside a transaction, because they speak to
the shop. A change is proposed, then confirmed: reserve in a transaction, tell the shop with the proposal's id as
idempotency key, write down the end. An answer that got lost is asked for, never tried again (I5, I7, I8).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import structlog

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.orders import policy, pricing, queries, refund_times, service
from madoguchi.counter.orders.actions import ACTION, Action
from madoguchi.counter.orders.model import Decision, Order, Product, Proposal, Reason, Seller, Wallet
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.ports import (
    CustomerOfOrder,
    ProposalJournal,
    ShopConnector,
    ShopRefused,
    ShopUnreachable,
)
from madoguchi.counter.orders.product_codes import codes_in
from madoguchi.counter.orders.queries import RefundStatus
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.counter.orders.refund_times import RefundTimes
from madoguchi.counter.orders.rule_book.book import Book, Edition
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.problems import Conflict, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine.database import Database, outside
from madoguchi.engine.failpoints import failpoint

log = structlog.get_logger()

# Longer than any connector waits for its shop: a deed as old as this has nobody working on it.
UNRESOLVED_AFTER = timedelta(seconds=60)
_OTHERS_TURN_S = 5.0
_LOOK_AGAIN_S = 0.02
_RULES_TRIES = 5  # so often the rules may change while one confirmation is decided


class OrderDesk:
    """`journal` is told of every step inside its transaction; `issuer` stands on receipts."""

    def __init__(
        self,
        database: Database,
        shop: ShopConnector,
        book: Book,
        customers: CustomerOfOrder,
        journal: ProposalJournal | None = None,
        issuer: Issuer | None = None,
    ) -> None:
        self._database = database
        self._shop = shop
        self._customers = customers
        self._journal = journal
        self._issuer = issuer or Issuer(name="")
        self.book = book

    @property
    def rules(self) -> Rules:
        """Those in force: the same ones for the length of a request, a turn or a round."""
        return self.book.rules

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def orders(self, actor: Actor, *, limit: int = 50) -> list[Order]:
        """The customer's orders, newest first; by order number and code the ones proved."""
        outside()
        if actor.rung >= Rung.SIGNED_IN and actor.customer_id:
            ref = self._customers.customer_ref(actor.customer_id)
            return self._shop.orders_of(ref, limit=limit) if ref else []
        if actor.rung < RUNGS[self.rules.identity.show]:
            return []
        found = [self._shop.order(number) for number in sorted(actor.order_numbers)]
        return sorted(
            (order for order in found if order is not None), key=lambda order: order.placed_at, reverse=True
        )[:limit]

    def order(self, actor: Actor, number: str) -> Order:
        """Raises NotFound, with one answer for an order that is not there and one that is not theirs."""
        outside()
        order = self._shop.order(number)
        if order is None or not self._may_see(actor, order):
            raise NotFound("order_not_found")
        return order

    def search(self, actor: Actor, text: str) -> list[Order]:
        """By order or tracking number. Raises NotAllowed for anybody but staff."""
        if not actor.is_staff:
            raise NotAllowed("staff_only")
        outside()
        return self._shop.search(text.strip()) if text.strip() else []

    def possible(self, actor: Actor, number: str) -> dict[str, Decision]:
        """What could be done with the order now, by action; refused ones carry the reason."""
        order = self.order(actor, number)
        sellers, products = self._surroundings([order])
        return policy.possible(
            order,
            self.rules,
            self._bound(actor, order),
            now=self._database.clock(),
            sellers=sellers,
            products=products,
        )

    def possible_by_line(self, actor: Actor, number: str) -> dict[str, dict[str, Decision]]:
        """Per line: cancel, return, exchange of one piece (RET-008)."""
        order = self.order(actor, number)
        sellers, products = self._surroundings([order])
        return policy.possible_by_line(
            order,
            self.rules,
            self._bound(actor, order),
            now=self._database.clock(),
            sellers=sellers,
            products=products,
        )

    def products(self, actor: Actor, number: str) -> dict[str, Product]:
        """The products of an order's lines with their variants and stock: what it may be exchanged for."""
        return self._surroundings([self.order(actor, number)])[1]

    def product(self, product_id: str) -> Product | None:
        outside()
        return self._shop.product(product_id)

    def product_named(self, words: str) -> Product | None:
        """The product whose code or model stands in somebody's words; catalogues are no secret (PRM-011)."""
        outside()
        found = (self._shop.product_coded(code) for code in codes_in(words))
        return next((product for product in found if product is not None), None)

    def sellers(self, actor: Actor, number: str) -> dict[str, Seller]:
        return self._surroundings([self.order(actor, number)])[0]

    def wallet(self, actor: Actor) -> Wallet | None:
        """The customer's ways of paying with their balances; None where the shop tells nothing of them.

        Raises SignInNeeded for somebody who has not signed in (PAY-017).
        """
        outside()
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        ref = self._customers.customer_ref(actor.customer_id)
        return self._shop.wallet(ref) if ref else None

    def refund_status(self, actor: Actor, number: str) -> list[RefundStatus]:
        """Each refund with its stage and its clock (PAY-002, PAY-005)."""
        order = self.order(actor, number)
        self._need(actor, order, RUNGS[self.rules.identity.refund_status])
        sellers, _ = self._surroundings([order])
        marketplace = any(
            not (sellers[line.seller_id].is_shop if line.seller_id in sellers else line.seller_id == "shop")
            for line in order.lines
        )
        return queries.refund_statuses(order, self.rules, self._database.clock(), marketplace)

    def refund_times(self, days: int) -> list[RefundTimes]:
        """How long the returns of the last days took to be refunded (RET-020); orders are read fresh."""
        since = self._database.clock() - timedelta(days=days)
        numbers = self._database.read(queries.orders_returned, since)
        outside()
        found = [order for number in numbers if (order := self._shop.order(number)) is not None]
        return refund_times.refund_times(found, since)

    def receipt(self, actor: Actor, number: str, addressee: str | None = None) -> bytes:
        """The receipt (領収書) as PDF; every one after the first is marked 再発行 (PAY-014).

        Raises Conflict("not_paid_yet") before money was taken, SignInNeeded.
        """
        from madoguchi.counter.orders import receipt_pdf  # here: the PDF library is slow to load

        order = self.order(actor, number)
        self._need(actor, order, RUNGS[self.rules.identity.receipt])
        if order.captured - order.refunded <= 0:
            raise Conflict("not_paid_yet")
        first = self._database.write(service.note_receipt, number, actor)
        return receipt_pdf.render(
            order,
            self.rules,
            self._issuer,
            now=self._database.clock(),
            addressee=addressee,
            reissue=not first or order.receipt_issued_at is not None,
        )

    def return_label(self, actor: Actor, number: str, return_id: str) -> bytes:
        """The label of an accepted return as PDF, the same however often it is asked for (RET-011).

        Raises SignInNeeded, Conflict("no_label") where there is no such return, it has none, or has arrived.
        """
        from madoguchi.counter.orders import return_label

        order = self.order(actor, number)
        self._need(actor, order, RUNGS[self.rules.identity.receipt])
        record = next((record for record in order.returns if record.id == return_id), None)
        if record is None or record.state not in pricing.HAS_LABEL:
            raise Conflict("no_label")
        return return_label.render(order, record, self._issuer)

    # ── proposing ─────────────────────────────────────────────────────────────────────────────────

    def propose(
        self, actor: Actor, number: str, action: Action, *, contact_id: str | None = None
    ) -> Proposal:
        """Ask the policy and keep its answer; a refusal is kept too, with state `refused`. Raises NotFound."""
        order = self.order(actor, number)
        edition = self.book.edition
        decision = self._decide(self._bound(actor, order), order, action, edition.rules)
        return self._database.write(
            service.store,
            actor,
            order,
            action,
            decision,
            contact_id=contact_id,
            minutes=edition.rules.general.proposal_minutes,
            rules_version=edition.number,
            journal=self._journal,
        )

    def proposal(self, actor: Actor, proposal_id: str) -> Proposal:
        """Raises NotFound, also when it is about somebody else's order."""
        found = self._database.read(queries.proposal, proposal_id)
        if not self._may_see_proposal(actor, found):
            raise NotFound("proposal_not_found")
        return found

    def proposals(self, actor: Actor, number: str) -> list[Proposal]:
        """Every proposal on an order, newest first."""
        self.order(actor, number)
        return self._database.read(queries.proposals_of_order, number)

    def awaiting_approval(self, actor: Actor) -> list[Proposal]:
        """What waits for this member of staff or a supervisor. Raises NotAllowed for anybody else."""
        if not actor.is_staff:
            raise NotAllowed("staff_only")
        waiting = self._database.read(queries.awaiting_approval)
        return [proposal for proposal in waiting if self._may_approve(actor, proposal, self.rules)]

    # ── confirming ────────────────────────────────────────────────────────────────────────────────

    def confirm(self, actor: Actor, proposal_id: str, key: str) -> Proposal:
        """Carry it out, once. A second confirm, with any key, returns what the first brought.

        Raises NotFound, SignInNeeded (the rung has been lost since), Conflict: `proposal_outdated` (order or time
        moved on: propose again), `rules_changed` (the rules in force bring something else, see `verdict` and `reasons`:
        propose again), `order_busy` (another deed on the order is under way: try again), `proposal_not_open` (refused or withdrawn), `key_reused`.
        """
        found = self.proposal(actor, proposal_id)
        if found.state in ("done", "failed"):
            return found
        return self._carry_out(actor, found, key, approving=False)

    def approve(self, actor: Actor, proposal_id: str) -> Proposal:
        """An agent or supervisor lets a proposal go ahead. Raises NotAllowed where the amount is above their limit."""
        found = self.proposal(actor, proposal_id)
        if found.state == "offered":
            raise Conflict("proposal_not_confirmed")
        return self._carry_out(actor, found, found.confirm_key or found.id, approving=True)

    def withdraw(self, actor: Actor, proposal_id: str) -> Proposal:
        """Nobody wants it any more; by staff on a waiting proposal: it is not approved."""
        self.proposal(actor, proposal_id)
        return self._database.write(service.withdraw, proposal_id, actor, self._journal)

    def resolve_unknown(self, older_than: timedelta = UNRESOLVED_AFTER) -> int:
        """Ask the shop what became of deeds without an end; returns how many have one now. Run by a timer."""
        before = self._database.clock() - older_than
        resolved = 0
        for proposal in self._database.read(queries.unresolved, before):
            try:
                outcome = self._shop.outcome(proposal.id)
            except ShopUnreachable:
                log.warning("orders.still_unknown", proposal=proposal.id)
                continue
            failpoint("orders.resolve.asked")
            if outcome is not None:
                self._database.write(service.finish_done, proposal.id, outcome, self._journal)
            else:
                self._fail(proposal, [Reason(code="not_carried_out")])
            resolved += 1
        return resolved

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _carry_out(self, actor: Actor, found: Proposal, key: str, *, approving: bool) -> Proposal:
        """Decide anew under the rules in force and reserve while they are; once more where they change in between."""
        for _ in range(_RULES_TRIES):
            edition = self.book.reopen()
            if approving and not self._may_approve(actor, found, edition.rules):
                raise NotAllowed("approval_needs_supervisor")
            order = self._shop.order(found.order_number)
            if order is None:
                raise NotFound("order_not_found")
            if not approving:
                self._need(actor, order, Rung(found.decision.rung))
            action = ACTION.validate_python(found.request)
            who = self._authority(actor, found, order, approving, edition)
            decision = self._decide(who, order, action, edition.rules)
            reservation = self._reserve(actor, found, key, order, decision, edition, approving)
            if reservation.outcome == "reserved":
                return self._perform(reservation.proposal, order, action)
            if reservation.outcome != "other_rules":
                return self._not_reserved(reservation, decision)
        raise Conflict("rules_changed", proposal=found.id)

    def _reserve(
        self,
        actor: Actor,
        found: Proposal,
        key: str,
        order: Order,
        decision: Decision,
        edition: Edition,
        approving: bool,
    ) -> service.Reservation:
        return self._database.write(
            service.reserve,
            found.id,
            actor,
            key,
            order_version=order.version,
            fresh_digest=service.digest(found.actor_kind, found.actor_id, order, found.request, decision),
            rules_version=edition.number,
            book=self.book,
            approving=approving,
            approval_hours=edition.rules.approval.valid_hours,
            journal=self._journal,
        )

    def _not_reserved(self, reservation: service.Reservation, now: Decision) -> Proposal:
        proposal = reservation.proposal
        if reservation.outcome == "already":
            return self._wait_for_end(proposal)
        if reservation.outcome == "awaiting":
            return proposal
        if reservation.outcome == "busy":
            raise Conflict("order_busy", order=proposal.order_number)
        if reservation.outcome == "key_reused":
            raise Conflict("key_reused")
        if reservation.outcome == "rules_changed":
            reasons = [reason.code for reason in now.reasons]
            raise Conflict("rules_changed", proposal=proposal.id, verdict=now.verdict, reasons=reasons)
        if reservation.outcome == "outdated" or proposal.state == "expired":
            raise Conflict("proposal_outdated", proposal=proposal.id)
        raise Conflict("proposal_not_open", state=proposal.state)

    def _perform(self, proposal: Proposal, order: Order, action: Action) -> Proposal:
        failpoint("orders.confirm.reserved")
        try:
            done = self._shop.perform(order, action, proposal.decision, key=proposal.id)
        except ShopRefused as refusal:
            return self._fail(proposal, [Reason(code=refusal.code, params=refusal.params)])
        except ShopUnreachable:
            log.warning("orders.unknown", proposal=proposal.id)
            return self._database.write(service.finish_unknown, proposal.id)
        failpoint("orders.confirm.performed")
        return self._database.write(service.finish_done, proposal.id, done, self._journal)

    def _fail(self, proposal: Proposal, reasons: list[Reason]) -> Proposal:
        return self._database.write(service.finish_failed, proposal.id, reasons, self._journal)

    def _wait_for_end(self, proposal: Proposal) -> Proposal:
        """Another confirm is at it: give it a moment, so that both callers can be told the same."""
        deadline = time.monotonic() + _OTHERS_TURN_S
        while proposal.state == "executing" and time.monotonic() < deadline:
            time.sleep(_LOOK_AGAIN_S)
            proposal = self._database.read(queries.proposal, proposal.id)
        return proposal

    def _decide(self, actor: Actor, order: Order, action: Action, rules: Rules) -> Decision:
        sellers, products = self._surroundings([order])
        return policy.decide(
            action,
            order,
            rules,
            actor,
            now=self._database.clock(),
            sellers=sellers,
            products=products,
            wallet=self._shop.wallet(order.customer_ref) if getattr(action, "method_id", "") else None,
        )

    def _surroundings(self, orders: Iterable[Order]) -> tuple[dict[str, Seller], dict[str, Product]]:
        lines = [line for order in orders for line in order.lines]
        sellers = {name: self._shop.seller(name) for name in {line.seller_id for line in lines}}
        products = {name: self._shop.product(name) for name in {line.product_id for line in lines}}
        return (
            {name: seller for name, seller in sellers.items() if seller is not None},
            {name: product for name, product in products.items() if product is not None},
        )

    # ── who ───────────────────────────────────────────────────────────────────────────────────────

    def _bound(self, actor: Actor, order: Order) -> Actor:
        """The actor with the rung that their customer has proved for this very order."""
        return replace(actor, rung=self._rung(actor, order))

    def _rung(self, actor: Actor, order: Order) -> Rung:
        if actor.kind == "system":
            return Rung.FRESH
        if actor.kind == "integrator" and actor.customer_id is None:
            return actor.rung
        theirs = actor.customer_id is not None and actor.rung >= Rung.SIGNED_IN
        if theirs and self._customers.customer_ref(actor.customer_id or "") == order.customer_ref:
            return actor.rung
        if order.number in actor.order_numbers:
            return min(actor.rung, Rung.ORDER)
        return Rung.VISITOR

    def _may_see(self, actor: Actor, order: Order) -> bool:
        if actor.kind in ("agent", "integrator", "system"):
            return True
        return self._rung(actor, order) >= RUNGS[self.rules.identity.show]

    def _may_see_proposal(self, actor: Actor, proposal: Proposal) -> bool:
        if actor.kind in ("agent", "integrator", "system"):
            return True
        if actor.customer_id is not None and actor.customer_id == proposal.customer_id:
            return actor.rung >= Rung.SIGNED_IN
        order = self._shop.order(proposal.order_number)
        return order is not None and self._may_see(actor, order)

    def _need(self, actor: Actor, order: Order, rung: Rung) -> None:
        if self._rung(actor, order) < rung:
            raise SignInNeeded(rung=int(rung))

    def _may_approve(self, actor: Actor, proposal: Proposal, rules: Rules) -> bool:
        if actor.may("supervisor"):
            return True
        by_agent = proposal.actor_kind in ("agent", "integrator")
        limit = next(
            (r.params.get("amount", 0) for r in proposal.decision.reasons if r.code == "over_limit"), 0
        )
        order = None if by_agent or not actor.may("agent") else self._shop.order(proposal.order_number)
        if order is None:
            return False
        return int(limit) <= rules.approval.agent_limit.get(order.currency, 0)

    def _authority(
        self, actor: Actor, found: Proposal, order: Order, approving: bool, edition: Edition
    ) -> Actor:
        """Who decides again at the confirmation: the one who proposed, with the identity that is proved now.

        The limits were held against the proposer's role when it was stored, and the digest binds the amounts. Under
        other rules they are held against an agent's limits anew: what a supervisor had allowed is then proposed again.
        """
        if not approving and (found.actor_kind, found.actor_id) == (actor.kind, actor.id):
            return self._bound(actor, order)
        same_limits = found.rules_version == edition.number
        within_limit = same_limits and found.actor_kind == "agent" and found.decision.verdict == "allowed"
        rung = (
            Rung(max(found.decision.rung, self._rung(actor, order)))
            if approving
            else self._rung(actor, order)
        )
        return Actor(
            kind=found.actor_kind,  # type: ignore[arg-type]
            id=found.actor_id,
            customer_id=found.customer_id,
            rung=rung,
            roles=frozenset({"agent", "supervisor"}) if within_limit else frozenset({"agent"}),
        )


def owed(order: Order) -> int:
    """What is still to be paid for what the customer keeps, in minor units."""
    if order.state == "cancelled":
        return 0
    return max(0, pricing.kept_value(order) + order.shipping_fee - pricing.taken(order))
