"""Customers' messages that are worth a person's look, and how far the ledger has been read for them"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learning_cursor",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_learning_cursor")),
    )
    op.create_table(
        "learning_turn",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("understood", sa.String(length=80), nullable=False),
        sa.Column("suggested", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_turn")),
        sa.UniqueConstraint("contact_id", "seq", name=op.f("uq_learning_turn_contact_id_seq")),
    )
    op.create_index("ix_learning_turn_state", "learning_turn", ["state", "said_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
