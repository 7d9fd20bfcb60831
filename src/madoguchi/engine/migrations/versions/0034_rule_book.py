"""Versions of the shop's rules, and under which of them a proposal was decided"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "rule_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.String(length=60), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rule_version")),
    )
    only_one = sa.text("state = 'in_force'")
    op.create_index(
        "uq_rule_version_in_force",
        "rule_version",
        ["state"],
        unique=True,
        sqlite_where=only_one,
        postgresql_where=only_one,
    )
    now = time.time_ns() // 1000
    # The first version is empty: the rules that the shop has had so far.
    first = {"number": 1, "text": "", "why": "", "based_on": 0, "state": "in_force", "revision": 1}
    op.bulk_insert(
        table,
        [{**first, "drafted_by": "system", "drafted_at": now, "decided_by": "system", "decided_at": now}],
    )
    # Decided under the first version, as all proposals so far.
    op.add_column("proposal", sa.Column("rules_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
