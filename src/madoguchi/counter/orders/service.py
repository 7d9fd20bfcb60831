"""The verbs of proposals: they take a transaction, change the row, write the audit line, and never call out.

States: offered → executing → done | failed | unknown; offered → awaiting_approval → executing; offered or
awaiting_approval → withdrawn | expired; refused is final from the start. `done` wins over everything but itself:
when the shop says that it was done, it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import queries
from madoguchi.counter.orders.actions import Action
from madoguchi.counter.orders.model import Decision, Order, Proposal, ProposalState, Reason
from madoguchi.counter.orders.ports import ProposalJournal
from madoguchi.counter.orders.rule_book.book import Book
from madoguchi.counter.orders.tables import proposal
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

BUSY: tuple[ProposalState, ...] = ("executing", "unknown")
OPEN: tuple[ProposalState, ...] = ("offered", "awaiting_approval")


@dataclass(frozen=True)
class Reservation:
    """What became of the wish to confirm.

    reserved: this caller now carries it out. already: another confirm came first, see the proposal. Else a reason
    why not: outdated (order or time has moved on), rules_changed (the rules in force bring something else), busy
    (another deed on the order is under way), not_open (refused, withdrawn, expired), key_reused (the key belongs to
    another proposal). other_rules: nothing was looked at, because others are in force than those it was decided under
    just now; decide again.
    """

    outcome: Literal[
        "reserved",
        "already",
        "outdated",
        "rules_changed",
        "other_rules",
        "busy",
        "not_open",
        "key_reused",
        "awaiting",
    ]
    proposal: Proposal


def digest(actor_kind: str, actor_id: str, order: Order, request: dict[str, Any], decision: Decision) -> str:
    """SHA-256 over what is confirmed: who asked, the order's version, the deed, and what it brings."""
    said = {
        "actor": [actor_kind, actor_id],
        "order": [order.number, order.version],
        "request": request,
        "verdict": decision.verdict,
        "refund": decision.refund,
        "charge": decision.charge,
        "parts": [[part["payment_id"], part["tender"], part["amount"]] for part in decision.refund_parts],
        # Dates of the refund clock move at midnight; what is done does not.
        "effects": [
            [effect.code, {k: v for k, v in effect.params.items() if k not in ("by", "statement_by")}]
            for effect in decision.effects
        ],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def store(
    tx: Transaction,
    actor: Actor,
    order: Order,
    action: Action,
    decision: Decision,
    *,
    contact_id: str | None,
    minutes: int,
    rules_version: int,
    journal: ProposalJournal | None,
) -> Proposal:
    """Keep a proposal, refused ones too: what was asked and why not is part of the history."""
    request = action.model_dump(mode="json")
    made = Proposal(
        id=new_id("prop"),
        contact_id=contact_id,
        customer_id=actor.customer_id,
        order_number=order.number,
        order_version=order.version,
        action=action.action,
        request=request,
        decision=decision,
        rules_version=rules_version,
        digest=digest(actor.kind, actor.id, order, request, decision),
        state="offered" if decision.allowed else "refused",
        actor_kind=actor.kind,
        actor_id=actor.id,
        created_at=tx.now,
        expires_at=tx.now + timedelta(minutes=minutes),
    )
    row = made.model_dump()
    row["decision"] = decision.model_dump(mode="json")
    tx.execute(insert(proposal).values(**row))
    if decision.allowed:
        _tell(tx, journal, made, "proposal.made")
    _audit(tx, actor, made, f"proposal.{made.state}")
    return made


def reserve(
    tx: Transaction,
    proposal_id: str,
    actor: Actor,
    key: str,
    *,
    order_version: int,
    fresh_digest: str,
    rules_version: int,
    book: Book,
    approving: bool,
    approval_hours: int,
    journal: ProposalJournal | None,
) -> Reservation:
    """Take the order for this deed: of two confirmations exactly one is `reserved`.

    `fresh_digest` is of the decision under `rules_version`: nothing is reserved unless those rules are in force, and
    they stay in force until this transaction has ended.
    """
    tx.lock("order", queries.order_number_of(tx, proposal_id))
    tx.lock("confirm", key)
    found = queries.proposal(tx, proposal_id)
    if not approving and queries.key_taken(tx, key, proposal_id):
        return Reservation("key_reused", found)
    if found.state in (*BUSY, "done", "failed"):
        return Reservation("already", found)
    if found.state == "awaiting_approval" and not approving:
        return Reservation("awaiting", found)
    if found.state not in OPEN:
        return Reservation("not_open", found)
    if book.number_held(tx) != rules_version:
        return Reservation("other_rules", found)
    if tx.now > found.expires_at or order_version != found.order_version:
        return Reservation("outdated", _expire(tx, actor, found, journal))
    if fresh_digest != found.digest:
        by_rules = found.rules_version != rules_version
        why = "rules_changed" if by_rules else "order_changed"
        return Reservation(
            "rules_changed" if by_rules else "outdated", _expire(tx, actor, found, journal, why)
        )
    found = _decided_under(tx, found, rules_version)
    if _order_is_busy(tx, found):
        return Reservation("busy", found)
    if found.decision.verdict == "needs_approval" and not approving:
        return Reservation("awaiting", _ask_approval(tx, actor, found, key, approval_hours, journal))
    return Reservation("reserved", _start(tx, actor, found, key, approving, journal))


def withdraw(tx: Transaction, proposal_id: str, actor: Actor, journal: ProposalJournal | None) -> Proposal:
    """Take back what nobody has carried out yet; anything else stays as it is."""
    tx.lock("order", queries.order_number_of(tx, proposal_id))
    found = queries.proposal(tx, proposal_id)
    if found.state not in OPEN:
        return found
    changed = _change(tx, found, state="withdrawn", finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.withdrawn")
    _audit(tx, actor, changed, "proposal.withdrawn")
    return changed


def finish_done(
    tx: Transaction, proposal_id: str, receipt: dict[str, Any], journal: ProposalJournal | None
) -> Proposal:
    """The shop has done it. Once: the receipt that came first stays."""
    tx.lock("order", queries.order_number_of(tx, proposal_id))
    found = queries.proposal(tx, proposal_id)
    if found.state == "done":
        return found
    kept = {**receipt, "at": receipt.get("at") or tx.now.isoformat()}
    changed = _change(tx, found, state="done", receipt=kept, finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.done")
    _audit_as(tx, changed, "proposal.done", reference=receipt.get("reference"))
    outbox.put(tx, "order.done", {"proposal_id": found.id}, key=f"order.done:{found.id}")
    return changed


def finish_failed(
    tx: Transaction, proposal_id: str, reasons: list[Reason], journal: ProposalJournal | None
) -> Proposal:
    """The shop has not done it and will not; nothing was changed."""
    tx.lock("order", queries.order_number_of(tx, proposal_id))
    found = queries.proposal(tx, proposal_id)
    if found.state not in (*BUSY, *OPEN):
        return found
    receipt = {"reasons": [reason.model_dump(mode="json") for reason in reasons]}
    changed = _change(tx, found, state="failed", receipt=receipt, finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.failed")
    _audit_as(tx, changed, "proposal.failed", reasons=[reason.code for reason in reasons])
    return changed


def finish_unknown(tx: Transaction, proposal_id: str) -> Proposal:
    """No answer came: `resolve_unknown` will ask the shop what became of the key."""
    tx.lock("order", queries.order_number_of(tx, proposal_id))
    found = queries.proposal(tx, proposal_id)
    if found.state != "executing":
        return found
    changed = _change(tx, found, state="unknown")
    _audit_as(tx, changed, "proposal.unknown")
    _wake(tx, changed)
    return changed


def note_receipt(tx: Transaction, order_number: str, actor: Actor) -> bool:
    """Remember that a receipt was issued; True when it is the first one (PAY-014)."""
    tx.lock("receipt", order_number)
    first = not queries.receipt_issued(tx, order_number)
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="receipt.issued",
        object_kind="order",
        object_id=order_number,
        first=first,
    )
    return first


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _start(
    tx: Transaction, actor: Actor, found: Proposal, key: str, approving: bool, journal: ProposalJournal | None
) -> Proposal:
    values: dict[str, Any] = {"state": "executing", "confirmed_at": tx.now}
    if approving:
        values["approved_by"] = actor.id
    else:
        values |= {"confirm_key": key, "confirmed_by": actor.id}
    changed = _change(tx, found, **values)
    fact = "proposal.approved" if approving else "proposal.confirmed"
    _tell(tx, journal, changed, fact)
    _audit(tx, actor, changed, fact)
    return changed


def _ask_approval(
    tx: Transaction, actor: Actor, found: Proposal, key: str, hours: int, journal: ProposalJournal | None
) -> Proposal:
    changed = _change(
        tx,
        found,
        state="awaiting_approval",
        confirm_key=key,
        confirmed_by=actor.id,
        confirmed_at=tx.now,
        expires_at=tx.now + timedelta(hours=hours),
    )
    _tell(tx, journal, changed, "proposal.approval_asked")
    _audit(tx, actor, changed, "proposal.approval_asked")
    return changed


def _decided_under(tx: Transaction, found: Proposal, rules_version: int) -> Proposal:
    """The rules in force have said the same again."""
    if found.rules_version == rules_version:
        return found
    return _change(tx, found, rules_version=rules_version)


def _expire(
    tx: Transaction,
    actor: Actor,
    found: Proposal,
    journal: ProposalJournal | None,
    why: str = "order_changed",
) -> Proposal:
    if found.state == "awaiting_approval":
        # The customer was told that somebody would decide: they are owed the news.
        return finish_failed(tx, found.id, [Reason(code=why)], journal)
    changed = _change(tx, found, state="expired", finished_at=tx.now)
    _audit(tx, actor, changed, "proposal.expired")
    _wake(tx, changed)
    return changed


def _order_is_busy(tx: Transaction, found: Proposal) -> bool:
    other = select(proposal.c.id).where(
        proposal.c.order_number == found.order_number, proposal.c.state.in_(BUSY), proposal.c.id != found.id
    )
    return tx.first(other.limit(1)) is not None


def _change(tx: Transaction, found: Proposal, **values: Any) -> Proposal:
    tx.execute(update(proposal).where(proposal.c.id == found.id).values(**values))
    return found.model_copy(update=values)


def _tell(tx: Transaction, journal: ProposalJournal | None, changed: Proposal, fact: str) -> None:
    if journal is not None:
        journal.proposal_changed(tx, changed, fact)
    _wake(tx, changed)


def _wake(tx: Transaction, changed: Proposal) -> None:
    if changed.contact_id:
        tx.wake(f"contact:{changed.contact_id}")


def _audit(tx: Transaction, actor: Actor, changed: Proposal, action: str) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="proposal",
        object_id=changed.id,
        order=changed.order_number,
        deed=changed.action,
        refund=changed.decision.refund,
        customer_id=actor.customer_id,
    )


def _audit_as(tx: Transaction, changed: Proposal, action: str, **detail: Any) -> None:
    """What the system notes after the deed, in the name of nobody but itself."""
    audit.record(
        tx,
        actor_kind="system",
        actor_id="orders",
        action=action,
        object_kind="proposal",
        object_id=changed.id,
        order=changed.order_number,
        **detail,
    )
