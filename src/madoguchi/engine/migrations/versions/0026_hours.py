"""Calendars and the rules for whom they hold, schedules of agents, the house's own statuses, topics of queues"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("calendar_id", sa.String(length=40), nullable=False),
        sa.Column("first", sa.String(length=10), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("spans", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
    )
    op.create_index("ix_calendar_day_calendar", "calendar_day", ["calendar_id", "first"], unique=False)
    op.create_table(
        "hours_rule",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("segment", sa.String(length=40), nullable=False),
        sa.Column("calendar_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_rule")),
        sa.UniqueConstraint("queue", "channel", "language", "segment", name="uq_hours_rule"),
    )
    op.create_table(
        "calendar_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_state")),
    )
    op.create_table(
        "shift_week",
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("breaks", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_shift_week")),
    )
    op.create_table(
        "shift_day",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("first", sa.String(length=10), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("spans", sa.String(length=200), nullable=False),
        sa.Column("breaks", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_day")),
    )
    op.create_index("ix_shift_day_agent", "shift_day", ["agent_id", "first"], unique=False)
    op.create_table(
        "status_kind",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=12), nullable=False),
        sa.Column("remind_minutes", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_kind")),
    )
    op.create_table(
        "queue_topic",
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_queue_topic")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
