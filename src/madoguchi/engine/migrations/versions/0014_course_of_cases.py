"""The course of a case, who has it and where it goes on; what customers want to hear from us"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_event",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.String(length=60), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_case_event")),
    )
    op.create_index("ix_case_event_case", "case_event", ["case_id", "seq"])
    op.create_table(
        "customer_preference",
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "name", name=op.f("pk_customer_preference")),
    )
    for name, length in (("channel", 20), ("queue", 40), ("owner_id", 60), ("merged_into", 60)):
        op.add_column(
            "case_file", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    op.add_column("case_file", sa.Column("follow_up_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
