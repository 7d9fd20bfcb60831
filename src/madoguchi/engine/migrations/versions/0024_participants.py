"""Participants of a contact, spells of agents' statuses, after-contact work, whom a place prefers"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("invited_by", sa.String(length=60), nullable=False),
        sa.Column("invited_at", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    op.create_index("ix_participant_contact", "participant", ["contact_id"])
    op.create_index("ix_participant_agent", "participant", ["agent_id", "left_at"])
    op.create_table(
        "agent_spell",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_spell")),
    )
    op.create_index("ix_agent_spell_agent", "agent_spell", ["agent_id", "started_at"])
    op.execute(
        "INSERT INTO agent_spell (agent_id, status, kind, started_at)"
        " SELECT agent_id, status, kind, since FROM agent_status"
    )
    op.create_table(
        "after_contact_work",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_contact_work")),
    )
    op.create_index("ix_after_contact_work_agent", "after_contact_work", ["agent_id", "ended_at"])
    op.create_index("ix_after_contact_work_contact", "after_contact_work", ["contact_id"])
    op.add_column("agent_status", sa.Column("passed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("agent_status", sa.Column("idle_since", sa.BigInteger(), nullable=True))
    op.add_column(
        "queue_place", sa.Column("preferred", sa.String(length=60), nullable=False, server_default="")
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
