"""What customers thought of our help, one survey a solved case; feedback given at any time"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=True),
        sa.Column("visitor_id", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("wants_answer", sa.Boolean(), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_customer", "feedback", ["customer_id"], unique=False)
    op.create_index("ix_feedback_state", "feedback", ["state", "at"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=True),
        sa.Column("visitor_id", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("aspects", sa.Text(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.String(length=8), nullable=False),
        sa.Column("solved_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("mail_due_at", sa.BigInteger(), nullable=True),
        sa.Column("mailed_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("case_id", name=op.f("uq_survey_case_id")),
    )
    op.create_index("ix_survey_mail_due_at", "survey", ["mail_due_at"], unique=False)
    op.create_index("ix_survey_solved_at", "survey", ["solved_at"], unique=False)
    op.create_index("ix_survey_visitor", "survey", ["visitor_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
