"""The table of proposals."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from madoguchi.engine.ownership import OfPerson, Through, belongs
from madoguchi.engine.schema import JsonText, Moment, metadata

proposal = Table(
    "proposal",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("contact_id", String(60)),
    Column("customer_id", String(60)),
    Column("order_number", String(60), nullable=False),
    Column("order_version", Integer, nullable=False),
    Column("action", String(40), nullable=False),
    Column("request", JsonText, nullable=False),
    Column("decision", JsonText, nullable=False),
    Column("rules_version", Integer, nullable=False),  # of the rules that it was decided under (rule_book)
    Column(
        "digest", String(64), nullable=False
    ),  # of actor, order version, action, request, amounts: what is confirmed
    Column("state", String(20), nullable=False),
    Column("actor_kind", String(12), nullable=False),
    Column("actor_id", String(60), nullable=False),
    Column("confirm_key", String(120)),
    Column("confirmed_by", String(60)),
    Column("approved_by", String(60)),
    Column("receipt", JsonText),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("finished_at", Moment),
    Index("ix_proposal_order", "order_number", "state"),
    Index("ix_proposal_contact", "contact_id"),
    Index("ix_proposal_state", "state", "confirmed_at"),
    info=belongs(
        OfPerson(
            customer="customer_id",
            through=Through("contact_id", "contact"),
            erase="blank",
            blank={"contact_id": None},
            why="A record of business that the shop has to keep for as long as tax law says.",
            stays={
                "request": "What was asked to be done to the order.",
                "decision": "Amounts, and the rules they follow from.",
                "receipt": "The proof that it was done.",
            },
        )
    ),
)
