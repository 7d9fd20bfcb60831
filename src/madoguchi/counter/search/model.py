"""What can be found: one row for every entry with words, and two cards for every contact; how far the index has come.

The full-text index itself, `search_index`, is made by the migration beside these tables (FTS5 on SQLite, tsvector with
GIN on PostgreSQL) and follows `search_entry` by triggers: a row that is gone, whoever deleted it, is gone from both.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text, UniqueConstraint

from madoguchi.engine.ownership import OfHouse, OfPerson, Through, belongs
from madoguchi.engine.schema import Moment, metadata

PUBLIC_CARD = 0  # case, order and tracking numbers, agents' names, subjects of mails
STAFF_CARD = -1  # the same, and who the customer is

search_entry = Table(
    "search_entry",
    metadata,
    # the second it happened, and a place within that second: the newest hit has the highest number
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("contact_id", String(60), nullable=False),
    Column("seq", Integer, nullable=False),  # of the ledger; PUBLIC_CARD and STAFF_CARD for the cards
    Column("public", Boolean, nullable=False),
    Column("files", Boolean, nullable=False),
    Column("terms", Text, nullable=False),
    UniqueConstraint("contact_id", "seq"),
    info=belongs(OfPerson(through=Through("contact_id", "contact"), withheld=("terms",))),
)

search_progress = Table(
    "search_progress",
    metadata,
    Column("contact_id", String(60), primary_key=True),
    Column("reached", Integer, nullable=False),  # everything up to this seq is in the index
    Column("at", Moment, nullable=False),  # when the cards were written
    info=belongs(OfPerson(through=Through("contact_id", "contact"))),
)

search_state = Table(
    "search_state",
    metadata,
    Column(
        "name", String(20), primary_key=True
    ),  # cut: version of the cutting; scrub: what erasing left to do
    Column("value", String(40), nullable=False),
    info=belongs(OfHouse("how the index was made, nobody's words")),
)
