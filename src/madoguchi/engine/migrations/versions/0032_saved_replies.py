"""Saved replies and how often each was used"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("owner_id", sa.String(length=60), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("reading", sa.String(length=120), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("translated", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deeds", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.String(length=60), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    op.create_index("ix_saved_reply_owner", "saved_reply", ["owner_id"], unique=False)
    op.create_table(
        "saved_reply_use",
        sa.Column("reply_id", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_saved_reply_use")),
    )
    op.create_table(
        "contact_follower",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "agent_id", name=op.f("pk_contact_follower")),
    )
    op.create_index("ix_contact_follower_agent", "contact_follower", ["agent_id"], unique=False)
    op.create_table(
        "customer_note",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("author_id", sa.String(length=60), nullable=False),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_note")),
    )
    op.create_index("ix_customer_note_customer", "customer_note", ["customer_id", "written_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
