"""What customers of the embedded shop may pay with: cards on file, gift cards and points with their balances."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_wallet",
        sa.Column("customer_ref", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_ref", name=op.f("pk_shop_wallet")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
