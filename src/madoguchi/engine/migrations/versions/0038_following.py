"""Followers of cases, mails on what is followed, sections of the customer's pane"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_follower",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("seen_event", sa.Integer(), nullable=False),
        sa.Column("mailed_event", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "agent_id", name=op.f("pk_case_follower")),
    )
    op.create_index("ix_case_follower_agent", "case_follower", ["agent_id"], unique=False)
    op.create_table(
        "case_follower_contact",
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("mailed_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "contact_id", name=op.f("pk_case_follower_contact")),
    )
    op.create_index("ix_case_follower_contact_contact", "case_follower_contact", ["contact_id"], unique=False)
    op.create_table(
        "agent_mail_wish",
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("mentions", sa.Boolean(), nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agent_mail_wish")),
    )
    op.add_column(
        "contact_follower", sa.Column("mailed_seq", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("agent_notice", sa.Column("mailed_at", sa.BigInteger(), nullable=True))
    op.add_column("desk_setting", sa.Column("sections", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
