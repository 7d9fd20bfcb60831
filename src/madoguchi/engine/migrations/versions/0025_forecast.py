"""What a place was first promised, by channel; forecasts of contacts by hour and queue"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("told_at", "promised_low_s", "promised_high_s"):
        kind = sa.BigInteger() if column == "told_at" else sa.Integer()
        op.add_column("queue_place", sa.Column(column, kind, nullable=True))
    op.add_column(
        "wait_sample", sa.Column("channel", sa.String(length=20), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE wait_sample SET channel = COALESCE("
        "(SELECT contact.channel FROM contact WHERE contact.id = wait_sample.contact_id), '')"
    )
    op.create_index("ix_wait_sample_at", "wait_sample", ["at"], unique=False)
    op.create_table(
        "forecast",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.Column("contacts", sa.Float(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "hour", "queue_id", name=op.f("pk_forecast")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
