"""Signs of life of the house's own parts; whom a customer wants no more"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("worked_at", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_pulse")),
    )
    op.add_column("queue_place", sa.Column("not_to", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
