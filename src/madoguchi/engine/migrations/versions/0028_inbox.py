"""Saved views of the inbox, labels, settings of each desk, and what bulk deeds changed"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_view",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=12), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_view")),
    )
    op.create_index("ix_inbox_view_agent", "inbox_view", ["agent_id"], unique=False)
    op.create_table(
        "desk_setting",
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("switches", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_desk_setting")),
    )
    op.create_table(
        "contact_label",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "label", name=op.f("pk_contact_label")),
    )
    op.create_index("ix_contact_label_label", "contact_label", ["label"], unique=False)
    op.create_table(
        "bulk_step",
        sa.Column("bulk_id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("owner_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("bulk_id", "contact_id", name=op.f("pk_bulk_step")),
    )
    op.create_index("ix_bulk_step_at", "bulk_step", ["at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
