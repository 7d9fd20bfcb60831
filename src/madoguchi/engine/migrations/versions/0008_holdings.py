"""The embedded shop's memberships, subscriptions, devices and digital services"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_holding",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_holding")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
