"""The live desk: alerts, lent skills, notices to agents, reviews, strained contacts, and when the house was at work"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _team()
    _alerts()
    _quality()
    op.create_table(
        "running_spell",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_running_spell")),
    )
    op.create_index("ix_running_spell_last_at", "running_spell", ["last_at"], unique=False)


def _team() -> None:
    op.create_table(
        "agent_notice",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=60), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_notice")),
    )
    op.create_index("ix_agent_notice_agent", "agent_notice", ["agent_id", "seen_at"], unique=False)
    op.create_table(
        "lent_skill",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lent_skill")),
    )
    op.create_index("ix_lent_skill_until", "lent_skill", ["until"], unique=False)


def _alerts() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_alert_rule")),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_ended", "alert", ["ended_at", "raised_at"], unique=False)


def _quality() -> None:
    op.create_table(
        "review_criterion",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_criterion")),
    )
    op.create_table(
        "scorecard",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("reviewer_id", sa.String(length=60), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
    )
    op.create_index("ix_scorecard_agent", "scorecard", ["agent_id", "at"], unique=False)
    op.create_index("ix_scorecard_contact", "scorecard", ["contact_id", "agent_id"], unique=False)
    op.create_table(
        "strain",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("warned_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_strain")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
