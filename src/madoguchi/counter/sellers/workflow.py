"""The sellers' desk: who may do what with a thread, orders read fresh, the verbs in one transaction each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.contacts import attachments, events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.orders.actions import PayGuarantee
from madoguchi.counter.orders.model import Line, Order, Seller
from madoguchi.counter.orders.ports import ShopConnector
from madoguchi.counter.orders.rule_book.book import Book
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, Problem, SignInNeeded
from madoguchi.counter.sellers import evidence, paying, policy, queries, service
from madoguchi.counter.sellers.model import Record, Said, Thread, Why
from madoguchi.engine.database import Database, Transaction, outside
from madoguchi.engine.files import FileStore
from madoguchi.engine.sections import Limits


@dataclass(frozen=True)
class SellersView:
    """What a seller sees of an order: their own lines and what was said, and nothing of who or where the buyer is."""

    thread: Thread
    lines: list[Line]
    placed_at: datetime
    said: list[Said]
    files: dict[str, Any]  # rows of their evidence, by id


class SellerDesk:
    """Threads between buyers and sellers, for assistant, pages and API alike."""

    def __init__(
        self,
        database: Database,
        shop: ShopConnector,
        orders: OrderDesk,
        book: Book,
        files: FileStore,
        limits: Limits,
    ) -> None:
        self._database = database
        self._shop = shop
        self._orders = orders
        self.book = book
        self._files = files
        self._limits = limits

    @property
    def rules(self) -> Rules:
        """Those in force (orders.rule_book)."""
        return self.book.rules

    # ── the buyer ─────────────────────────────────────────────────────────────────────────────────

    def sellers_of(self, order: Order) -> list[Seller]:
        """The marketplace sellers of an order, in the order of its lines."""
        outside()
        ids = dict.fromkeys(line.seller_id for line in order.lines)
        found = [self._shop.seller(seller_id) for seller_id in ids]
        return [seller for seller in found if seller is not None and not seller.is_shop]

    def thread(self, actor: Actor, order_number: str, seller_id: str) -> Thread | None:
        self._orders.order(actor, order_number)
        return self._database.read(queries.find, order_number, seller_id)

    def threads(self, actor: Actor, order_number: str) -> list[Thread]:
        self._orders.order(actor, order_number)
        found = self._database.read(queries.of_order, order_number)
        if actor.kind in ("customer", "assistant"):
            return [each for each in found if each.customer_id == actor.customer_id]
        return found

    def said(self, actor: Actor, thread_id: str) -> list[Said]:
        """What was said, for the buyer and for staff; evidence is for the shop alone."""
        thread = self._visible(actor, thread_id)
        found = self._database.read(queries.said, thread)
        return [one for one in found if actor.is_staff or one.fact in events.PUBLIC]

    def record(self, seller_id: str) -> Record:
        return self._database.read(queries.record_of, seller_id)

    def ask(
        self, actor: Actor, order_number: str, seller_id: str, text: str, *, contact_id: str, key: str
    ) -> Thread:
        """Write to the seller. Raises NotFound, SignInNeeded, Invalid."""
        order = self._orders.order(actor, order_number)
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        customer_id, rules = actor.customer_id, self.rules

        def write(tx: Transaction) -> Thread:
            contact_queries.visible(tx, actor, contact_id)
            return service.ask(
                tx,
                order,
                seller_id,
                contact_id=contact_id,
                customer_id=customer_id,
                text=text,
                key=key,
                rules=rules,
                actor=actor,
            )

        return self._database.write(write)

    def escalate(self, actor: Actor, thread_id: str, contact_id: str = "") -> Thread:
        """The buyer asks the shop to step in. Raises Conflict("seller_has_time") while the clock runs."""
        thread = self._visible(actor, thread_id)
        if thread.state == "escalated":
            return thread
        if not service.may_escalate(thread, self._database.clock()):
            raise Conflict("seller_has_time")
        why: Why = "silent" if thread.state == "waiting" else "unsolved"
        return self._database.write(service.escalate, thread_id, why, actor, contact_id)

    def claim(
        self,
        actor: Actor,
        order_number: str,
        seller_id: str,
        amount: int,
        reason: str,
        *,
        contact_id: str,
    ) -> Thread:
        """Ask for the guarantee. Raises Conflict("claim_open"), Invalid("not_covered")."""
        order = self._orders.order(actor, order_number)
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        customer_id, rules = actor.customer_id, self.rules

        def write(tx: Transaction) -> Thread:
            contact_queries.visible(tx, actor, contact_id)
            return service.claim(
                tx,
                order,
                seller_id,
                amount,
                reason,
                contact_id=contact_id,
                customer_id=customer_id,
                rules=rules,
                actor=actor,
            )

        return self._database.write(write)

    def cover(self, actor: Actor, order_number: str, seller_id: str) -> policy.Cover:
        order = self._orders.order(actor, order_number)
        return policy.cover(order, seller_id, self.rules, self._database.clock())

    # ── the seller ────────────────────────────────────────────────────────────────────────────────

    def inbox(self, actor: Actor) -> list[Thread]:
        """Raises NotAllowed for anybody but a seller."""
        return self._database.read(queries.of_seller, _seller(actor))

    def sellers_view(self, actor: Actor, thread_id: str) -> SellersView:
        """Raises NotFound for another seller's thread as for one that is not there."""
        thread = self._sellers(actor, thread_id)
        outside()
        order = self._shop.order(thread.order_number)
        lines = [line for line in order.lines if line.seller_id == thread.seller_id] if order else []
        said = self._database.read(queries.said, thread)
        files = self._database.read(
            contact_queries.attachments, [item for one in said for item in one.attachments]
        )
        return SellersView(thread, lines, order.placed_at if order else thread.created_at, said, files)

    def answer(self, actor: Actor, thread_id: str, kind: str, text: str, key: str, wish: str = "") -> Thread:
        """`kind`: reply, accept (with a wish: return or refund) or object."""
        self._sellers(actor, thread_id)
        if kind == "reply":
            return self._database.write(service.answer, thread_id, actor, text, key)
        if kind == "object":
            return self._database.write(service.object_to, thread_id, actor, text, key)
        if kind == "accept":
            return self._database.write(service.accept, thread_id, actor, wish, text, key)
        raise Invalid("unknown_answer", field="kind")

    def show(
        self, actor: Actor, thread_id: str, name: str, content: bytes, *, text: str = "", key: str
    ) -> Thread:
        """A picture or PDF for the shop; the same key shows it once. Raises Invalid as a customer's attachment does."""
        thread = self._sellers(actor, thread_id)
        words = service.checked(text) if text.strip() else ""
        if self._database.read(evidence.is_shown, thread_id, actor, key):
            return thread
        kept = attachments.clean(content, self._limits.attachment_mb * 1_048_576)
        stored = self._files.put(kept.content)
        try:
            self._database.write(
                evidence.show,
                thread_id,
                actor,
                kept,
                name=name,
                text=words,
                storage_key=stored,
                key=key,
                max_in_contact=self._limits.attachments_per_contact,
            )
        except Problem:
            self._files.delete(stored)
            raise
        return thread

    def shown(self, actor: Actor, thread_id: str, attachment_id: str) -> tuple[Any, bytes]:
        """The seller's own file: its row and its bytes. Raises NotFound."""
        self._sellers(actor, thread_id)
        row = self._database.read(evidence.shown, thread_id, attachment_id)
        return row, self._files.get(row.storage_key)

    # ── staff ─────────────────────────────────────────────────────────────────────────────────────

    def decide(self, actor: Actor, thread_id: str, granted: int, text: str) -> Thread:
        """An agent's or supervisor's word on a claim."""
        if not actor.is_staff:
            raise NotAllowed("staff_only")
        thread = self._database.read(queries.get, thread_id)
        order = self._orders.order(actor, thread.order_number)
        return self._database.write(service.decide, thread_id, granted, text, order, self.rules, actor)

    # ── the house itself ──────────────────────────────────────────────────────────────────────────

    def pay(self, thread_id: str) -> Thread:
        """Pay what was granted, as every change of an order is made: proposed, then confirmed, once.

        Raises Conflict while the order is busy, has just changed, or the shop's answer is awaited: try again.
        """
        thread = self._database.read(queries.get, thread_id)
        if thread.claim is None or not paying.is_due(thread):
            return thread
        payer = replace(SYSTEM, customer_id=thread.customer_id)
        proposal_id = thread.claim.get("proposal") or self._bind(payer, thread, thread.claim)
        try:
            ended = self._orders.confirm(payer, proposal_id, f"guarantee/{proposal_id}")
        except Conflict as conflict:
            if conflict.code in ("proposal_outdated", "rules_changed", "proposal_not_open"):
                return self._unbind(payer, thread, proposal_id)
            raise
        if ended.state == "done":
            return self._database.write(paying.paid, thread_id)
        if ended.state == "failed":
            return self._database.write(paying.unpaid, thread_id, (ended.receipt or {}).get("reasons", []))
        raise Conflict("order_busy", order=thread.order_number)

    def _bind(self, payer: Actor, thread: Thread, claim: dict[str, Any]) -> str:
        wish = PayGuarantee(seller_id=thread.seller_id, amount=claim["granted"])
        made = self._orders.propose(payer, thread.order_number, wish, contact_id=thread.contact_id)
        return self._database.write(paying.pay_by, thread.id, made.id)

    def _unbind(self, payer: Actor, thread: Thread, proposal_id: str) -> Thread:
        """A refused proposal is an answer; one that the order has overtaken makes room for another."""
        ended = self._orders.proposal(payer, proposal_id)
        if ended.state == "refused":
            reasons = [reason.model_dump(mode="json") for reason in ended.decision.reasons]
            return self._database.write(paying.unpaid, thread.id, reasons)
        self._database.write(paying.let_go, thread.id, proposal_id)
        raise Conflict("proposal_outdated", proposal=proposal_id)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _visible(self, actor: Actor, thread_id: str) -> Thread:
        thread = self._database.read(queries.get, thread_id)
        if actor.kind == "seller":
            raise NotFound("thread_not_found")
        if actor.kind in ("customer", "assistant") and (
            actor.customer_id != thread.customer_id or actor.rung < Rung.SIGNED_IN
        ):
            raise NotFound("thread_not_found")
        return thread

    def _sellers(self, actor: Actor, thread_id: str) -> Thread:
        seller_id = _seller(actor)
        thread = self._database.read(queries.get, thread_id)
        if thread.seller_id != seller_id:
            raise NotFound("thread_not_found")
        return thread


def _seller(actor: Actor) -> str:
    if actor.kind != "seller" or not actor.seller_id:
        raise NotAllowed("sellers_only")
    return actor.seller_id
