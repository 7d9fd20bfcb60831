"""The verbs of proposals on accounts: they take a transaction, change the row, write the audit line, never call out.

States: offered → executing → done | failed | unknown; offered → withdrawn | expired; refused is final from the
start. Of two confirmations exactly one is `reserved`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.customers.account_deeds import AccountDeed
from madoguchi.counter.customers.account_model import PREFIX, AccountProposal, account_proposal
from madoguchi.counter.customers.ports import AccountJournal
from madoguchi.counter.problems import NotFound
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

DONE_TOPIC = "account.done"
_BUSY = ("executing", "unknown")
_TOLD_BY_MAIL = ("lock_account", "sign_out_everywhere", "change_default_address")


@dataclass(frozen=True)
class Reservation:
    """What became of the wish to confirm."""

    outcome: Literal["reserved", "already", "outdated", "not_open"]
    proposal: AccountProposal


def find(tx: Transaction, proposal_id: str) -> AccountProposal:
    """Raises NotFound."""
    row = tx.first(select(account_proposal).where(account_proposal.c.id == proposal_id))
    if row is None:
        raise NotFound("proposal_not_found")
    return AccountProposal.model_validate(dict(row._mapping))


def unresolved(tx: Transaction, confirmed_before: datetime) -> list[AccountProposal]:
    """Deeds whose end nobody has written down."""
    rows = tx.all(
        select(account_proposal)
        .where(account_proposal.c.state.in_(_BUSY), account_proposal.c.confirmed_at <= confirmed_before)
        .order_by(account_proposal.c.confirmed_at)
        .limit(100)
    )
    return [AccountProposal.model_validate(dict(row._mapping)) for row in rows]


def store(
    tx: Transaction,
    actor: Actor,
    deed: AccountDeed,
    customer_id: str | None,
    *,
    rung: int,
    reasons: list[str],
    contact_id: str | None,
    visitor_id: str,
    minutes: int,
    journal: AccountJournal | None,
) -> AccountProposal:
    """Keep a proposal, refused ones too: what was asked and why not is part of the history."""
    made = AccountProposal(
        id=new_id(PREFIX),
        contact_id=contact_id,
        customer_id=customer_id,
        visitor_id=visitor_id,
        deed=deed.deed,
        request=deed.model_dump(mode="json"),
        rung=rung,
        reasons=reasons,
        state="refused" if reasons else "offered",
        actor_kind=actor.kind,
        actor_id=actor.id,
        created_at=tx.now,
        expires_at=tx.now + timedelta(minutes=minutes),
    )
    tx.execute(insert(account_proposal).values(**made.model_dump()))
    if not reasons:
        _tell(tx, journal, made, "proposal.made")
    _audit(tx, actor, made, f"account.{made.state}")
    return made


def reserve(
    tx: Transaction, proposal_id: str, actor: Actor, key: str, journal: AccountJournal | None
) -> Reservation:
    """Take the account for this deed."""
    found = find(tx, proposal_id)
    tx.lock("account", found.customer_id or found.visitor_id)
    found = find(tx, proposal_id)
    if found.state in (*_BUSY, "done", "failed"):
        return Reservation("already", found)
    if found.state != "offered":
        return Reservation("not_open", found)
    if tx.now > found.expires_at:
        return Reservation("outdated", _change(tx, found, state="expired", finished_at=tx.now))
    changed = _change(
        tx, found, state="executing", confirmed_at=tx.now, confirm_key=key, confirmed_by=actor.id
    )
    _tell(tx, journal, changed, "proposal.confirmed")
    _audit(tx, actor, changed, "account.confirmed")
    return Reservation("reserved", changed)


def finish_done(
    tx: Transaction, proposal_id: str, receipt: dict[str, Any], journal: AccountJournal | None
) -> AccountProposal:
    """It was done. Once: the receipt that came first stays. The owner is told by mail (ACC-009, ACC-018)."""
    found = find(tx, proposal_id)
    if found.state == "done":
        return found
    kept = {**receipt, "at": receipt.get("at") or tx.now.isoformat()}
    changed = _change(tx, found, state="done", receipt=kept, finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.done")
    _audit_end(tx, changed, "account.done")
    if changed.customer_id and changed.deed in _TOLD_BY_MAIL:
        outbox.put(tx, DONE_TOPIC, {"proposal_id": found.id}, key=f"{DONE_TOPIC}:{found.id}")
    return changed


def finish_failed(
    tx: Transaction, proposal_id: str, code: str, journal: AccountJournal | None
) -> AccountProposal:
    """It was not done and will not be."""
    found = find(tx, proposal_id)
    if found.state not in _BUSY:
        return found
    changed = _change(tx, found, state="failed", receipt={"reasons": [code]}, finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.failed")
    _audit_end(tx, changed, "account.failed", reason=code)
    return changed


def finish_unknown(tx: Transaction, proposal_id: str) -> AccountProposal:
    """No answer came: `resolve_unknown` will ask what became of the key."""
    found = find(tx, proposal_id)
    if found.state != "executing":
        return found
    changed = _change(tx, found, state="unknown")
    _audit_end(tx, changed, "account.unknown")
    return changed


def withdraw(
    tx: Transaction, proposal_id: str, actor: Actor, journal: AccountJournal | None
) -> AccountProposal:
    """Take back what nobody has carried out yet; anything else stays as it is."""
    found = find(tx, proposal_id)
    if found.state != "offered":
        return found
    changed = _change(tx, found, state="withdrawn", finished_at=tx.now)
    _tell(tx, journal, changed, "proposal.withdrawn")
    _audit(tx, actor, changed, "account.withdrawn")
    return changed


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _change(tx: Transaction, found: AccountProposal, **values: Any) -> AccountProposal:
    """Written only while it still is as it was found; the other one's change stays."""
    done = tx.execute(
        update(account_proposal)
        .where(account_proposal.c.id == found.id, account_proposal.c.state == found.state)
        .values(**values)
    )
    return found.model_copy(update=values) if done.rowcount else find(tx, found.id)


def _tell(tx: Transaction, journal: AccountJournal | None, changed: AccountProposal, fact: str) -> None:
    if journal is not None:
        journal.account_changed(tx, changed, fact)
    if changed.contact_id:
        tx.wake(f"contact:{changed.contact_id}")


def _audit(tx: Transaction, actor: Actor, changed: AccountProposal, action: str) -> None:
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="account_proposal",
        object_id=changed.id,
        deed=changed.deed,
        customer_id=changed.customer_id,
        rung=int(actor.rung),
        reasons=changed.reasons,
    )


def _audit_end(tx: Transaction, changed: AccountProposal, action: str, **detail: Any) -> None:
    """What the system notes after the deed, in the name of nobody but itself."""
    audit.record(
        tx,
        actor_kind="system",
        actor_id="accounts",
        action=action,
        object_kind="account_proposal",
        object_id=changed.id,
        deed=changed.deed,
        customer_id=changed.customer_id,
        **detail,
    )
