"""The language that customers have chosen by themselves, beside the one that the shop knows"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "customer",
        sa.Column("preferred_language", sa.String(length=10), nullable=False, server_default=""),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
