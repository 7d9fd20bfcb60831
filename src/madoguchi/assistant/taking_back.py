"""Proposals of the assistant that lie on customers' tables are taken back once the shop leaves such deeds to people (HND-007)."""

from __future__ import annotations

from sqlalchemy import Column, Table, select

from madoguchi.assistant.labour import may_act
from madoguchi.assistant.labour_keeping import divided
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.account_model import account_proposal
from madoguchi.counter.orders.tables import proposal
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.settings import Settings


def take_back(database: Database, orders: OrderDesk, accounts: AccountDesk, settings: Settings) -> int:
    """Withdraw every proposal that nobody has confirmed and that it may not carry out now; how many there were."""
    of_orders, of_accounts = database.read(_no_longer_allowed, settings)
    for proposal_id in of_orders:
        orders.withdraw(SYSTEM, proposal_id)
    for proposal_id in of_accounts:
        accounts.withdraw(SYSTEM, proposal_id)
    return len(of_orders) + len(of_accounts)


def _no_longer_allowed(tx: Transaction, settings: Settings) -> tuple[list[str], list[str]]:
    table = divided(tx, settings)

    def found(made: Table, deed: Column[str]) -> list[str]:
        offered = (
            select(made.c.id, deed.label("deed"), contact.c.topic)
            .join(contact, contact.c.id == made.c.contact_id)
            .where(made.c.state == "offered", made.c.actor_kind == "assistant", made.c.expires_at > tx.now)
        )
        return [row.id for row in tx.all(offered) if not may_act(table, row.topic, row.deed)]

    return found(proposal, proposal.c.action), found(account_proposal, account_proposal.c.deed)
