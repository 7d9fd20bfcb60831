"""Which agents are on a call"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_call",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_agent_call")),
    )
    op.create_index("ix_agent_call_agent", "agent_call", ["agent_id"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
