"""Who does what, the assistant or people, as it was changed at the console"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labour_rule",
        sa.Column("matter", sa.String(length=80), nullable=False),
        sa.Column("labour", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("matter", name=op.f("pk_labour_rule")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
