"""Promises of cases, with those that live cases have been given already; how far each case has been read"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SOLUTIONS = """
INSERT INTO case_promise (case_id, kind, started_at, due_at, state, channel, paused_s, settled_at, settled_by, noted_at)
SELECT id, 'solution', opened_at, promised_at,
  CASE WHEN resolved_at IS NULL THEN 'running' WHEN resolved_at <= promised_at THEN 'kept' ELSE 'broken' END,
  channel, 0, resolved_at, '', opened_at
FROM case_file WHERE promised_at IS NOT NULL AND (resolved_at IS NOT NULL OR state NOT IN ('resolved', 'closed'))
"""
_NOT_TOLD_AGAIN = """
UPDATE case_promise SET state = 'broken', told_at = due_at WHERE state = 'running' AND case_id IN
  (SELECT id FROM case_file WHERE summary LIKE '%"overdue_since"%')
"""


def upgrade() -> None:
    op.create_table(
        "case_promise",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("paused_s", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=12), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("told_due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "kind", "started_at", name=op.f("pk_case_promise")),
    )
    op.create_index("ix_case_promise_state", "case_promise", ["state", "due_at"])
    op.create_table(
        "case_clock",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("case_at", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.String(length=16), nullable=False),
        sa.Column("waits_for", sa.String(length=12), nullable=False),
        sa.Column("last_event_at", sa.BigInteger(), nullable=False),
        sa.Column("stalled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_clock")),
    )
    op.create_index("ix_case_clock_waiting", "case_clock", ["waits_for", "last_event_at"])
    op.create_index("ix_case_file_state", "case_file", ["state", "updated_at"])
    op.execute(_SOLUTIONS)
    op.execute(_NOT_TOLD_AGAIN)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
